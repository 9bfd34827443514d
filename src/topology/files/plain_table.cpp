#include "topology/files/plain_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <limits>

#include "topology/generators.hpp"

namespace motley::topology {
namespace {

/// Which of the integers from `least` to `most` are in a set that the readers have in parts.
class IdSet {
  public:
    IdSet(std::uint32_t least, std::uint32_t most)
        : least_(least), words_((std::size_t{most} - least) / 64 + 1, 0) {}

    void add(std::uint32_t id) {
        words_[(id - least_) / 64] |= std::uint64_t{1} << ((id - least_) % 64);
    }
    /// Gives each reader the set of all of them.
    void unite(const Peers& readers) {
        if (readers.count() == 1) return;
        const auto parts = static_cast<std::size_t>(readers.count());
        const std::size_t size = (words_.size() + parts - 1) / parts;
        std::vector<Peers::Words> send(parts);
        for (std::size_t r = 0; r < parts; ++r) {
            const auto begin = std::min(r * size, words_.size());
            const auto end = std::min(begin + size, words_.size());
            send[r].assign(words_.begin() + static_cast<std::ptrdiff_t>(begin),
                           words_.begin() + static_cast<std::ptrdiff_t>(end));
        }
        std::vector<std::int64_t> counts;
        const Peers::Words received = readers.exchange(send, counts);
        Peers::Words own(received.size() / parts, 0);
        for (std::size_t i = 0; i < received.size(); ++i) own[i % own.size()] |= received[i];
        words_ = readers.gather(own);
    }
    const std::vector<std::uint64_t>& words() const { return words_; }
    std::uint32_t least() const { return least_; }
    ColumnIds ids() const {
        ColumnIds ids;
        for (std::size_t w = 0; w < words_.size(); ++w) {
            if (words_[w] == 0) continue;
            const auto base = static_cast<std::int64_t>(least_ + 64 * w);
            if (ids.count == 0) ids.low = base + std::countr_zero(words_[w]);
            ids.high = base + 63 - std::countl_zero(words_[w]);
            ids.count += std::popcount(words_[w]);
        }
        return ids;
    }

  private:
    std::uint32_t least_;
    std::vector<std::uint64_t> words_;
};

/// Numbers ids by ascending value.
class IdNumbers {
  public:
    IdNumbers(const IdSet& first, const IdSet& second)
        : least_(first.least()), words_(first.words()), before_(words_.size()) {
        for (std::size_t w = 0; w < words_.size(); ++w) {
            words_[w] |= second.words()[w];
            before_[w] = count_;
            count_ += static_cast<std::uint32_t>(std::popcount(words_[w]));
        }
    }
    std::uint32_t count() const { return count_; }
    std::uint32_t number(std::uint32_t id) const {
        const std::size_t word = (id - least_) / 64;
        const std::uint64_t below = (std::uint64_t{1} << ((id - least_) % 64)) - 1;
        return before_[word] + static_cast<std::uint32_t>(std::popcount(words_[word] & below));
    }
    /// Empty where each id is its own number.
    std::vector<std::string> names() const {
        std::vector<std::string> names;
        if (least_ == 0 && is_dense()) return names;
        names.reserve(count_);
        for (std::size_t w = 0; w < words_.size(); ++w) {
            for (std::uint64_t left = words_[w]; left != 0; left &= left - 1) {
                const auto bit = static_cast<std::size_t>(std::countr_zero(left));
                names.push_back(std::to_string(least_ + 64 * w + bit));
            }
        }
        return names;
    }

  private:
    bool is_dense() const {
        std::uint32_t high = 0;
        for (std::size_t w = words_.size(); w-- > 0 && high == 0;) {
            if (words_[w] != 0) {
                high = static_cast<std::uint32_t>(64 * w + 64) -
                       static_cast<std::uint32_t>(std::countl_zero(words_[w]));
            }
        }
        return high == count_;
    }

    std::uint32_t least_;
    std::vector<std::uint64_t> words_;
    std::vector<std::uint32_t> before_;  ///< ids in the words before each
    std::uint32_t count_ = 0;
};

class PlainTable {
  public:
    PlainTable(const Spec& spec, const PlainForm& form, PlainRows& rows, const Peers& readers)
        : spec_(spec), form_(form), rows_(rows), readers_(readers) {}

    std::optional<EdgeTable> read() {
        const std::vector<PlainSummary> slices = tell(readers_, rows_.summary());
        all_ = slices.front();
        all_.numbers = {};
        all_.lines = form_.lines_above;
        all_.edges = all_.zeros = 0;
        for (const PlainSummary& slice : slices) all_.append(slice);
        EdgeTable& table = rows_.table();
        table.undirected =
            form_.matrix ? form_.matrix->symmetric || !spec_.directed : !spec_.directed;
        const bool good = form_.matrix ? finish_matrix(table) : finish_table(table);
        if (!good) return std::nullopt;
        if (!(form_.matrix && form_.matrix->symmetric)) merge_opposites_of_all(table);
        return std::move(table);
    }

  private:
    /// False where the readers of the formats must say what is wrong.
    bool are_numbers_good() const {
        const auto& [weight, survival, capacity] = all_.numbers;
        const auto [times, late] = times_in(form_.free, weight, survival);
        if (spec_.edge_weights && (times || weight.no_weights > 0)) return false;
        if (survival.given() && !late && !(survival.least > 0.0 && survival.most <= 1.0)) {
            return false;
        }
        return capacity.no_weights == 0;
    }

    bool finish_matrix(EdgeTable& table) {
        const auto& [rows, entries, symmetric] = *form_.matrix;
        if (!all_.plain || all_.edges + all_.zeros != entries || !are_numbers_good()) return false;
        table.agents = rows;
        use_numbers(spec_, false, all_.numbers, table);
        if (all_.zeros > 0) {
            table.remarks.push_back(fmt::format("{} entries are 0, and no arcs", all_.zeros));
        }
        return true;
    }

    bool finish_table(EdgeTable& table) {
        if (!all_.plain || all_.edges < 2 || !are_numbers_good()) return false;
        if (form_.words) {
            number_names(table);
            if (!settle_first_names(table)) return false;
            remark_numbers(table);
            return true;
        }
        if (!settle_first_row(table)) return false;
        const std::int64_t range = std::int64_t{all_.most} - all_.least + 1;
        constexpr std::int64_t most_range_per_edge = 16;
        if (range > most_range_per_edge * all_.edges) return false;
        remark_numbers(table);
        number_vertices(table);
        return true;
    }

    void remark_numbers(EdgeTable& table) const {
        if (!form_.remark.empty()) table.remarks.push_back(form_.remark);
        use_numbers(spec_, form_.free, all_.numbers, table);
    }

    void number_names(EdgeTable& table) {
        NumberedNames numbered = number_by_appearance(rows_.names(), readers_);
        for (FileEdge& edge : table.edges) {
            edge.source = numbered.numbers[edge.source];
            edge.target = numbered.numbers[edge.target];
        }
        table.agents = std::ssize(numbered.names);
        table.names = std::move(numbered.names);
    }

    /// False where the first row may have names of columns, or those in the heading may be
    /// vertices.
    bool settle_first_names(const EdgeTable& table) const {
        for (const std::string& name : form_.doubtful) {
            if (std::ranges::find(table.names, name) != table.names.end()) return false;
        }
        if (!form_.free || form_.separator == ' ') return true;
        // The first row is the edge from vertex 0 to vertex 0 or 1.
        const bool first_reader = readers_.place() == 0;
        constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
        const std::uint32_t first_target =
            tell(readers_, first_reader && !table.edges.empty() ? table.edges[0].target : none)
                .front();
        if (first_target == none) return false;
        const auto begin = table.edges.begin() + (first_reader ? 1 : 0);
        const bool again = std::any_of(begin, table.edges.end(), [&](const FileEdge& edge) {
            return edge.source <= first_target || edge.target <= first_target;
        });
        return std::ranges::max(tell(readers_, static_cast<char>(again))) != 0;
    }

    /// Takes the first row for an edge, or for the numbers of vertices and edges. False where the
    /// whole file must decide.
    bool settle_first_row(EdgeTable& table) {
        const std::int64_t rows = all_.edges - 1;
        const std::int64_t vertices = all_.first_source;
        const bool square = all_.first_source == all_.first_target;
        if (!form_.known_name && square && vertices == rows) return false;  // METIS?
        const bool three =
            form_.fields == 3 && square && all_.first_weight == static_cast<double>(rows);
        if (form_.free && three) return false;
        const bool fits = all_.most <= (all_.least == 0 ? vertices - 1 : vertices);
        if (form_.free && form_.fields == 2 && all_.first_target == rows && fits) {
            if (readers_.place() == 0) table.edges.erase(table.edges.begin());
            all_.edges -= 1;
            table.remarks.emplace_back(first_row_counts);
            return true;
        }
        all_.least = std::min({all_.least, all_.first_source, all_.first_target});
        all_.most = std::max({all_.most, all_.first_source, all_.first_target});
        return true;
    }

    void number_vertices(EdgeTable& table) {
        IdSet sources(all_.least, all_.most), targets(all_.least, all_.most);
        for (const FileEdge& edge : table.edges) {
            sources.add(edge.source);
            targets.add(edge.target);
        }
        sources.unite(readers_);
        targets.unite(readers_);
        remark_two_id_spaces(sources.ids(), targets.ids(), table);
        const IdNumbers numbers(sources, targets);
        for (FileEdge& edge : table.edges) {
            edge.source = numbers.number(edge.source);
            edge.target = numbers.number(edge.target);
        }
        table.agents = numbers.count();
        table.names = numbers.names();
    }

    void merge_opposites_of_all(EdgeTable& table) {
        if (!table.undirected) return;
        Opposites own, all;
        own.add(table);
        for (const Opposites& part : tell(readers_, own)) all.add(part);
        if (all.all_paired()) keep_one_of_each(table);
    }

    const Spec& spec_;
    const PlainForm& form_;
    PlainRows& rows_;
    const Peers& readers_;
    PlainSummary all_;
};

}  // namespace

std::optional<EdgeTable> put_together(const Spec& spec, const PlainForm& form, PlainRows& rows,
                                      const Peers& readers) {
    return PlainTable(spec, form, rows, readers).read();
}

std::optional<EdgeTable> read_plain(const Spec& spec, const TextFile& file, FileFormat format) {
    if (std::ssize(file.text()) < least_plain_bytes) return std::nullopt;
    const std::optional<PlainForm> form = plain_form(spec, file, format);
    if (!form) return std::nullopt;
    PlainRows rows(*form, true);
    rows.expect_bytes(std::ssize(file.text()));
    if (!rows.take(file.text().substr(form->body))) return std::nullopt;
    return put_together(spec, *form, rows, Alone());
}

}  // namespace motley::topology

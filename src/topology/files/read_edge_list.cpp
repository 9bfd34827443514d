// Edge lists as SNAP, KONECT and others publish them: an edge per line, comments with # or %. What
// a column beyond the second one means is decided when the whole file was seen, unless
// `Spec::columns` says it. Adjacency lists have a vertex and all of its neighbours per line.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

#include "topology/files/edge_table.hpp"

namespace motley::topology {
namespace {

constexpr std::size_t most_fields = 5;
constexpr std::size_t no_column = std::numeric_limits<std::size_t>::max();
constexpr std::array names = {"weight", "survival", "capacity"};
constexpr double absent = std::numeric_limits<double>::quiet_NaN();

bool is_comment(std::string_view line) {
    line = trim(line);
    return line.empty() || line.starts_with('#') || line.starts_with('%');
}

/// The numbers of one column, and where the first one is that cannot be a weight or a survival.
struct Numbers {
    std::vector<double> values;       ///< one per edge; nan where the line ends before the column
    bool whole = true, round = true;  ///< whole numbers; multiples of 1000
    double least = std::numeric_limits<double>::infinity(), most = -least;
    std::optional<Error> no_weight, no_share;

    double see(const LineReader& line, const Field& field, const char* what) {
        const double value = line.to_double(field, what);
        whole = whole && value == std::floor(value);
        round = round && std::fmod(value, 1000.0) == 0.0;
        least = std::min(least, value);
        most = std::max(most, value);
        if (!(value > 0.0) && !no_weight) {
            no_weight = line.error(
                fmt::format("{} {} must be greater than 0", what, quote(field.text)), field.column);
        }
        if ((!(value > 0.0) || value > 1.0) && !no_share) {
            no_share = line.error(fmt::format("{} {} must lie in (0, 1]", what, quote(field.text)),
                                  field.column);
        }
        return value;
    }
    bool given() const { return std::isfinite(least); }
    /// Whole numbers of the size of seconds from 1980 to 2100 since 1970, not all of them round.
    bool is_time() const {
        constexpr double first = 3.1e8, last = 4.1e9;
        return given() && whole && !round && least >= first && most <= last;
    }
};

/// Refuses a header row that was taken for an edge: words in the first row, integers in all others.
class HeaderGuard {
  public:
    void see(const FileEdge& edge, const VertexNames& vertices, const LineReader& line) {
        const bool source = vertices.is_integer(edge.source);
        const bool target = vertices.is_integer(edge.target);
        if (rows_ == 0 && !source && !target) header_ = line.where(1);
        if (rows_ > 0 && (!source || !target)) header_.line = 0;
        rows_ += 1;
    }
    void check() const {
        if (rows_ < 2 || header_.line == 0) return;
        throw input_error("a header row? All other rows are integers; begin this line with #",
                          header_);
    }

  private:
    std::int64_t rows_ = 0;
    Where header_;
};

class EdgeListReader {
  public:
    EdgeListReader(const Spec& spec, std::int64_t skipped)
        : spec_(spec), file_(spec.file), line_(file_), skipped_(skipped) {
        if (!spec.columns) return;
        source_ = require_column(spec, "source");
        target_ = require_column(spec, "target");
        for (std::size_t n = 0; n < names.size(); ++n) {
            numbers_[n] = named_column(spec, names[n]).value_or(no_column);
        }
    }

    /// Reads all lines. Nothing where they are an adjacency list, or the first one is a header.
    std::optional<EdgeTable> read() {
        EdgeTable table;
        table.undirected = !spec_.directed;
        for (std::int64_t row = 0; line_.next();) {
            if (is_comment(line_.text())) continue;
            if (row++ < skipped_) continue;
            read_line(table);
        }
        if (!spec_.columns && is_adjacency_list(table)) return std::nullopt;
        if (fault_) throw *fault_;
        guard_.check();
        if (table.edges.empty()) {
            throw input_error("the file has no edges, only comments or blank lines", {spec_.file});
        }
        if (!spec_.columns && skipped_ == 0 && is_header(table)) {
            header = true;
            return std::nullopt;
        }
        use_columns(table);
        vertices_.finish(table);
        return table;
    }

    bool header = false;  ///< the first line counts vertices and edges

  private:
    void read_line(EdgeTable& table) {
        const auto& words = line_.words();
        fields_least_ = std::min(fields_least_, words.size());
        fields_most_ = std::max(fields_most_, words.size());
        if (words.size() < 2 || words.size() < std::max(source_, target_) + 1) {
            const bool commas = words.front().text.find(',') != std::string_view::npos;
            keep(line_.error(std::string("too few fields: an edge needs source and target") +
                                 (commas ? "; read a file with commas with format = \"csv\"" : ""),
                             line_.end_column()));
            if (!spec_.columns) lonely_.push_back(vertices_.add(words[0], line_));
            return;
        }
        if (!spec_.columns && words.size() > most_fields) {
            keep(
                line_.error("too many fields: at most source, target, weight, survival and "
                            "capacity; name them with columns = [...], or read an adjacency list "
                            "with format = \"adjacency-list\"",
                            words[most_fields].column));
        }
        FileEdge edge;
        edge.source = vertices_.add(words[source_], line_);
        edge.target = vertices_.add(words[target_], line_);
        table.edges.push_back(edge);
        guard_.see(edge, vertices_, line_);
        if (table.edges.size() == 1) first_ = words_as_numbers(words);
        read_numbers(words, table);
    }

    void read_numbers(const std::vector<Field>& words, EdgeTable& table) {
        const auto value = [&](std::size_t n) {
            const std::size_t column = numbers_[n];
            return column < words.size() ? columns_[n].see(line_, words[column], names[n]) : absent;
        };
        table.edges.back().weight = value(0);
        table.edges.back().survival = value(1);
        const bool capacity = numbers_[2] < words.size();
        if (capacity) table.capacities.push_back(value(2));
        if (table.edges.size() == 1) capacities_ = capacity;
        if (capacity == capacities_ || fault_) return;
        keep(line_.error(capacity ? "this edge has a capacity, those before it have none"
                                  : "this edge has no capacity, those before it have one",
                         capacity ? words[numbers_[2]].column : line_.end_column()));
    }

    /// The whole numbers of the first line; empty where it has others.
    static std::vector<double> words_as_numbers(const std::vector<Field>& words) {
        std::vector<double> out;
        for (const Field& word : words) {
            std::int64_t value = 0;
            if (parse_number(word.text, value) != NumberFault::none) return {};
            out.push_back(static_cast<double>(value));
        }
        return out;
    }

    /// A line "n m" or "n n m" before m edges between at most n vertices, numbered from 0 or 1.
    bool is_header(const EdgeTable& table) const {
        if (first_.size() < 2 || first_.size() > 3) return false;
        const double vertices = first_.front(), edges = first_.back();
        if (first_.size() == 3 && first_[1] != vertices) return false;
        if (static_cast<double>(table.edges.size()) - 1.0 != edges) return false;
        double low = std::numeric_limits<double>::infinity(), high = -low;
        for (std::size_t e = 1; e < table.edges.size(); ++e) {
            for (const std::uint32_t v : {table.edges[e].source, table.edges[e].target}) {
                if (!vertices_.is_integer(v)) return false;
                const auto id = static_cast<double>(vertices_.value(v));
                low = std::min(low, id);
                high = std::max(high, id);
            }
        }
        return low >= 0.0 && high <= (low == 0.0 ? vertices - 1.0 : vertices);
    }

    /// Lines of unlike lengths, each of another vertex, whose further fields are vertices too.
    bool is_adjacency_list(const EdgeTable& table) const {
        constexpr std::size_t enough = 4;  // as many as stand before a capacity
        if (fields_least_ == fields_most_ || fields_most_ < 3 || fields_least_ >= enough) {
            return false;
        }
        if (fields_most_ == most_fields && lonely_.empty()) return false;  // some have capacities
        std::vector<bool> first(vertices_.size(), false);
        const auto again = [&](std::uint32_t vertex) {
            const bool before = first[vertex];
            first[vertex] = true;
            return before;
        };
        for (const FileEdge& edge : table.edges) {
            if (again(edge.source)) return false;
        }
        if (std::ranges::any_of(lonely_, again)) return false;
        const auto is_vertex = [&](double value) {
            return std::isnan(value) || vertices_.has_value(value);
        };
        return std::ranges::all_of(table.edges, [&](const FileEdge& edge) {
            return is_vertex(edge.weight) && is_vertex(edge.survival);
        });
    }

    /// Gives the columns their meaning.
    void use_columns(EdgeTable& table) {
        Numbers& weight = columns_[0];
        Numbers& survival = columns_[1];
        Numbers& capacity = columns_[2];
        const bool free = !spec_.columns;
        const bool times = free && weight.is_time() && !survival.given();
        const bool late = free && survival.is_time();
        if (times && spec_.edge_weights) {
            throw input_error(
                "column 3 looks like a time, and weights = \"edge\" asks for a weight: "
                "say what it is with columns = [\"source\", \"target\", \"weight\"]",
                {spec_.file});
        }
        if (weight.given() && !times && weight.no_weight) throw *weight.no_weight;
        if (survival.given() && !late && survival.no_share) throw *survival.no_share;
        if (capacity.given() && capacity.no_weight) throw *capacity.no_weight;
        for (FileEdge& edge : table.edges) {
            if (std::isnan(edge.weight) || times) edge.weight = 1.0;
            if (std::isnan(edge.survival) || late) edge.survival = spec_.survival;
        }
        std::string text;
        if (weight.given())
            text += times ? "column 3 a time that is not used" : "column 3 the weight";
        if (survival.given()) {
            text += late ? ", column 4 a time that is not used" : ", column 4 the survival";
        }
        if (capacity.given() && free) text += ", column 5 the capacity";
        if (free && !text.empty()) table.remarks.push_back("read as an edge list: " + text);
    }

    /// Keeps the first fault until the form of the file is known.
    void keep(Error error) {
        if (!fault_) fault_ = std::move(error);
    }

    const Spec& spec_;
    TextFile file_;
    LineReader line_;
    VertexNames vertices_;
    HeaderGuard guard_;
    std::int64_t skipped_;
    std::size_t source_ = 0, target_ = 1;
    std::array<std::size_t, 3> numbers_ = {2, 3, 4};
    std::array<Numbers, 3> columns_;  ///< weight, survival, capacity
    std::vector<double> first_;
    std::vector<std::uint32_t> lonely_;
    std::size_t fields_least_ = std::numeric_limits<std::size_t>::max(), fields_most_ = 0;
    bool capacities_ = false;
    std::optional<Error> fault_;
};

}  // namespace

EdgeTable read_edge_list(const Spec& spec) {
    EdgeListReader reader(spec, 0);
    if (auto table = reader.read()) return std::move(*table);
    if (!reader.header) return read_adjacency_list(spec);
    EdgeTable table = *EdgeListReader(spec, 1).read();
    table.remarks.insert(table.remarks.begin(),
                         "the first line is taken for the numbers of vertices and edges, because "
                         "they fit the others; write columns = [\"source\", \"target\"] if it is "
                         "an edge");
    return table;
}

EdgeTable read_adjacency_list(const Spec& spec) {
    const TextFile file(spec.file);
    LineReader line(file);
    VertexNames vertices;
    EdgeTable table;
    table.undirected = !spec.directed;
    while (line.next()) {
        if (is_comment(line.text())) continue;
        const auto& words = line.words();
        const std::uint32_t source = vertices.add(words[0], line);
        for (std::size_t w = 1; w < words.size(); ++w) {
            table.edges.push_back({source, vertices.add(words[w], line), 1.0, spec.survival});
        }
    }
    if (table.edges.empty()) {
        throw input_error("the file has no edges, only comments or lonely vertices", {spec.file});
    }
    if (table.undirected) {  // lists that name an edge at both of its ends
        for (FileEdge& edge : table.edges) {
            if (edge.source > edge.target) std::swap(edge.source, edge.target);
        }
        const auto ends = [](const FileEdge& edge) { return std::pair(edge.source, edge.target); };
        std::ranges::sort(table.edges, {}, ends);
        const auto rest = std::ranges::unique(table.edges, {}, ends);
        table.edges.erase(rest.begin(), rest.end());
    }
    table.remarks.emplace_back("read as an adjacency list: a vertex and its neighbours per line");
    vertices.finish(table);
    return table;
}

}  // namespace motley::topology

// Large files, read in slices that begin and end between lines.
#include "motley/topology/shared_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>

#include "motley/core/file_descriptor.hpp"
#include "motley/topology/pipes.hpp"
#include "topology/files/graph_text.hpp"
#include "topology/files/held_share.hpp"
#include "topology/files/plain_table.hpp"
#include "topology/files/recognise.hpp"
#include "topology/files/unpack.hpp"
#include "topology/files/words.hpp"
#include "topology/generators.hpp"

namespace motley::topology {
namespace {

/// Slices have at least so many bytes; smaller files are not shared.
constexpr std::size_t least_slice = std::size_t{64} << 10;
constexpr std::int64_t least_shared = std::int64_t{1} << 20;
constexpr double most_weight = 1e290;  // all edges together stay finite

/// A regular file.
class SliceFile {
  public:
    explicit SliceFile(const std::string& path) : descriptor_(path, O_RDONLY) {
        struct stat status {};
        const bool regular = descriptor_.valid() && ::fstat(descriptor_.get(), &status) == 0 &&
                             S_ISREG(status.st_mode);
        size_ = regular ? static_cast<std::int64_t>(status.st_size) : 0;
    }

    std::int64_t size() const { return size_; }

    /// Appends at most `bytes` from `at` on to the text; false at the end of the file, or where it
    /// cannot be read.
    bool append(std::int64_t at, std::size_t bytes, std::string& text) const {
        const std::size_t size = text.size();
        text.resize(size + bytes);
        ssize_t got = -1;
        do {
            got = ::pread(descriptor_.get(), text.data() + size, bytes, at);
        } while (got < 0 && errno == EINTR);
        text.resize(size + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
        return got > 0;
    }

    /// Gives `rows` the lines that begin in [begin, end); `begin` may lie within a line, but for
    /// the first slice.
    void read(std::int64_t begin, std::int64_t end, bool first, PlainRows& rows) const {
        constexpr std::size_t block = std::size_t{1} << 20;
        std::int64_t at = first ? begin : begin - 1;  // where the text starts in the file
        bool inside = !first;                         // of a line that another reader takes
        std::string text;
        for (bool more = true; more && at < end;) {
            more = append(at + std::ssize(text), block, text);
            std::size_t from = 0;
            if (inside) {
                const std::size_t line_end = text.find('\n');
                from = line_end == std::string::npos ? text.size() : line_end + 1;
                inside = line_end == std::string::npos;
            }
            const std::size_t stop = !more ? text.size() : last_line_end(text, end - at);
            if (!inside && from < stop && at + static_cast<std::int64_t>(from) < end) {
                if (!rows.take(std::string_view(text).substr(from, stop - from))) return;
            }
            from = std::max(from, stop);
            text.erase(0, from);
            at += static_cast<std::int64_t>(from);
        }
        if (at < end) rows.refuse();
    }

  private:
    /// The end of the last line in the text that begins before `bound`, if it is there.
    static std::size_t last_line_end(const std::string& text, std::int64_t bound) {
        const auto last = static_cast<std::size_t>(std::min(bound, std::ssize(text)));
        if (bound <= std::ssize(text)) {
            const std::size_t end = text.find('\n', last - 1);
            if (end != std::string::npos) return end + 1;
        }
        const std::size_t end = last == 0 ? std::string::npos : text.rfind('\n', last - 1);
        return end == std::string::npos ? 0 : end + 1;
    }

    FileDescriptor descriptor_;
    std::int64_t size_ = 0;
};

bool may_be_cut(const Spec& spec) {
    return !spec.file.empty() && spec.node_file.empty() && !is_pipe(spec.file);
}

/// The form of a table of `size` bytes whose first lines, `text`, say that it is plain.
std::optional<PlainForm> form_of(const Spec& spec, std::string text, std::int64_t size) {
    if (size < least_shared) return std::nullopt;
    const std::size_t end = text.rfind('\n');
    if (end == std::string::npos || text.starts_with("\xef\xbb\xbf")) return std::nullopt;
    text.resize(end + 1);
    const std::size_t bytes = text.size();
    try {
        const TextFile head(std::move(text), spec.file);
        if (head.text().size() != bytes) return std::nullopt;  // it was converted
        auto form = plain_form(spec, head, format_of(spec, head));
        if (form) form->known_name = is_known_by_name(spec);
        return form;
    } catch (const Error&) {
        return std::nullopt;  // `make` says it
    }
}

std::string head_of(const SliceFile& file) {
    std::string text;
    if (file.size() > 0) file.append(0, least_slice, text);
    return text;
}

std::int64_t slices_of(std::int64_t bytes, const Peers& readers) {
    return std::clamp<std::int64_t>(bytes / static_cast<std::int64_t>(least_slice), 1,
                                    readers.count());
}

/// Each reader reads its slice.
std::optional<EdgeTable> read_slices(const Spec& spec, const SliceFile& file, std::string head,
                                     const Peers& readers) {
    const auto form = form_of(spec, std::move(head), file.size());
    // All readers see the same file, or none reads it this way.
    for (const std::int64_t size : tell(readers, form ? file.size() : std::int64_t{0})) {
        if (size == 0 || size != file.size()) return std::nullopt;
    }
    const auto body = static_cast<std::int64_t>(form->body);
    const std::int64_t bytes = file.size() - body, slices = slices_of(bytes, readers);
    PlainRows rows(*form, readers.place() == 0);
    if (readers.place() < slices) {
        const ChunkRange range = chunk_range(bytes, readers.place(), slices);
        rows.expect_bytes(range.end - range.begin);
        file.read(body + range.begin, body + range.end, readers.place() == 0, rows);
    }
    return put_together(spec, *form, rows, readers);
}

/// The first reader unpacks the file, and sends the others their slices.
std::optional<EdgeTable> read_packed(const Spec& spec, const Peers& readers) {
    std::string text;
    Words said;
    if (readers.place() == 0) {
        try {
            text = graph_text(spec.file);
        } catch (const Error&) {
            text.clear();  // `make` says it
        }
        said.push_back(text.size());
        put_text(std::string_view(text).substr(0, least_slice), said);
    }
    const Words heard = readers.gather(said);
    WordTaker taker(heard);
    const auto size = static_cast<std::int64_t>(taker.word());
    const auto form = form_of(spec, std::string(taker.text()), size);
    if (!form) return std::nullopt;
    std::vector<Words> send(static_cast<std::size_t>(readers.count()));
    if (readers.place() == 0) {
        std::size_t at = form->body;
        const std::int64_t bytes = size - static_cast<std::int64_t>(at);
        const std::int64_t slices = slices_of(bytes, readers);
        for (std::int64_t place = 0; place < readers.count(); ++place) {
            std::size_t end = text.size();
            if (place < slices - 1) {
                const auto bound =
                    form->body + static_cast<std::size_t>(chunk_range(bytes, place, slices).end);
                end = std::min(text.find('\n', std::max(at, bound) - 1), text.size() - 1) + 1;
            }
            put_text(std::string_view(text).substr(at, end - at),
                     send[static_cast<std::size_t>(place)]);
            at = end;
        }
        text = {};
    }
    const Words slice = readers.exchange(send);
    send = {};
    PlainRows rows(*form, readers.place() == 0);
    const std::string_view lines = WordTaker(slice).text();
    rows.expect_bytes(std::ssize(lines));
    rows.take(lines);
    return put_together(spec, *form, rows, readers);
}

/// What must be known of all edges, from those of one reader.
struct EdgeFacts {
    std::uint64_t edges = 0;
    bool unit_weights = true;
    bool same_survival = true;
    double survival = 0.0;  ///< of the first edge
    double most_number = 0.0;

    EdgeFacts() = default;
    explicit EdgeFacts(const EdgeTable& table) : edges(table.edges.size()) {
        if (edges > 0) survival = table.edges.front().survival;
        for (const FileEdge& edge : table.edges) {
            unit_weights = unit_weights && edge.weight == 1.0;
            same_survival = same_survival && edge.survival == survival;
            most_number = std::max(most_number, edge.weight);
        }
        for (const double capacity : table.capacities) {
            most_number = std::max(most_number, capacity);
        }
    }
    void append(const EdgeFacts& other) {
        if (other.edges == 0) return;
        if (edges == 0) survival = other.survival;
        same_survival = same_survival && other.same_survival && survival == other.survival;
        unit_weights = unit_weights && other.unit_weights;
        most_number = std::max(most_number, other.most_number);
        edges += other.edges;
    }
};

struct SharedTraits {
    Traits traits;
    bool weights_count = false;  ///< for routing, or for the survival of parallel edges
};

/// Nothing where parallel edges decide what the graph is.
std::optional<SharedTraits> traits_of(const Spec& spec, const EdgeTable& table,
                                      const Peers& readers) {
    std::vector<EdgeFacts> each = tell(readers, EdgeFacts(table));
    EdgeFacts all = each.front();
    for (std::size_t r = 1; r < each.size(); ++r) all.append(each[r]);
    if (!(all.most_number < most_weight) || (spec.edge_weights && all.unit_weights)) {
        return std::nullopt;
    }
    SharedTraits shared;
    shared.weights_count = spec.edge_weights || !all.same_survival;
    Traits& traits = shared.traits;
    traits.survival = all.same_survival ? all.survival : spec.survival;
    traits.use_weights = spec.edge_weights;
    traits.sum_parallel = true;
    traits.symmetric_uniform = table.undirected && all.same_survival && !spec.edge_weights;
    traits.expected_arcs = static_cast<std::int64_t>(all.edges) * (table.undirected ? 2 : 1);
    return shared;
}

std::unique_ptr<Share> share_of(EdgeTable table, const SharedTraits& shared, const Peers& readers) {
    const Traits& traits = shared.traits;
    HeldArcs held;
    held.undirected = table.undirected;
    const auto& edges = table.edges;
    const auto any = [&](auto test) { return std::ranges::any_of(edges, test); };
    const bool weights =
        shared.weights_count && any([](const FileEdge& e) { return e.weight != 1.0; });
    const bool survivals = any([&](const FileEdge& e) { return e.survival != traits.survival; });
    held.ends.reserve(edges.size());
    if (weights) held.weights.reserve(edges.size());
    if (survivals) held.survivals.reserve(edges.size());
    for (const FileEdge& edge : edges) {
        held.ends.push_back({edge.source, edge.target});
        if (weights) held.weights.push_back(edge.weight);
        if (survivals) held.survivals.push_back(edge.survival);
    }
    return make_held_share(
        {table.agents, table.agents, traits, std::move(table.names), std::move(table.remarks)},
        std::move(held), readers);
}

}  // namespace

Reading reading_of(const Spec& spec) {
    if (spec.file.empty() || is_pipe(spec.file)) return Reading::each;
    const SliceFile file(spec.file);
    if (file.size() < least_shared) return Reading::each;
    const bool cut = may_be_cut(spec) && form_of(spec, head_of(file), file.size());
    return cut ? Reading::slices : Reading::one;
}

std::unique_ptr<Share> make_share(const Spec& spec, const Peers& readers) {
    if (!may_be_cut(spec)) return nullptr;
    const SliceFile file(spec.file);
    std::string head = head_of(file);
    const std::vector<char> packed = tell(readers, static_cast<char>(is_packed(head)));
    if (packed.front() != 0 && !may_be_plain(spec)) return nullptr;  // it would be unpacked twice
    std::optional<EdgeTable> table = packed.front() != 0
                                         ? read_packed(spec, readers)
                                         : read_slices(spec, file, std::move(head), readers);
    if (!table) return nullptr;
    const std::optional<SharedTraits> traits = traits_of(spec, *table, readers);
    if (!traits) return nullptr;
    return share_of(std::move(*table), *traits, readers);
}

}  // namespace motley::topology

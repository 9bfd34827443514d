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
#include "topology/files/plain_table.hpp"
#include "topology/files/recognise.hpp"
#include "topology/generators.hpp"

namespace motley::topology {
namespace {

/// Slices have at least so many bytes; smaller files are not shared.
constexpr std::int64_t least_slice = std::int64_t{64} << 10;
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

bool may_be_shared(const Spec& spec) {
    return !spec.file.empty() && spec.node_file.empty() && !is_pipe(spec.file);
}

/// The form of a file whose first lines say that it is plain.
std::optional<PlainForm> form_of(const Spec& spec, const SliceFile& file) {
    if (file.size() < least_shared) return std::nullopt;
    std::string text;
    if (!file.append(0, static_cast<std::size_t>(least_slice), text)) return std::nullopt;
    const std::size_t end = text.rfind('\n');
    if (end == std::string::npos || text.starts_with("\xef\xbb\xbf")) return std::nullopt;
    text.resize(end + 1);
    const std::size_t size = text.size();
    try {
        const TextFile head(std::move(text), spec.file);
        if (head.text().size() != size) return std::nullopt;  // it was converted
        auto form = plain_form(spec, head, format_of(spec, head));
        if (form) form->known_name = is_known_by_name(spec);
        return form;
    } catch (const Error&) {
        return std::nullopt;  // `make` says it
    }
}

struct SharedTraits {
    Traits traits;
    bool weights_count = false;  ///< for routing, or for the survival of parallel edges
};

/// The edges of one reader.
class FileShare final : public Share {
  public:
    FileShare(EdgeTable table, const SharedTraits& shared, const Readers& readers)
        : agents_(table.agents),
          undirected_(table.undirected),
          traits_(shared.traits),
          place_(readers.place()),
          shares_(readers.count()),
          names_(std::move(table.names)),
          remarks_(std::move(table.remarks)) {
        const auto& edges = table.edges;
        const auto any = [&](auto test) { return std::ranges::any_of(edges, test); };
        const bool weights =
            shared.weights_count && any([](const FileEdge& e) { return e.weight != 1.0; });
        const bool survivals =
            any([&](const FileEdge& e) { return e.survival != traits_.survival; });
        ends_.reserve(edges.size());
        if (weights) weights_.reserve(edges.size());
        if (survivals) survivals_.reserve(edges.size());
        for (const FileEdge& edge : edges) {
            ends_.push_back({edge.source, edge.target});
            if (weights) weights_.push_back(edge.weight);
            if (survivals) survivals_.push_back(edge.survival);
        }
    }

    AgentId agents() const override { return agents_; }
    Traits traits() const override { return traits_; }
    std::int64_t shares() const override { return shares_; }
    const std::vector<std::string>& names() const override { return names_; }
    const std::vector<std::string>& remarks() const override { return remarks_; }

    void arcs(std::int64_t chunk, std::int64_t chunks, const ArcSink& sink) const override {
        const std::int64_t each = chunks / shares_;
        if (chunks % shares_ != 0 || chunk / each != place_) {
            throw internal_error("a share of a file was asked for arcs of another one");
        }
        const ChunkRange range = chunk_range(std::ssize(ends_), chunk % each, each);
        ArcBatch batch(sink);
        for (auto e = static_cast<std::size_t>(range.begin);
             e < static_cast<std::size_t>(range.end); ++e) {
            const auto [source, target] = ends_[e];
            Arc arc = {source, target, weights_.empty() ? 1.0 : weights_[e],
                       survivals_.empty() ? traits_.survival : survivals_[e]};
            batch.add(arc);
            if (!undirected_ || source == target) continue;
            std::swap(arc.source, arc.target);
            batch.add(arc);
        }
        batch.finish();
    }

    Link link(AgentId, AgentId) const override {
        throw internal_error("a share of a file was asked for a link");
    }

  private:
    struct Ends {
        std::uint32_t source, target;
    };

    AgentId agents_;
    bool undirected_;
    Traits traits_;
    std::int64_t place_, shares_;
    std::vector<Ends> ends_;
    std::vector<double> weights_;    ///< empty: all 1
    std::vector<double> survivals_;  ///< empty: all traits_.survival
    std::vector<std::string> names_;
    std::vector<std::string> remarks_;
};

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

/// Nothing where parallel edges decide what the graph is.
std::optional<SharedTraits> traits_of(const Spec& spec, const EdgeTable& table,
                                      const Readers& readers) {
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

}  // namespace

bool is_shared(const Spec& spec) {
    return may_be_shared(spec) && form_of(spec, SliceFile(spec.file)).has_value();
}

std::unique_ptr<Share> make_share(const Spec& spec, const Readers& readers) {
    if (!may_be_shared(spec)) return nullptr;
    const SliceFile file(spec.file);
    const std::optional<PlainForm> form = form_of(spec, file);
    // All readers see the same file, or none reads it this way.
    for (const std::int64_t size : tell(readers, form ? file.size() : std::int64_t{0})) {
        if (size == 0 || size != file.size()) return nullptr;
    }
    const auto body = static_cast<std::int64_t>(form->body);
    const std::int64_t bytes = file.size() - body;
    const std::int64_t slices = std::clamp<std::int64_t>(bytes / least_slice, 1, readers.count());
    PlainRows rows(*form, readers.place() == 0);
    if (readers.place() < slices) {
        const ChunkRange range = chunk_range(bytes, readers.place(), slices);
        rows.expect_bytes(range.end - range.begin);
        file.read(body + range.begin, body + range.end, readers.place() == 0, rows);
    }
    std::optional<EdgeTable> table = put_together(spec, *form, rows, readers);
    if (!table) return nullptr;
    const std::optional<SharedTraits> traits = traits_of(spec, *table, readers);
    if (!traits) return nullptr;
    return std::make_unique<FileShare>(std::move(*table), *traits, readers);
}

}  // namespace motley::topology

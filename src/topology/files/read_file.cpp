// Topologies from files: the choice of the reader, and the merged rows that stay in memory.
#include <algorithm>
#include <cmath>
#include <new>

#include "topology/files/edge_table.hpp"
#include "topology/files/files.hpp"
#include "topology/files/graph_text.hpp"
#include "topology/files/plain_table.hpp"
#include "topology/files/recognise.hpp"
#include "topology/generators.hpp"
#include "topology/statistics/rows.hpp"

namespace motley::topology {
namespace {

/// Merged rows of a file. Undirected graphs hold both directions of each edge.
class FileTopology : public Topology {
  public:
    FileTopology(EdgeTable table, const Spec& spec);

    AgentId agents() const override { return agents_; }
    AgentId hosts() const override { return hosts_; }
    Traits traits() const override { return traits_; }
    void arcs(std::int64_t chunk, std::int64_t chunks, const ArcSink& sink) const override;
    bool has_rows() const override { return traits_.symmetric_uniform; }
    void row(AgentId agent, std::vector<AgentId>& neighbours) const override;
    Link link(AgentId a, AgentId b) const override;
    double vertex_capacity(AgentId vertex) const override;
    const std::vector<std::string>& names() const override { return names_; }
    const std::vector<std::string>& remarks() const override { return remarks_; }

  private:
    void keep(const Csr& rows);

    AgentId agents_;
    AgentId hosts_;
    Traits traits_;
    std::vector<std::int64_t> offsets_;
    std::vector<std::uint32_t> targets_;
    std::vector<double> weights_;            ///< empty: all 1
    std::vector<double> survivals_;          ///< empty: all traits_.survival
    std::vector<double> capacities_;         ///< of links; empty: all 1
    std::vector<double> vertex_capacities_;  ///< empty: none has any
    std::vector<std::string> names_;
    std::vector<std::string> remarks_;
};

/// The merged rows of the edges; the weight of edge number e is `weight_of(e)`.
template <class Weight>
Csr merge(const EdgeTable& table, double survival, Weight weight_of) {
    RowBuilder builder(table.agents);
    const auto source = [&](const FileEdge& e) {
        return table.undirected ? std::min(e.source, e.target) : e.source;
    };
    for (const FileEdge& edge : table.edges) builder.count(source(edge));
    builder.allocate();
    for (std::size_t e = 0; e < table.edges.size(); ++e) {
        const FileEdge& edge = table.edges[e];
        const std::uint32_t from = source(edge);
        const std::uint32_t to = from == edge.source ? edge.target : edge.source;
        builder.add({from, to, weight_of(e), edge.survival});
    }
    Csr rows = builder.finish(true, survival);
    return table.undirected ? mirror(rows) : rows;
}

AgentId count_hosts(const EdgeTable& table) {
    return table.agents - std::ranges::count_if(table.switches, [](char s) { return s != 0; });
}

bool all_finite(const std::vector<double>& values) {
    return std::ranges::all_of(values, [](double value) { return std::isfinite(value); });
}

/// The value that all edges share; nothing where there is none.
std::optional<double> common_survival(const EdgeTable& table) {
    if (table.edges.empty()) return std::nullopt;
    const double first = table.edges.front().survival;
    const bool same =
        std::ranges::all_of(table.edges, [&](const FileEdge& e) { return e.survival == first; });
    return same ? std::optional(first) : std::nullopt;
}

FileTopology::FileTopology(EdgeTable table, const Spec& spec)
    : agents_(table.agents),
      hosts_(count_hosts(table)),
      vertex_capacities_(std::move(table.vertex_capacities)),
      names_(std::move(table.names)),
      remarks_(std::move(table.remarks)) {
    const std::optional<double> common = common_survival(table);
    const bool one_survival = table.edges.empty() || common;
    const bool one_weight =
        std::ranges::all_of(table.edges, [](const FileEdge& e) { return e.weight == 1.0; });
    traits_.survival = common.value_or(spec.survival);
    traits_.use_weights = spec.edge_weights;
    traits_.sum_parallel = true;
    keep(merge(table, traits_.survival, [&](std::size_t e) { return table.edges[e].weight; }));
    if (!table.capacities.empty()) {
        capacities_ = merge(table, traits_.survival, [&](std::size_t e) {
                          return table.capacities[e];
                      }).weights;
    }
    if (!all_finite(weights_)) {
        throw input_error("weights of parallel edges add up to infinity", {spec.file});
    }
    if (!all_finite(capacities_)) {
        throw input_error("capacities of parallel edges add up to infinity", {spec.file});
    }
    if (table.capacities.empty() && spec.edge_weights) capacities_ = weights_;
    if (spec.edge_weights && weights_.empty()) {
        remarks_.emplace_back("weights = \"edge\", and all weights of the file are 1");
    }
    traits_.expected_arcs = std::ssize(targets_);
    traits_.symmetric_uniform = table.undirected && one_survival &&
                                (!spec.edge_weights || (one_weight && weights_.empty()));
}

void FileTopology::keep(const Csr& rows) {
    offsets_ = rows.offsets;
    targets_.reserve(rows.targets.size());
    for (const AgentId target : rows.targets) {
        targets_.push_back(static_cast<std::uint32_t>(target));
    }
    weights_ = rows.weights;
    survivals_ = rows.survivals;
}

void FileTopology::arcs(std::int64_t chunk, std::int64_t chunks, const ArcSink& sink) const {
    const ChunkRange range = chunk_range(std::ssize(targets_), chunk, chunks);
    if (range.begin == range.end) return;
    ArcBatch batch(sink);
    AgentId source = std::ranges::upper_bound(offsets_, range.begin) - offsets_.begin() - 1;
    for (std::int64_t at = range.begin; at < range.end; ++at) {
        while (offsets_[static_cast<std::size_t>(source) + 1] <= at) source += 1;
        const auto i = static_cast<std::size_t>(at);
        batch.add({source, targets_[i], weights_.empty() ? 1.0 : weights_[i],
                   survivals_.empty() ? traits_.survival : survivals_[i]});
    }
    batch.finish();
}

void FileTopology::row(AgentId agent, std::vector<AgentId>& neighbours) const {
    if (!has_rows()) {
        Topology::row(agent, neighbours);
        return;
    }
    if (agent < 0 || agent >= agents_) {
        throw internal_error("row() of agent " + std::to_string(agent) + " of " +
                             std::to_string(agents_));
    }
    const auto i = static_cast<std::size_t>(agent);
    neighbours.assign(targets_.begin() + offsets_[i], targets_.begin() + offsets_[i + 1]);
}

Link FileTopology::link(AgentId a, AgentId b) const {
    if (a < 0 || a >= agents_) throw internal_error("link() of an agent that is not there");
    const auto begin = targets_.begin() + offsets_[static_cast<std::size_t>(a)];
    const auto end = targets_.begin() + offsets_[static_cast<std::size_t>(a) + 1];
    const auto found = std::lower_bound(begin, end, b);
    if (found == end || *found != b) {
        throw internal_error("link() of two agents that are no neighbours");
    }
    if (capacities_.empty()) return {};
    return {.capacity = capacities_[static_cast<std::size_t>(found - targets_.begin())]};
}

double FileTopology::vertex_capacity(AgentId vertex) const {
    if (vertex_capacities_.empty()) return Topology::vertex_capacity(vertex);
    return vertex_capacities_.at(static_cast<std::size_t>(vertex));
}

using Reader = EdgeTable (*)(const Spec&, const TextFile&);

Reader reader_of(FileFormat format) {
    switch (format) {
        case FileFormat::edge_list:
        case FileFormat::csv:
            return read_edge_list;
        case FileFormat::graphml:
            return read_graphml;
        case FileFormat::metis:
            return read_metis;
        case FileFormat::matrix_market:
            return read_matrix_market;
        case FileFormat::adjacency_list:
            return read_adjacency_list;
        case FileFormat::matrix:
            return read_matrix;
        case FileFormat::gml:
            return read_gml;
        case FileFormat::gexf:
            return read_gexf;
        case FileFormat::pajek:
            return read_pajek;
        case FileFormat::dimacs:
            return read_dimacs;
        case FileFormat::lgl:
            return read_lgl;
        case FileFormat::cluster:
            return read_cluster;
        case FileFormat::automatic:
            break;
    }
    throw internal_error("read_file: unknown format");
}

EdgeTable read_table(const Spec& spec) {
    const TextFile file(graph_text(spec.file), spec.file);
    const FileFormat format = format_of(spec, file);
    const bool edges = format == FileFormat::edge_list || format == FileFormat::csv;
    if (spec.columns && !edges) {
        throw usage_error("topology.columns is for edge lists and CSV files", {spec.file});
    }
    if (spec.bipartite && !edges && format != FileFormat::matrix_market) {
        throw usage_error("topology.bipartite is for edge lists, CSV and Matrix Market files",
                          {spec.file});
    }
    if (auto plain = read_plain(spec, file, format)) return std::move(*plain);
    return reader_of(format)(spec, file);
}

}  // namespace

std::unique_ptr<Topology> read_file(const Spec& spec) {
    Arguments(spec, "topology", {}).survival();
    try {
        EdgeTable table = read_table(spec);
        if (!spec.node_file.empty()) read_nodes(spec, table);
        number_hosts_first(spec, table);
        return std::make_unique<FileTopology>(std::move(table), spec);
    } catch (const std::bad_alloc&) {
        throw storage_error("out of memory while reading the graph", {spec.file});
    }
}

}  // namespace motley::topology

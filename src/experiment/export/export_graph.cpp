// The graph of a run with the final state at its vertices.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>

#include "motley/core/error.hpp"
#include "motley/core/ids.hpp"
#include "motley/experiment/export/export.hpp"
#include "motley/topology/generator.hpp"
#include "run_folder.hpp"

namespace motley::experiment {
namespace {

namespace fs = std::filesystem;
using report::GraphColumn;
using Ends = std::vector<std::pair<std::int64_t, std::int64_t>>;

constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// The columns of the agents and their allocation, with relays behind the agents.
std::vector<GraphColumn> vertex_columns(const RunFolder& run) {
    std::vector<GraphColumn> columns = run.agent_columns();
    const record::ResultVariable allocation = run.file().read("final/allocation");
    for (std::int64_t task = 0; task < allocation.width; ++task) {
        GraphColumn column{fmt::format("allocation_{}", task),
                           "1",
                           fmt::format("share of the effort that task {} gets", task),
                           false,
                           {}};
        for (std::int64_t agent = 0; agent < run.agents(); ++agent) {
            column.numbers.push_back(
                allocation.numbers[static_cast<std::size_t>(agent * allocation.width + task)]);
        }
        columns.push_back(std::move(column));
    }
    const auto agents = static_cast<std::size_t>(run.agents());
    if (agents < run.names().size()) {
        for (GraphColumn& column : columns) column.numbers.resize(run.names().size(), none);
        GraphColumn relay{"relay", "1", "1: passes everything on and makes nothing", true, {}};
        relay.numbers.assign(agents, 0.0);
        relay.numbers.resize(run.names().size(), 1.0);
        columns.push_back(std::move(relay));
    }
    return columns;
}

/// Whether every arc has its opposite with the same numbers; the arcs are sorted.
bool undirected(const RunArcs& arcs) {
    for (std::size_t i = 0; i < arcs.ends.size(); ++i) {
        const auto& [source, target] = arcs.ends[i];
        const auto back = std::ranges::equal_range(arcs.ends, std::pair(target, source));
        if (back.size() != 1) return false;
        const auto other = static_cast<std::size_t>(back.begin() - arcs.ends.begin());
        for (const GraphColumn& column : arcs.columns) {
            if (column.numbers[i] != column.numbers[other]) return false;
        }
    }
    return true;
}

/// Keeps one of the two arcs of every edge.
void halve(RunArcs& arcs) {
    std::size_t kept = 0;
    for (std::size_t i = 0; i < arcs.ends.size(); ++i) {
        if (arcs.ends[i].first > arcs.ends[i].second) continue;
        arcs.ends[kept] = arcs.ends[i];
        for (GraphColumn& column : arcs.columns) column.numbers[kept] = column.numbers[i];
        ++kept;
    }
    arcs.ends.resize(kept);
    for (GraphColumn& column : arcs.columns) column.numbers.resize(kept);
}

}  // namespace

std::string graph_text(const std::string& directory, const std::string& path) {
    const std::string extension = fs::path(path).extension().string();
    const bool vtu = extension == ".vtu";
    if (!vtu && extension != ".graphml" && extension != ".gexf") {
        throw usage_error(
            "graphs are written as .graphml or .gexf (Gephi, Cytoscape, networkx, igraph) or .vtu "
            "(ParaView): give the file one of these extensions",
            {path});
    }
    const RunFolder run(directory);
    RunArcs arcs = arcs_of(run);
    report::GraphFile graph;
    graph.directed = !undirected(arcs);
    if (!graph.directed) halve(arcs);
    const fs::path whole = fs::absolute(directory).lexically_normal();
    graph.title = "run " +
                  (whole.has_filename() ? whole : whole.parent_path()).filename().string() +
                  ", seed " + run.file().attribute("seed");
    graph.creator = fmt::format("motley {} {}", run.file().attribute("version"),
                                run.file().attribute("commit"));
    graph.names = run.names();
    graph.vertex_columns = vertex_columns(run);
    graph.edges = std::move(arcs.ends);
    graph.edge_columns = std::move(arcs.columns);
    graph.places = std::move(arcs.places);
    // ParaView draws nothing without coordinates; other programs lay the graph out themselves.
    if (vtu && graph.places.empty()) graph.places = topology::circle(std::ssize(graph.names));
    if (vtu) return report::to_vtu(graph);
    return extension == ".gexf" ? report::to_gexf(graph) : report::to_graphml(graph);
}

}  // namespace motley::experiment

// A graph with numbers at its vertices and edges, as text for Gephi, Cytoscape, networkx, igraph
// and ParaView.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace motley::report {

/// A number of each vertex or edge; one that is nan does not exist there.
struct GraphColumn {
    std::string name;
    std::string unit;     ///< "1" or empty: a pure number
    std::string meaning;  ///< empty: the name says all
    bool integer = false;
    std::vector<double> numbers;
};

struct GraphFile {
    std::string title;    ///< what the graph is, in a line
    std::string creator;  ///< program and version
    std::vector<std::string> names;
    std::vector<GraphColumn> vertex_columns;
    std::vector<std::pair<std::int64_t, std::int64_t>> edges;  ///< source and target
    std::vector<GraphColumn> edge_columns;
    bool directed = true;
    /// Coordinates of the vertices; empty where the graph has none.
    std::vector<std::array<double, 3>> places;
};

/// Not collective. GraphML 1.0 (http://graphml.graphdrawing.org): vertices n0, n1, ... with their
/// names as `label`, coordinates as x, y and z.
std::string to_graphml(const GraphFile& graph);
/// Not collective. GEXF 1.2 (https://gexf.net), coordinates as viz:position.
std::string to_gexf(const GraphFile& graph);
/// Not collective. An unstructured grid of VTK in XML: edges are lines. The graph has places. An
/// integer that does not exist is -1.
std::string to_vtu(const GraphFile& graph);

}  // namespace motley::report

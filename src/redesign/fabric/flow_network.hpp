// A traffic matrix on a graph in the form that the solvers read: hosts with one link are folded
// into their switch, and demands are grouped by source.
#pragma once

#include <vector>

#include "motley/redesign/fabric/fabric_graph.hpp"
#include "motley/redesign/fabric/traffic.hpp"

namespace motley::fabric {

struct Sink {
    int vertex = 0;
    double amount = 0.0;
};

/// The demands of one source, sorted by target.
struct Commodity {
    int source = 0;
    std::vector<Sink> sinks;
};

/// Vertices and arcs are numbered anew; `channel` gives the channel of an arc in the graph.
struct FlowNetwork {
    int vertices = 0;
    std::vector<int> offsets;      ///< vertices + 1: where the arcs out of each vertex begin
    std::vector<int> tails;        ///< per arc
    std::vector<int> heads;        ///< per arc
    std::vector<double> capacity;  ///< per arc
    std::vector<int> channel;      ///< per arc: index in the graph
    std::vector<Commodity> commodities;

    /// Loads of the channels of hosts that were folded, per channel of the graph; each of these
    /// channels carries the traffic of its host and nothing else.
    std::vector<double> access_loads;
    double access = 0.0;  ///< throughput that these channels allow; infinity where there are none
    int access_channel = -1;  ///< the channel that allows the least

    std::size_t arcs() const { return heads.size(); }
};

FlowNetwork fold(const FabricGraph& graph, const Traffic& traffic);

/// The number of folded demands whose target cannot be reached.
int count_unreachable(const FlowNetwork& network);

}  // namespace motley::fabric

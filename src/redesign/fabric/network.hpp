// A traffic matrix on a graph in the form that the solvers read: hosts with one link folded into
// what they hang on, demands grouped by source.
#pragma once

#include <vector>

#include "motley/redesign/fabric/graph.hpp"
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

/// Vertices and arcs have numbers of their own; `channel` leads back to the graph.
struct Network {
    int vertices = 0;
    std::vector<int> offsets;      ///< arcs out of a vertex; vertices + 1
    std::vector<int> tails;        ///< per arc
    std::vector<int> heads;        ///< per arc
    std::vector<double> capacity;  ///< per arc
    std::vector<int> channel;      ///< per arc: index in the graph
    std::vector<Commodity> commodities;

    /// Loads of the channels of hosts that were folded, per channel of the graph; each of these
    /// channels carries the traffic of its host and nothing else.
    std::vector<double> access_loads;
    double access = 0.0;      ///< throughput that they allow; infinity where there are none
    int access_channel = -1;  ///< the one that allows the least

    std::size_t arcs() const { return heads.size(); }
};

Network fold(const Graph& graph, const Traffic& traffic);

/// Folded demands of which the target cannot be reached.
int count_unreachable(const Network& network);

}  // namespace motley::fabric

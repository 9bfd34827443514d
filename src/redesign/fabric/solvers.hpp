// The ways to throughput on a folded network.
#pragma once

#include "motley/redesign/fabric/flow.hpp"
#include "network.hpp"

namespace motley::fabric {

/// Largest number of variables for which the linear programme is the automatic choice.
inline constexpr std::size_t small_programme = 3000;
std::size_t programme_size(const Network& network);

/// ECMP of demands of `total` before folding.
Routed route(const Graph& graph, const Network& network, double total, Split split);

/// Exact up to 1e-9. `bottleneck` is a channel of the graph.
FlowBound by_programme(const Network& network);

/// Both bounds proved, within `options.ratio` of one another unless sweeps run out or
/// `options.target` is decided. `start`: bounds that are known already.
FlowBound by_rerouting(const Network& network, const FlowOptions& options, const FlowBound& start);

}  // namespace motley::fabric

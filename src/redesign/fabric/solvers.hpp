// The solvers for the throughput of a folded network.
#pragma once

#include "flow_network.hpp"
#include "motley/redesign/fabric/flow.hpp"

namespace motley::fabric {

/// Largest number of variables for which the linear programme is the automatic choice.
inline constexpr std::size_t small_programme = 3000;
std::size_t programme_size(const FlowNetwork& network);

/// Routes by ECMP; `total` is the sum of the demands before folding.
Routed route(const FabricGraph& graph, const FlowNetwork& network, double total, Split split);

/// Solves the linear programme, exactly up to 1e-9. `bottleneck` is a channel of the graph.
FlowBound by_programme(const FlowNetwork& network);

/// Approximates by rerouting. Both bounds are proved, and within `options.ratio` of one another
/// unless the sweeps run out or `options.target` is decided. `start`: bounds that are known.
FlowBound by_rerouting(const FlowNetwork& network, const FlowOptions& options,
                       const FlowBound& start);

}  // namespace motley::fabric

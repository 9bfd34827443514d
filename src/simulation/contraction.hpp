// How fast flows settle in a network. Relays keep nothing, so with them flows settle more slowly
// than by lambda per step.
#pragma once

#include "motley/mpi/communicator.hpp"
#include "motley/network/distributed_graph.hpp"

namespace motley::simulation {

/// Collective. The share c for which the flows' operator M (lambda W, without lambda at relays)
/// obeys sum_t |M^t| <= 1 / (1 - c) in the maximum norm of its transpose, the operator of values.
/// Without relays c is lambda. With relays M^t 1 is computed until it is below 1/2 everywhere.
template <class Real>
double contraction_of_flows(const network::DistributedGraph<Real>& graph, double openness,
                            const mpi::Communicator& comm);

}  // namespace motley::simulation

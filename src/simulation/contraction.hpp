// How fast flows settle in a network: with relays, which keep nothing, slower than lambda per step.
#pragma once

#include "motley/mpi/communicator.hpp"
#include "motley/network/distributed_graph.hpp"

namespace motley::simulation {

/// Collective. The share c for which the flows' operator M (lambda W, without lambda at relays)
/// obeys sum_t |M^t| <= 1 / (1 - c) in the maximum norm of its transpose, the one that values have:
/// lambda itself without relays. With relays M^t 1 is followed until it is below 1/2 everywhere.
template <class Real>
double contraction_of_flows(const network::DistributedGraph<Real>& graph, double openness,
                            const mpi::Communicator& comm);

}  // namespace motley::simulation

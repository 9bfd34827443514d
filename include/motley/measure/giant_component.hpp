// The largest component of the living part of a network.
#pragma once

#include <cstdint>
#include <functional>

#include "motley/core/ids.hpp"
#include "motley/mpi/communicator.hpp"
#include "motley/network/distributed_graph.hpp"

namespace motley::measure {

/// Collective. The number of agents in the largest weakly connected component of those rows for
/// which `alive(row)` is true. Relays connect and are not counted. Where sums over all agents
/// replace arcs, all that live are one component. The same for any ranks: each rank joins its own
/// rows by union-find, and the least id of a component travels over the boundaries until it stands.
template <class Real>
std::int64_t giant_component(const network::DistributedGraph<Real>& graph,
                             const std::function<bool(LocalId)>& alive,
                             const mpi::Communicator& comm);

}  // namespace motley::measure

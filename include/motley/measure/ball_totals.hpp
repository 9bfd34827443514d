// Sums over the agents within r hops of one agent.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "motley/core/ids.hpp"
#include "motley/mpi/communicator.hpp"
#include "motley/network/distributed_graph.hpp"

namespace motley::measure {

/// Writes the numbers of an owned row.
using RowNumbers = std::function<void(std::size_t row, double* out)>;

/// Collective. Sums of the rows of all agents, `width` numbers each; the same for any ranks.
template <class Real>
std::vector<double> totals(const network::DistributedGraph<Real>& graph, std::size_t width,
                           const RowNumbers& numbers, const mpi::Communicator& comm);

/// Collective. The same of the agents within each of `radii` hops (ascending) of `centre`, that one
/// included. Hops go along arcs in either direction; where sums over all agents replace arcs,
/// everything is one hop away.
template <class Real>
std::vector<std::vector<double>> ball_totals(const network::DistributedGraph<Real>& graph,
                                             std::size_t width, const RowNumbers& numbers,
                                             AgentId centre, std::span<const std::int64_t> radii,
                                             const mpi::Communicator& comm);

}  // namespace motley::measure

// Links: an arc and the one that leads back, which fail together.
#pragma once

#include <cstdint>
#include <vector>

#include "motley/job/changes.hpp"
#include "motley/mpi/communicator.hpp"
#include "motley/network/distributed_graph.hpp"

namespace motley::experiment {

/// The number of a link among N agents: the same for both directions.
inline std::uint64_t link_number(AgentId a, AgentId b, AgentId agents) {
    const auto low = static_cast<std::uint64_t>(a < b ? a : b);
    const auto high = static_cast<std::uint64_t>(a < b ? b : a);
    return low * static_cast<std::uint64_t>(agents) + high;
}

/// How far the one partner of an agent lies in this step: 2^(t mod ceil(log2 N)).
inline AgentId one_peer_stride(std::int64_t step, AgentId agents) {
    std::int64_t strides = 0;
    while ((AgentId{1} << strides) < agents) ++strides;
    return AgentId{1} << (step % strides);
}

/// Collective. For every out-arc whether the event takes it, in the order of the out-rows: as many
/// links as it says, in a drawn order. `marks`: those of the out-arcs; links that are closed
/// already are not taken. `index` numbers the event.
template <class Real>
std::vector<bool> selected_links(const job::Event& event, std::size_t index,
                                 const network::DistributedGraph<Real>& graph,
                                 const std::vector<std::uint64_t>& marks, std::uint64_t seed,
                                 const mpi::Communicator& comm);

}  // namespace motley::experiment

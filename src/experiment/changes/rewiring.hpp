// Arcs that are replaced: which agents drop which arc in an epoch, and for which partner.
#pragma once

#include <span>
#include <vector>

#include "motley/mpi/communicator.hpp"
#include "motley/network/distributed_graph.hpp"
#include "motley/partition/partition.hpp"
#include "motley/simulation/simulation.hpp"
#include "motley/topology/spec.hpp"

namespace motley::experiment {

struct RewiringRules {
    topology::Dynamic dynamic;
    bool directed = false;  ///< agents own their out-arcs; else the edges to greater ids
    double survival = 1.0;  ///< of a new arc
    std::uint64_t seed = 1;
};

/// Collective. The arcs out of owned agents after the epoch before step `step`. All decisions are
/// made in the state as it stands. `gone`: ids of agents that are gone, ascending; they neither act
/// nor become partners.
template <class Real>
std::vector<network::RoutedArc> rewired_arcs(simulation::Simulation<Real>& simulation,
                                             const RewiringRules& rules, std::int64_t step,
                                             std::span<const AgentId> gone,
                                             const partition::Partition& partition,
                                             const mpi::Communicator& comm);

}  // namespace motley::experiment

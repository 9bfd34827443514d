// The order in which an attack takes agents.
#pragma once

#include <span>
#include <vector>

#include "motley/job/attack.hpp"
#include "motley/mpi/communicator.hpp"
#include "motley/simulation/simulation.hpp"

namespace motley::experiment {

/// Collective. The ids of all hosts of a system, first taken first; on every rank. Ties go by
/// ascending id, so that the order does not depend on ranks. `group` is the number of agents of a
/// group (order "group" only).
template <class Real>
std::vector<AgentId> attack_order(job::AttackOrder order,
                                  const simulation::Simulation<Real>& simulation,
                                  std::uint64_t seed, std::int64_t replicate, AgentId group,
                                  const mpi::Communicator& comm);

/// Number of agents of a group at a level of a nested topology; the outermost is 1.
AgentId group_size(const std::vector<topology::Level>& levels, AgentId agents, std::int64_t level);

}  // namespace motley::experiment

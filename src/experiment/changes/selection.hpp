// Which agents an event takes.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "motley/job/changes.hpp"
#include "motley/mpi/communicator.hpp"
#include "motley/simulation/simulation.hpp"

namespace motley::experiment {

/// An event as messages name it: "event[2] at step 40".
std::string name_of(std::size_t index, const job::Event& event);
/// A usage error about an event that all ranks throw.
[[noreturn]] void refuse(std::size_t index, const job::Event& event, const std::string& why);

/// The agents of a list, ascending; `names` are those of the agents, or empty. Input errors carry
/// file and line. Not collective.
std::vector<AgentId> read_list(const std::string& file, AgentId hosts,
                               const std::vector<std::string>& names);

/// How many of `all` the event takes.
std::int64_t number_taken(const job::Selection& select, std::int64_t all);

/// Collective. The agents that the event takes among those that `can` be taken, ascending, on every
/// rank. `index` numbers the event. `list`: for order "list".
template <class Real>
std::vector<AgentId> selected(const job::Event& event, std::size_t index,
                              const std::vector<AgentId>& list,
                              const simulation::Simulation<Real>& simulation, std::uint64_t seed,
                              const std::function<bool(AgentId)>& can,
                              const mpi::Communicator& comm);

}  // namespace motley::experiment

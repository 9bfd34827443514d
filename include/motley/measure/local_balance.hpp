// What groups of agents lack: how far the tasks that a group divides its effort among are from
// those of the whole system, and from those of a group drawn at random.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "motley/core/ids.hpp"
#include "motley/mpi/communicator.hpp"

namespace motley::measure {

/// Kullback-Leibler divergence, nats, of the shares of `part` from those of `whole`: amounts by
/// task, which need not sum to 1. 0 where `part` is nothing. A task without a part of the whole
/// must have none of `part`.
double divergence(std::span<const double> part, std::span<const double> whole);

/// The divergence that n agents drawn at random are expected to have, by n. With N agents it is
/// f(n) (N - n) / (n (N - 1)); f changes slowly. f is measured on seeded random groups of 1, 2, 4,
/// ... agents, and tends to the second order of the divergence, which is a sum over all agents; in
/// between it is linear in 1/n. The same for any ranks.
class RandomGroups {
  public:
    /// Collective. `ids` are the agents of this rank, all below `agents`; `efforts(i, out)` writes
    /// the efforts of agent `ids[i]`, one number per task.
    RandomGroups(AgentId agents, std::span<const AgentId> ids, int tasks,
                 const std::function<void(std::size_t, double*)>& efforts, std::uint64_t seed,
                 const mpi::Communicator& comm);

    /// Expected divergence of `members` agents, nats; 0 for all of them.
    double expected(double members) const;
    /// Collective. The local balance of groups of `stride` consecutive ids: their mean divergence
    /// from the whole over what is expected of as many agents drawn at random. About 1 for groups
    /// of 1, and 0 for a group of all. `efforts(i, out)` as above.
    double balance(AgentId stride, std::span<const AgentId> ids,
                   const std::function<void(std::size_t, double*)>& efforts,
                   const mpi::Communicator& comm) const;
    /// Effort of all agents by task.
    const std::vector<double>& whole() const { return whole_; }
    AgentId agents() const { return agents_; }

  private:
    AgentId agents_;
    std::vector<double> whole_;
    double limit_ = 0.0;                            ///< f of many agents
    std::vector<std::pair<double, double>> table_;  ///< (n, f), n ascending
};

}  // namespace motley::measure

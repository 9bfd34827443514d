// Groups of consecutive agents, and exact sums over each of them.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "motley/model/local_graph.hpp"
#include "motley/mpi/communicator.hpp"

namespace motley::simulation {

/// Agents with the same id / size are a group. A rank knows the groups of its own agents; those
/// with agents on several ranks it shares with all.
class AgentGroups {
  public:
    /// Collective. `ids` are the owned agents in local order; `comm` must outlive the groups.
    AgentGroups(std::span<const AgentId> ids, AgentId agents, AgentId size,
                const mpi::Communicator& comm);

    /// Number of the group of a row, below `count()`. Not collective.
    std::size_t of(LocalId row) const { return group_[row]; }
    std::size_t count() const { return shared_ + own_; }

    /// Collective. The exact sum of `value(row)` over each group, for every group of this rank.
    std::vector<double> sums(const std::function<double(LocalId)>& value) const;
    /// Collective. The largest `value(row)` of each group; values are at least 0.
    std::vector<double> maxima(const std::function<double(LocalId)>& value) const;
    /// Collective. The exact sum of one number per group over all groups, each counted once.
    double total(std::span<const double> of_groups) const;

  private:
    const mpi::Communicator& comm_;
    std::vector<std::size_t> group_;  ///< of every row: shared groups first, then own ones
    std::size_t shared_ = 0;          ///< groups with agents on several ranks
    std::size_t own_ = 0;
};

}  // namespace motley::simulation

// The partners of partners: who they are, and what they pay.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "motley/mpi/communicator.hpp"
#include "motley/partition/partition.hpp"
#include "motley/simulation/simulation.hpp"

namespace motley::experiment {

/// Answers about agents of any rank. What will be asked about agents of other ranks is fetched
/// first, once.
template <class Real>
class Partners {
  public:
    /// All must outlive this.
    Partners(const simulation::Simulation<Real>& simulation, const partition::Partition& partition,
             const mpi::Communicator& comm);

    /// Collective. Fetches the targets of the arcs out of these agents; owned and repeated ids are
    /// left out.
    void fetch_targets(std::vector<AgentId> ids);
    /// Collective. Fetches the values q of these agents, likewise.
    void fetch_values(std::vector<AgentId> ids);

    // Not collective; the agent must be owned or have been fetched.

    /// Calls `action` with the target of every arc out of the agent.
    template <class Action>
    void each_target(AgentId id, Action action) const {
        const auto& graph = simulation_.graph();
        const std::int32_t place = places_[static_cast<std::size_t>(id)];
        if (place < static_cast<std::int32_t>(graph.owned())) {
            const auto& out = graph.out();
            const auto row = static_cast<LocalId>(place);
            for (auto e = out.offsets[row]; e < out.offsets[row + 1]; ++e) {
                action(graph.agent_of(out.columns[e]));
            }
            return;
        }
        const auto n = static_cast<std::size_t>(place) - graph.owned();
        for (std::size_t i = offsets_[n]; i < offsets_[n + 1]; ++i) action(targets_[i]);
    }
    /// K values per unit of output.
    std::span<const Real> values_of(AgentId id) const;
    /// The row of an agent; negative unless it is owned.
    std::int32_t row_of(AgentId id) const { return rows_[static_cast<std::size_t>(id)]; }

  private:
    /// Collective. Sends ids to their owners. `answer` appends what is asked about a row to a
    /// message; the answers come in the order of `ids`, which are sorted by owner, `lengths` says
    /// how long each is. The place of an id becomes `owned` + its number.
    template <class Number, class Answer>
    std::vector<Number> ask(std::vector<AgentId> ids, Answer answer,
                            std::vector<std::int64_t>& lengths);

    const simulation::Simulation<Real>& simulation_;
    const partition::Partition& partition_;
    const mpi::Communicator& comm_;
    std::vector<std::int32_t> rows_;    ///< by id: the row of an owned agent; -1: another rank's
    std::vector<std::int32_t> places_;  ///< the same, or owned + number of a fetched agent
    std::vector<std::size_t> offsets_;
    std::vector<AgentId> targets_;
    std::vector<Real> values_;
};

extern template class Partners<double>;
extern template class Partners<float>;

}  // namespace motley::experiment

// What several parts of a simulation ask of its graph.
#pragma once

#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "motley/network/distributed_graph.hpp"
#include "motley/network/owned_agents.hpp"

namespace motley::simulation {

/// The place of each wanted id among `ids`, which are in any order. It is an internal error if one
/// is not there, because agents stay on their rank.
inline std::vector<LocalId> rows_of(std::span<const AgentId> ids, std::span<const AgentId> wanted) {
    std::vector<AgentId> ascending(ids.begin(), ids.end());
    std::ranges::sort(ascending);
    const AgentId last = ascending.empty() ? 0 : ascending.back();
    const network::OwnedAgents owned(std::move(ascending), last + 1);
    std::vector<LocalId> row_at(ids.size());
    for (std::size_t row = 0; row < ids.size(); ++row) {
        row_at[static_cast<std::size_t>(owned.find(ids[row]))] = static_cast<LocalId>(row);
    }
    std::vector<LocalId> rows;
    rows.reserve(wanted.size());
    for (const AgentId id : wanted) {
        const std::int64_t position = owned.find(id);
        if (position < 0) {
            throw internal_error("agent " + std::to_string(id) + " is on another rank than before");
        }
        rows.push_back(row_at[static_cast<std::size_t>(position)]);
    }
    return rows;
}

/// Collective. False where weights of arcs cannot change: sums replace arcs, or the graph was built
/// without network::ArcStorage::weighted. A rank whose agents have no out-arcs has no survivals
/// either, so that all ranks decide together.
template <class Real>
bool weights_may_change(const network::DistributedGraph<Real>& graph,
                        const mpi::Communicator& comm) {
    const bool lacking = graph.out().survivals.empty() && !graph.out().weights.empty();
    const bool refused = graph.coupling() != model::Coupling::weighted || lacking;
    return comm.max(std::int64_t{refused}) == 0;
}

}  // namespace motley::simulation

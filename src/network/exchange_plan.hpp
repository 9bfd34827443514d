// Third phase of the build: plans which units each rank sends to which and where ghosts are stored.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "key_set.hpp"
#include "motley/core/buffer.hpp"
#include "motley/core/ids.hpp"
#include "motley/mpi/communicator.hpp"
#include "motley/mpi/halo_exchange.hpp"
#include "motley/network/owned_agents.hpp"
#include "motley/partition/partition.hpp"

namespace motley::network {

/// The half of an agent's message that a unit carries, where units are half rows.
enum class Half { stock, value };

/// Units of the message buffer by agent: locally as numbers, globally as keys, which ascend by
/// (agent, half).
struct UnitScheme {
    int per_agent = 1;  ///< 1: a unit is a whole row (stock | value), and halves are not told apart

    std::int64_t key(AgentId agent, Half half) const {
        return per_agent == 1 ? agent : 2 * agent + static_cast<int>(half);
    }
    AgentId agent_of(std::int64_t key) const { return key / per_agent; }
    Half half_of(std::int64_t key) const { return static_cast<Half>(key % per_agent); }
    std::uint32_t unit(LocalId row, Half half) const {
        return per_agent == 1 ? row : 2 * row + static_cast<std::uint32_t>(half);
    }
};

/// Local rows of the owned agents.
struct LocalRows {
    const OwnedAgents& owned;
    std::vector<LocalId> row;  ///< position among the ascending owned ids -> local row
};

/// Units of other ranks that this one needs.
struct Ghosts {
    KeySet keys;
    std::vector<std::uint32_t> places;  ///< place of each key among the ghost units
    Buffer<NarrowId> ids;               ///< agent of every ghost unit, by place

    std::uint32_t place_of(std::int64_t key) const { return places[keys.place_of(key)]; }
};

/// Collective. Asks the owners for the ghosts with the given keys. Ghosts come in their
/// owner's local order, so that adjacent rows of an owner are sent as adjacent units. Fills
/// `ghosts.places` and `ghosts.ids`.
mpi::HaloPlan plan_exchange(const UnitScheme& scheme, const LocalRows& rows,
                            const partition::Partition& partition, const mpi::Communicator& comm,
                            Ghosts& ghosts);

}  // namespace motley::network

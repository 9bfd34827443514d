// What a rank sends in an exchange, as the cost model counts it.
#pragma once

#include <cstddef>
#include <cstdint>

#include "motley/measure/cost_model.hpp"
#include "motley/mpi/halo_exchange.hpp"

namespace motley::measure {

/// Groups of consecutive nodes of a machine whose network has less bandwidth between them than
/// within: groups of a dragonfly, or subtrees of a fat tree with fewer links up than down.
struct Islands {
    std::int64_t nodes = 0;  ///< in each; 0: the machine is one island
    /// False: every two islands have a link of their own, one for each direction. True: an island
    /// has one link to all others.
    bool shared_link = false;
};

/// Collective over `comm`. Messages and bytes of `plan` when each goes from rank to rank, with
/// units of `unit_bytes`; the other members are 0. `node`: the ranks of `comm` on the node of this
/// one. Nodes are numbered by their lowest ranks.
RankLoad exchange_load(const mpi::HaloPlan& plan, std::size_t unit_bytes,
                       const mpi::Communicator& comm, const mpi::Communicator& node,
                       const Islands& islands);

}  // namespace motley::measure

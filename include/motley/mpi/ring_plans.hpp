// Plans of messages that are all alike, to measure what messages cost.
#pragma once

#include <vector>

#include "motley/mpi/halo_exchange.hpp"

namespace motley::mpi {

/// Collective over `comm`. Each rank sends to the ranks that follow it, around all ranks: 1, 16,
/// 256, 4096 and 65536 units to the next; then a unit each to 2, 4, 8, ... 256, as far as there are
/// so many others; and where there is another node, 16, 256, 4096 and 65536 units to the rank that
/// is as far ahead as the largest node has ranks: all of it leaves the node where nodes are alike.
/// None for a rank alone. `node`: the ranks of `comm` on the node of this one.
std::vector<HaloPlan> ring_plans(const Communicator& comm, const Communicator& node);

}  // namespace motley::mpi

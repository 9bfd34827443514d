// Plans of messages that are all alike, to measure what messages cost.
#pragma once

#include <vector>

#include "motley/mpi/halo_exchange.hpp"

namespace motley::mpi {

/// Each rank sends to the ranks that follow it, around all ranks: 1, 16, 256, 4096 and 65536 units
/// to one of them; then a unit each to 4, 16, 64 and 256, as far as there are so many others. None
/// for a rank alone.
std::vector<HaloPlan> ring_plans(const Communicator& comm);

}  // namespace motley::mpi

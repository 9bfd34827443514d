// A plan of messages that are all alike, to measure what messages cost.
#pragma once

#include "motley/mpi/halo_exchange.hpp"

namespace motley::mpi {

/// Each rank sends `units` units to each of the `neighbours` ranks that follow it, around all
/// ranks; there must be fewer neighbours than ranks.
HaloPlan ring_plan(const Communicator& comm, int neighbours, std::int64_t units);

}  // namespace motley::mpi

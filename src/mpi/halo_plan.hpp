// The check of the promises of an exchange plan.
#pragma once

#include "motley/mpi/halo_exchange.hpp"

namespace motley::mpi {

/// Collective. Throws the same internal error on every rank when `plan` breaks a promise on any:
/// ranks and offsets ascend, the units to send are owned, and what each rank sends is as much as
/// its peer expects. Costs one exchange of a number between every pair of ranks.
void check_plan(const Communicator& comm, const HaloPlan& plan);

}  // namespace motley::mpi

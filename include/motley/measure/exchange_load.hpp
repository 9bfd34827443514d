// What a rank sends in an exchange, as the cost model counts it.
#pragma once

#include <cstddef>

#include "motley/measure/cost_model.hpp"
#include "motley/mpi/halo_exchange.hpp"

namespace motley::measure {

/// Collective over `comm`. Messages and bytes of `plan` when each goes from rank to rank, with
/// units of `unit_bytes`; the other members are 0. `node`: the ranks of `comm` on the node of this
/// one.
RankLoad exchange_load(const mpi::HaloPlan& plan, std::size_t unit_bytes,
                       const mpi::Communicator& comm, const mpi::Communicator& node);

}  // namespace motley::measure

// Fleets as the numbers that ranks send one another.
#pragma once

#include <cstddef>
#include <vector>

#include "motley/mpi/communicator.hpp"
#include "motley/redesign/study/study.hpp"

namespace motley::redesign {

/// Collective: the fleets of rank 0's designs, on every rank.
std::vector<fleet::Fleet> broadcast_fleets(const mpi::Communicator& comm,
                                           const RedesignResult& result, std::size_t types);

/// Appends `fleet`, which may be empty, as 1 + `types` numbers.
void append_fleet(const fleet::Fleet& fleet, std::size_t types, std::vector<double>& message);
/// Reads the fleet at `at`, and moves `at` behind it.
fleet::Fleet take_fleet(std::vector<double>::const_iterator& at, std::size_t types);

}  // namespace motley::redesign

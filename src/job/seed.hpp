// The seed of a run and of all its random numbers.
#pragma once

#include <cstdint>

#include "motley/job/job.hpp"

namespace motley::job {

/// Sets the one seed from which all random numbers of a run are drawn.
void set_seed(Run& run, std::uint64_t seed);

}  // namespace motley::job

// The seed of a run and of all that is drawn in it.
#pragma once

#include <cstdint>

#include "motley/job/job.hpp"

namespace motley::job {

/// Everything random in a run starts from its one seed.
void set_seed(Run& run, std::uint64_t seed);

}  // namespace motley::job

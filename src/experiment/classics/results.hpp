// The rows of the table of classical results, one file each.
#pragma once

#include "classic_jobs.hpp"
#include "motley/experiment/classics/classics.hpp"

namespace motley::experiment {

extern const Classic comparative_advantage;
extern const Classic tuning;
extern const Classic distance_rule;
extern const Classic speed_up_laws;

}  // namespace motley::experiment

// The rows of the table of classical results, one file each.
#pragma once

#include "classic_jobs.hpp"
#include "motley/experiment/classics/classics.hpp"

namespace motley::experiment {

/// How far a solved system may be from a theorem: its certificate, with room for rounding.
constexpr double solved_tolerance = 1e-6;

extern const Classic comparative_advantage;
extern const Classic gravity;
extern const Classic division_of_labour;
extern const Classic exclusion;
extern const Classic biodiversity;
extern const Classic dispersal;
extern const Classic tuning;
extern const Classic sparse_codes;
extern const Classic distance_rule;
extern const Classic speed_up_laws;
extern const Classic placement;
extern const Classic diffusion;

}  // namespace motley::experiment

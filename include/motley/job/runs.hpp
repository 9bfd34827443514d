// Data that jobs of all kinds have: a name, a folder of results, and runs.
#pragma once

#include <string>
#include <vector>

#include "motley/job/job.hpp"

namespace motley::job {

const std::string& name_of(const Job& job);

/// Folder of the results.
std::string directory_of(const Job& job);

/// Runs that differ in more than their replicate: the first replicate of each cell of a comparison,
/// else the run itself. An internal error for a redesign or a swarm, which has no runs. The
/// pointers point into `job`.
std::vector<const Run*> distinct_runs(const Job& job);

}  // namespace motley::job

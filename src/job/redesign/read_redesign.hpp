// kind = "redesign": reads the keys and the table of rates, and makes a problem of them.
#pragma once

#include "job/findings.hpp"
#include "motley/job/job.hpp"

namespace motley::job {

/// Reads a whole redesign and its table of rates. Throws a usage error with all findings in the
/// job, or an input error of the table. `root` is the job file, in which paths are resolved.
Redesign read_redesign(Value& root, Findings& findings);

/// Checks that flows go to classes of the demand, and that every topology is complete, is connected
/// and has a host for each device of its fleet. Gives the seed of the job to the topologies.
void check_networks(Redesign& redesign, const Value& root, const std::vector<std::string>& tasks,
                    Findings& findings);

/// Writes the rates of the table, of the job and of rooflines to `redesign.problem`.
void add_rates(Redesign& redesign);

}  // namespace motley::job

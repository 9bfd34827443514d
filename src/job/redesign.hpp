// kind = "redesign": from keys and the table of rates to a problem that can be solved.
#pragma once

#include "job/findings.hpp"
#include "motley/job/job.hpp"

namespace motley::job {

/// Reads a whole redesign and its table of rates. Throws a usage error with all findings of the
/// job, or an input error of the table. `root` is its file; paths in it are resolved.
Redesign read_redesign(Value& root, Findings& findings);

/// Flows go to classes that there are; every topology is complete, is connected and has a host for
/// each device of its fleet. Topologies get the seed of the job.
void check_networks(Redesign& redesign, const Value& root, const std::vector<std::string>& tasks,
                    Findings& findings);

/// Rates of the table and of the job, and rooflines, into `redesign.problem`.
void add_rates(Redesign& redesign);

}  // namespace motley::job

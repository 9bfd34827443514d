// Checks conditions between keys, which the rows of the key table cannot express.
#pragma once

#include "job/findings.hpp"
#include "motley/job/job.hpp"

namespace motley::job {

/// `given`: the values that `run` was read from, for positions.
/// A pool has no openness: resolved texts leave it out.
void leave_out_meaningless(Run& run);
void check_run(const Run& run, const Value& given, Findings& findings);
/// Events, failures and arcs that change.
void check_changes(const Run& run, const Value& given, Findings& findings);
/// Tells the model whether agents may fail and arcs change.
void note_changes(Run& run);
/// Finds a graph that changes where none can.
void refuse_dynamic(const topology::Spec& topology, const Value& given, Findings& findings);
void check_topology(const topology::Spec& topology, const Value& given, Findings& findings);

}  // namespace motley::job

// The phases of one run in one precision: set-up, solution, structure, files.
#pragma once

#include "motley/experiment/run/run.hpp"
#include "run_context.hpp"

namespace motley::experiment {

/// Collective. Makes the system, resumes from the checkpoint that was found, solves, measures, and
/// writes the files of the results. A run that is set aside leaves a checkpoint and no other file.
template <class Real>
RunResult run_phases(const RunContext& context);

}  // namespace motley::experiment

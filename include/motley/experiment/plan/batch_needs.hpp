// What a job asks a batch system for: ranks, memory and time.
#pragma once

#include <cstdint>
#include <string>

#include "motley/experiment/plan/plan.hpp"

namespace motley::experiment {

/// What one start of a job needs.
struct BatchNeeds {
    std::int64_t megabytes = 0;  ///< MiB per rank, with a margin of one quarter
    double seconds = 0.0;        ///< if every step that may be made is made
};

/// Ranks on each node of `cores` cores: all cores for a single run; for a comparison as many as its
/// runs can use; for each of `elements` elements of a job array the ranks of one run.
int batch_ranks(const job::Job& job, int cores, int elements);

/// Collective. Plans the job on `ranks` ranks. A comparison needs the memory of its largest run and
/// the time of all its runs, shared among `elements` elements of a job array (0: no array). A usage
/// error for a redesign.
BatchNeeds batch_needs(const job::Job& job, int ranks, int elements, const mpi::Communicator& comm);

/// MiB to ask for per rank: the memory of the largest rank with a margin of one quarter.
std::int64_t batch_megabytes(const RunPlan& plan);
/// Minutes to ask for: `seconds` with a margin of one half.
std::int64_t batch_minutes(double seconds);
/// Time limit as SLURM reads it: with that margin, but at most a day, because a run that is longer
/// is better set aside and resumed.
std::string batch_time_limit(const BatchNeeds& needs);

/// #SBATCH lines for a run as planned: tasks, memory per task, time.
std::string sbatch_lines(const RunPlan& plan);

}  // namespace motley::experiment

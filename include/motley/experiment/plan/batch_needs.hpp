// The ranks, memory and time that a job requests from a batch system.
#pragma once

#include <cstdint>
#include <string>

#include "motley/experiment/plan/plan.hpp"

namespace motley::experiment {

/// The needs of one start of a job.
struct BatchNeeds {
    std::int64_t megabytes = 0;  ///< MiB per rank, with a margin of one quarter
    double seconds = 0.0;        ///< if the run makes every step that it may make
};

/// Ranks on each node of `cores` cores. A single run takes all cores; a comparison as many as its
/// runs can use; each of `elements` elements of a job array the ranks of one run.
int batch_ranks(const job::Job& job, int cores, int elements);

/// Collective. Plans the job on `ranks` ranks. A comparison needs the memory of its largest run and
/// the time of all its runs, shared among `elements` elements of a job array (0: no array). A usage
/// error for a redesign.
BatchNeeds batch_needs(const job::Job& job, int ranks, int elements, const mpi::Communicator& comm);

/// MiB to ask for per rank: `bytes`, those of the largest rank, with a margin of one quarter.
std::int64_t batch_megabytes(std::int64_t bytes);
/// Minutes to ask for: `seconds` with a margin of one half.
std::int64_t batch_minutes(double seconds);
/// Time limit as SLURM reads it, with that margin, but at most a day, because it is better to set a
/// longer run aside and to resume it.
std::string batch_time_limit(const BatchNeeds& needs);

/// #SBATCH lines of a job on `ranks` ranks: tasks, memory per task, time without a limit of a day.
std::string sbatch_lines(std::size_t ranks, const BatchNeeds& needs);

}  // namespace motley::experiment

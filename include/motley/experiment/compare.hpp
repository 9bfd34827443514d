// kind = "compare": every cell of a design, each run complete in itself.
#pragma once

#include <string>
#include <vector>

#include "motley/experiment/comparison.hpp"

namespace motley::experiment {

/// Collective; the same result on every rank. Hands the runs, longest first, to groups of
/// `ranks_per_run` ranks as they become free, and writes manifest, runs.csv, summary.csv,
/// compare.h5 and status.json to <directory>/<name>. A run that fails in order (its ranks agree) is
/// kept with its reason, and the next one starts. Runs that an earlier start of the same job
/// finished are not made again; the tables are the same bits, however often it was interrupted and
/// on however many ranks. When it is set aside, `pause` says why. A usage error where the folder
/// holds another job.
Comparison compare(const job::Compare& job, const std::string& resolved_text,
                   const std::vector<std::string>& command, const mpi::Communicator& comm,
                   const Console& console, const Limits& limits = {});

}  // namespace motley::experiment

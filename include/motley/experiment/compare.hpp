// kind = "compare": every combination of the factors, each a complete run.
#pragma once

#include <string>
#include <vector>

#include "motley/experiment/run.hpp"

namespace motley::experiment {

/// The table of a comparison: one row per combination, means over its replicates.
struct Comparison {
    std::string directory;
    std::vector<std::string> header;
    std::vector<std::vector<std::string>> rows;
    int failed = 0;  ///< runs that failed; they stand in runs.csv with their reason
};

/// Collective. Hands the runs to groups of `ranks_per_run` ranks, in turn, and writes
/// <directory>/<name>/runs.csv (a row per run) and status.json. A run that fails in order (its
/// ranks agree) is recorded with its reason and the next one starts. The result of a run does not
/// depend on the groups.
Comparison compare(const job::Compare& job, const std::string& resolved_text,
                   const std::vector<std::string>& command, const mpi::Communicator& comm,
                   const Console& console);

}  // namespace motley::experiment

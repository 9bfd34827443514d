// The part that `motley run` and `motley resume` share: it runs a job of any kind.
#pragma once

#include <string>

#include "commands.hpp"
#include "motley/job/job.hpp"

namespace motley::cli {

struct ExecuteOptions {
    std::string time_limit;  ///< empty: the end of the SLURM job
    std::string share;       ///< "2/8"; empty: the whole comparison
    bool quiet = false;
    bool fresh = false;
};

/// Adds --time-limit and --quiet.
void add_execute_options(CLI::App& command, ExecuteOptions& options);

/// Collective. Runs the job, prints its results, and returns the exit code.
int execute(const job::Job& job, const ExecuteOptions& options, const Context& context);

}  // namespace motley::cli

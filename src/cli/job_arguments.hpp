// The arguments of commands that read a job file.
#pragma once

#include <string>
#include <vector>

#include "commands.hpp"
#include "motley/job/job.hpp"

namespace CLI {
class Option;
}

namespace motley::cli {

struct JobArguments {
    std::string path;
    std::vector<std::string> set;  ///< "key=value"
};

/// Adds JOB and --set; returns the option of JOB.
CLI::Option* add_job_arguments(CLI::App& command, JobArguments& arguments);

/// Collective. Reads and checks the job on every rank.
job::Job load_job(const JobArguments& arguments, const Context& context);

}  // namespace motley::cli

#include "job_arguments.hpp"

#include <CLI/CLI.hpp>

namespace motley::cli {

CLI::Option* add_job_arguments(CLI::App& command, JobArguments& arguments) {
    auto* path = command.add_option("JOB", arguments.path, "Job file (TOML)");
    command
        .add_option("--set", arguments.set,
                    "Give a key of the job another value: --set model.tasks=4")
        ->allow_extra_args(false);
    return path;
}

job::Job load_job(const JobArguments& arguments, const Context& context) {
    job::Job job;
    mpi::together(context.comm, [&] { job = job::load(arguments.path, arguments.set); });
    return job;
}

}  // namespace motley::cli

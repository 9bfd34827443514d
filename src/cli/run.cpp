// motley run JOB: runs an experiment; its kind is in the job file.
#include "motley/experiment/run.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "commands.hpp"
#include "motley/experiment/compare.hpp"
#include "motley/job/job.hpp"
#include "output.hpp"

namespace motley::cli {
namespace {

struct Options {
    std::string job;
    std::vector<std::string> set;
    bool quiet = false;
};

void print_comparison(const experiment::Comparison& comparison) {
    std::vector<std::vector<std::string>> rows = {comparison.header};
    rows.insert(rows.end(), comparison.rows.begin(), comparison.rows.end());
    std::printf("%s\nfiles: %s/{runs.csv, status.json} and a folder per run\n", table(rows).c_str(),
                comparison.directory.c_str());
}

int run(const Options& options, const Context& context) {
    const auto& comm = context.comm;
    job::Job job;
    mpi::together(comm, [&] { job = job::load(options.job, options.set); });
    const experiment::Console console{options.quiet || !comm.root(), isatty(STDERR_FILENO) == 1};
    if (job.kind == job::Kind::compare) {
        const auto comparison =
            experiment::compare(job.compare, job.resolved_text, context.command, comm, console);
        if (comm.root()) print_comparison(comparison);
        return comparison.failed > 0 ? static_cast<int>(ErrorKind::input) : 0;
    }
    const auto result = experiment::run(job.run, job.resolved_text, context.command, comm, console);
    if (comm.root()) std::printf("%s", summary(result).c_str());
    return 0;
}

}  // namespace

void add_run(CLI::App& app, const Context& context, Action& action) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("run", "Run an experiment (its kind is in the job file)");
    command->add_option("JOB", options->job, "Job file (TOML)")->required();
    command->add_option("--set", options->set, "Override a key: --set model.tasks=4")
        ->allow_extra_args(false);
    command->add_flag("-q,--quiet", options->quiet, "No progress lines");
    command->callback([&context, &action, options] {
        action = [&context, options] { return run(*options, context); };
    });
}

}  // namespace motley::cli

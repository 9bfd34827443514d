// motley run JOB: runs an experiment; its kind is in the job file.
#include <CLI/CLI.hpp>
#include <memory>

#include "commands.hpp"
#include "execute.hpp"

namespace motley::cli {
namespace {

struct Options {
    std::string job;
    std::vector<std::string> set;
    ExecuteOptions execute;
};

int run(const Options& options, const Context& context) {
    job::Job job;
    mpi::together(context.comm, [&] { job = job::load(options.job, options.set); });
    return execute(job, options.execute, context);
}

}  // namespace

void add_run(CLI::App& app, const Context& context, Action& action) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand(
        "run", "Run an experiment (its kind is in the job file); goes on from its checkpoint");
    command->add_option("JOB", options->job, "Job file (TOML)")->required();
    command->add_option("--set", options->set, "Override a key: --set model.tasks=4")
        ->allow_extra_args(false);
    command->add_flag("--fresh", options->execute.fresh,
                      "Start over, even where there is a checkpoint");
    command
        ->add_option("--share", options->execute.share,
                     "Of a comparison, make one of N shares of the runs beside others: 2/8")
        ->type_name("I/N");
    add_execute_options(*command, options->execute);
    command->callback([&context, &action, options] {
        action = [&context, options] { return run(*options, context); };
    });
}

}  // namespace motley::cli

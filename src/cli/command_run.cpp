// motley run JOB: runs an experiment; its kind is in the job file.
#include <CLI/CLI.hpp>
#include <memory>

#include "commands.hpp"
#include "execute.hpp"
#include "job_arguments.hpp"

namespace motley::cli {
namespace {

struct RunOptions {
    JobArguments job;
    ExecuteOptions execute;
};

}  // namespace

void add_run(CLI::App& app, const Context& context, Action& action) {
    auto options = std::make_shared<RunOptions>();
    auto* command = app.add_subcommand(
        "run", "Run the experiment of a job file, or go on with it from its checkpoint");
    add_job_arguments(*command, options->job)->required();
    command->add_flag("--fresh", options->execute.fresh,
                      "Start over: delete checkpoints and runs that an earlier start finished");
    command
        ->add_option("--share", options->execute.share,
                     "Make only the I-th of N shares of a comparison's runs, beside other shares: "
                     "--share 2/8")
        ->type_name("I/N");
    add_execute_options(*command, options->execute);
    command->callback([&context, &action, options] {
        action = [&context, options] {
            return execute(load_job(options->job, context), options->execute, context);
        };
    });
}

}  // namespace motley::cli

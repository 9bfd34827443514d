// motley plan JOB: prints the resources that a run needs.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "commands.hpp"
#include "job_arguments.hpp"
#include "motley/job/runs.hpp"
#include "output.hpp"

namespace motley::cli {
namespace {

struct PlanOptions {
    JobArguments job;
    int ranks = 0;  ///< 0: as many as this command has
};

int print_plans(const PlanOptions& options, const Context& context) {
    const job::Job job = load_job(options.job, context);
    const PlanningRanks ranks_here(job, context.comm);
    const auto& comm = ranks_here.comm();
    const int ranks = options.ranks > 0 ? options.ranks : comm.size();
    if (job.kind == job::JobKind::redesign) {
        mpi::on_root(comm, [&] {
            const auto plan = redesign::plan_study(job.redesign, ranks);
            std::printf("%s", summary(plan, job::name_of(job), ranks).c_str());
        });
        return 0;
    }
    if (job.kind == job::JobKind::swarm) {
        mpi::on_root(comm, [&] {
            const auto plan = swarm::plan_study(job.swarm, ranks);
            std::printf("%s", summary(plan, job::name_of(job), ranks).c_str());
        });
        return 0;
    }
    std::vector<const job::Run*> runs;
    mpi::together(comm, [&] { runs = job::distinct_runs(job); });
    for (const job::Run* run : runs) {
        const auto plan = experiment::plan(*run, ranks, comm);
        if (!comm.root()) continue;
        std::printf("%s%s", run == runs.front() ? "" : "\n", summary(plan, run->name).c_str());
    }
    return 0;
}

}  // namespace

void add_plan(CLI::App& app, const Context& context, Action& action) {
    auto options = std::make_shared<PlanOptions>();
    auto* command =
        app.add_subcommand("plan", "Predict memory, disk space, time and traffic of a run");
    add_job_arguments(*command, options->job)->required();
    command
        ->add_option("-n,--ranks", options->ranks,
                     "Ranks of the run; default: the ranks of this command")
        ->check(CLI::Range(1, 1 << 20));
    command->callback([&context, &action, options] {
        action = [&context, options] { return print_plans(*options, context); };
    });
}

}  // namespace motley::cli

// motley validate JOB: checks a job without running it.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>

#include "commands.hpp"
#include "job_arguments.hpp"
#include "motley/job/runs.hpp"

namespace motley::cli {
namespace {

struct ValidateOptions {
    JobArguments job;
    bool resolved = false;
};

/// Makes all topologies: only this reveals impossible sizes and graphs that cannot be read.
void make_topologies(const job::Job& job) {
    if (job.kind == job::JobKind::redesign || job.kind == job::JobKind::swarm) return;
    for (const job::Run* run : job::distinct_runs(job)) topology::make(run->topology);
}

std::size_t number_of_runs(const job::Job& job) {
    switch (job.kind) {
        case job::JobKind::compare:
            return job.compare.cells.size();
        case job::JobKind::redesign:
            return std::max<std::size_t>(job.redesign.designs.size(), 1);
        case job::JobKind::swarm:
            return job.swarm.variants.size() * job.swarm.operators.size() *
                   job.swarm.policies.size() * job.swarm.sites.size();
        default:
            return 1;
    }
}

int validate(const ValidateOptions& options, const Context& context) {
    const job::Job job = load_job(options.job, context);
    mpi::together(context.comm, [&] { make_topologies(job); });
    if (!context.comm.root()) return 0;
    if (options.resolved) {
        std::printf("%s", job.resolved_text.c_str());
        return 0;
    }
    const std::size_t runs = number_of_runs(job);
    std::printf("%s: valid, %zu run%s\n", options.job.path.c_str(), runs, runs == 1 ? "" : "s");
    return 0;
}

}  // namespace

void add_validate(CLI::App& app, const Context& context, Action& action) {
    auto options = std::make_shared<ValidateOptions>();
    auto* command = app.add_subcommand("validate", "Check a job file without running it");
    add_job_arguments(*command, options->job)->required();
    command->add_flag("--resolved", options->resolved, "Print the job with all its defaults");
    command->callback([&context, &action, options] {
        action = [&context, options] { return validate(*options, context); };
    });
}

}  // namespace motley::cli

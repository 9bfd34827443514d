#include "job_arguments.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "motley/job/runs.hpp"
#include "motley/topology/pipes.hpp"

namespace motley::cli {

CLI::Option* add_job_arguments(CLI::App& command, JobArguments& arguments) {
    auto* path = command.add_option("JOB", arguments.path, "Job file (TOML)");
    command
        .add_option("--set", arguments.set,
                    "Give a key of the job another value: --set model.tasks=4")
        ->allow_extra_args(false);
    return path;
}

void share_pipe(const topology::Spec& topology, const mpi::Communicator& comm) {
    if (comm.size() == 1 || topology.file.empty()) return;
    if (!comm.broadcast(topology::is_pipe(topology.file))) return;
    const std::string bytes =
        mpi::on_root(comm, [&] { return topology::read_pipe(topology.file); });
    topology::keep_pipe(topology.file, bytes);
}

PlanningRanks::PlanningRanks(const job::Job& job, const mpi::Communicator& comm)
    : given_(comm), world_(mpi::Communicator::alone()) {
    if (comm.native() != MPI_COMM_NULL) return;
    if (job.kind == job::JobKind::redesign || job.kind == job::JobKind::swarm) return;
    const bool scotch = std::ranges::any_of(job::distinct_runs(job), [](const job::Run* run) {
        return run->partition.method == partition::Method::scotch;
    });
    if (!scotch) return;
    int argc = 0;
    char** argv = nullptr;
    started_.emplace(argc, argv);
    world_ = mpi::Communicator::world();
}

job::Job load_job(const JobArguments& arguments, const Context& context) {
    job::Job job;
    mpi::together(context.comm, [&] { job = job::load(arguments.path, arguments.set); });
    if (job.kind != job::JobKind::redesign && job.kind != job::JobKind::swarm) {
        for (const job::Run* run : job::distinct_runs(job)) {
            share_pipe(run->topology, context.comm);
        }
    }
    return job;
}

}  // namespace motley::cli

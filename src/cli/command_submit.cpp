// motley submit JOB: writes a batch script and submits it to SLURM.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <thread>

#include "commands.hpp"
#include "job_arguments.hpp"
#include "motley/core/text.hpp"
#include "motley/experiment/plan/batch_needs.hpp"
#include "motley/job/batch.hpp"
#include "motley/job/runs.hpp"
#include "motley/record/record.hpp"
#include "output.hpp"
#include "slurm.hpp"

namespace motley::cli {
namespace {

namespace fs = std::filesystem;

struct SubmitOptions {
    JobArguments job;
    int nodes = 1;
    int ranks_per_node = 0;
    std::string time, partition, account, script;
    std::string launcher = "srun";
    int requeues = 10;
    int elements = 0;
    int throttle = 0;
    bool dry_run = false;
    bool print_template = false;
};

int default_ranks(const job::Job& job, const SubmitOptions& options) {
    const int cores =
        slurm_cores(options.partition)
            .value_or(std::max(1, static_cast<int>(std::thread::hardware_concurrency())));
    return experiment::batch_ranks(job, cores, options.elements);
}

std::vector<std::string> launcher_of(const SubmitOptions& options) {
    if (options.launcher == "mpirun") return {"mpirun"};
    const bool mpich = mpi::Environment::library_version().starts_with("MPICH");
    // Consecutive ranks share a node, because they exchange most.
    return {"srun", mpich ? "--mpi=pmi2" : "--mpi=pmix", "--distribution=block"};
}

job::Batch batch_of(const job::Job& job, const SubmitOptions& options,
                    const experiment::BatchNeeds& needs) {
    job::Batch batch;
    batch.name = job::name_of(job);
    batch.nodes = options.nodes;
    batch.ranks_per_node = options.ranks_per_node;
    batch.megabytes_per_rank = needs.megabytes;
    batch.time = options.time.empty() ? experiment::batch_time_limit(needs) : options.time;
    batch.log = job::batch_path(job::directory_of(job)) +
                (options.elements > 0 ? "/slurm-%A_%a.log" : "/slurm-%j.log");
    batch.partition = options.partition;
    batch.account = options.account;
    batch.elements = options.elements;
    batch.throttle = options.throttle;
    batch.program = fs::read_symlink("/proc/self/exe").string();
    batch.arguments = {options.job.path, "--quiet"};
    for (const auto& one : options.job.set)
        batch.arguments.insert(batch.arguments.end(), {"--set", one});
    batch.launcher = launcher_of(options);
    batch.requeues = options.requeues;
    batch.results = job::directory_of(job);
    return batch;
}

/// The job that follows an array: it runs the comparison without a share, which makes the tables.
job::Batch tables_of(const job::Job& job, job::Batch batch) {
    batch.elements = 0;
    batch.throttle = 0;
    batch.log = job::batch_path(job::directory_of(job)) + "/slurm-%j.log";
    return batch;
}

void require_idle(const std::string& directory) {
    const auto jobs = queued_jobs(read_submission(directory));
    if (!jobs) return;
    for (const auto& job : *jobs) {
        if (!job.active()) continue;
        throw usage_error(fmt::format("SLURM job {} works in this folder already ({}); wait, or "
                                      "`scancel {}`",
                                      job.id, job.state, job.id),
                          {directory});
    }
}

/// Writes the scripts into the folder of the results and submits them.
void hand_over(const job::Job& job, const job::Batch& batch, const std::string& text,
               const std::string& path) {
    if (!slurm_present()) {
        throw usage_error(fmt::format(
            "there is no SLURM here: no `sbatch` in PATH. --dry-run prints the script; without "
            "SLURM: mpirun -n {} motley run {}",
            batch.nodes * batch.ranks_per_node, job::shell_word(job.path)));
    }
    const std::string directory = job::directory_of(job);
    record::make_directory(directory);
    require_idle(directory);
    const std::string script = directory + "/run.sbatch";
    record::write_file(script, job::batch_script(batch, text, path));
    std::vector<std::string> ids = {submit_script(script, {})};
    write_submission(directory, ids);
    if (batch.elements > 0) {
        const std::string tables = directory + "/tables.sbatch";
        record::write_file(tables, job::batch_script(tables_of(job, batch), text, path));
        ids.push_back(submit_script(tables, {"--dependency=afterany:" + ids.front()}));
        write_submission(directory, ids);
        std::printf("submitted job %s: %d elements, then job %s for the tables\n", ids[0].c_str(),
                    batch.elements, ids[1].c_str());
    } else {
        std::printf("submitted job %s\n", ids[0].c_str());
    }
    std::printf("results  %s\nwatch    motley status %s\nstop     scancel %s\n", directory.c_str(),
                job::shell_word(directory).c_str(), ids[0].c_str());
}

void check(const job::Job& job, const SubmitOptions& options) {
    if (options.elements > 0 && job.kind != job::JobKind::compare) {
        throw usage_error("--array is for kind = \"compare\"; a single run takes more --nodes");
    }
    if (options.throttle > 0 && options.elements == 0) {
        throw usage_error("--throttle says how many elements of an --array run at once; give both");
    }
    if (options.elements > 0 && options.elements > std::ssize(job.compare.cells)) {
        throw usage_error(fmt::format("--array {} is more than the {} runs of this comparison",
                                      options.elements, job.compare.cells.size()));
    }
}

experiment::BatchNeeds needs_of(const job::Job& job, int ranks, int elements,
                                const mpi::Communicator& comm) {
    if (job.kind == job::JobKind::swarm) {
        experiment::BatchNeeds of_swarm;
        mpi::on_root(comm, [&] { of_swarm = batch_needs(swarm::plan_study(job.swarm, ranks)); });
        return of_swarm;
    }
    if (job.kind != job::JobKind::redesign) {
        return experiment::batch_needs(job, ranks, elements, comm);
    }
    experiment::BatchNeeds needs;
    mpi::on_root(comm, [&] { needs = batch_needs(redesign::plan_study(job.redesign, ranks)); });
    return needs;
}

int submit(SubmitOptions options, const Context& context) {
    const auto& comm = context.comm;
    if (options.print_template) {
        if (comm.root()) std::printf("%s", job::batch_template().c_str());
        return 0;
    }
    job::Job job;
    mpi::together(comm, [&] {
        if (options.job.path.empty()) throw usage_error("motley submit needs a JOB");
        job = job::load(options.job.path, options.job.set);
        check(job, options);
        if (options.ranks_per_node == 0) options.ranks_per_node = default_ranks(job, options);
    });
    const int ranks = options.nodes * options.ranks_per_node;
    const PlanningRanks planning(job, comm);
    const auto needs = needs_of(job, ranks, options.elements, planning.comm());
    mpi::on_root(comm, [&] {
        const job::Batch batch = batch_of(job, options, needs);
        std::string text = job::batch_template(), path = "run.sbatch";
        if (!options.script.empty()) {
            path = options.script;
            text = TextFile(path).text();
        }
        if (options.dry_run) {
            std::printf("%s", job::batch_script(batch, text, path).c_str());
        } else {
            hand_over(job, batch, text, path);
        }
    });
    return 0;
}

void add_resources(CLI::App& command, SubmitOptions& options) {
    command.add_option("--nodes", options.nodes, "Number of machines")
        ->check(CLI::Range(1, 1 << 20));
    command
        .add_option("--ntasks-per-node", options.ranks_per_node,
                    "Ranks on each machine; default: its cores, or for elements of an array the "
                    "job's ranks_per_run")
        ->check(CLI::Range(1, 1 << 20));
    command.add_option("--time", options.time,
                       "Time limit as SLURM writes it; default: one and a half times what the plan "
                       "says, at most a day");
    command.add_option("--partition", options.partition, "Partition (queue)");
    command.add_option("--account", options.account, "Account");
    command.add_option("--launcher", options.launcher, "Program that starts the ranks")
        ->check(CLI::IsMember({"srun", "mpirun"}));
}

}  // namespace

void add_submit(CLI::App& app, const Context& context, Action& action) {
    auto options = std::make_shared<SubmitOptions>();
    auto* command = app.add_subcommand(
        "submit", "Hand a job to SLURM, with the resources that its plan asks for");
    add_job_arguments(*command, options->job);
    add_resources(*command, *options);
    command
        ->add_option("--requeue", options->requeues,
                     "How often a run that was set aside (exit 75) is queued again")
        ->check(CLI::Range(0, 1 << 20));
    command
        ->add_option("--array", options->elements,
                     "Share the runs of a comparison among this many elements of a job array; "
                     "default: one allocation for all")
        ->check(CLI::Range(1, 1 << 20));
    command->add_option("--throttle", options->throttle, "Elements of the array that run at once")
        ->check(CLI::Range(1, 1 << 20));
    command->add_option("--template", options->script,
                        "Script of your own that has the lines of jobs/slurm/run.sbatch");
    command->add_flag("--dry-run", options->dry_run, "Print the script and hand nothing over");
    command->add_flag("--print-template", options->print_template, "Print jobs/slurm/run.sbatch");
    command->callback([&context, &action, options] {
        action = [&context, options] { return submit(*options, context); };
    });
}

}  // namespace motley::cli

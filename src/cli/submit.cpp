// motley submit JOB: a batch script for SLURM, and the job handed over.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <thread>

#include "commands.hpp"
#include "motley/core/text.hpp"
#include "motley/experiment/plan/plan.hpp"
#include "motley/job/batch.hpp"
#include "motley/job/job.hpp"
#include "motley/record/record.hpp"
#include "slurm.hpp"

namespace motley::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
    std::string job;
    std::vector<std::string> set;
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

/// What one start of the job needs.
struct Needs {
    std::int64_t megabytes = 0;  ///< per rank
    double seconds = 0.0;        ///< if every step that may be made is made
};

const std::string& name_of(const job::Job& job) {
    return job.kind == job::JobKind::compare ? job.compare.name : job.run.name;
}

std::string directory_of(const job::Job& job) {
    const auto& output = job.kind == job::JobKind::compare ? job.compare.output : job.run.output;
    return output.directory + "/" + name_of(job);
}

int default_ranks(const job::Job& job, const Options& options) {
    const int cores =
        slurm_cores(options.partition)
            .value_or(std::max(1, static_cast<int>(std::thread::hardware_concurrency())));
    if (job.kind != job::JobKind::compare) return cores;
    const int width = std::max(1, job.compare.ranks_per_run);
    if (options.elements > 0) return width;
    const auto runs = std::ssize(job.compare.cells);
    return static_cast<int>(std::clamp<std::int64_t>(runs * width, width, std::max(cores, width)));
}

/// Collective. A comparison needs the memory of its largest run, and the time of all together.
Needs needs_of(const job::Job& job, int ranks, int elements, const mpi::Communicator& comm) {
    Needs needs;
    if (job.kind != job::JobKind::compare) {
        const auto plan = experiment::plan(job.run, ranks, comm);
        return {experiment::batch_megabytes(plan), plan.seconds};
    }
    const int width = std::max(1, job.compare.ranks_per_run);
    for (const auto& cell : job.compare.cells) {
        if (cell.replicate != 0) continue;
        const auto plan = experiment::plan(cell.run, width, comm);
        needs.megabytes = std::max(needs.megabytes, experiment::batch_megabytes(plan));
        needs.seconds += plan.seconds * static_cast<double>(job.compare.replicates);
    }
    needs.seconds /= static_cast<double>(std::max(1, ranks / width) * std::max(1, elements));
    return needs;
}

/// A margin of one half. Beyond a day it is better to be set aside and to go on.
std::string time_of(const Options& options, const Needs& needs) {
    if (!options.time.empty()) return options.time;
    constexpr std::int64_t day = 24 * 60;
    return job::batch_time(std::min(experiment::batch_minutes(needs.seconds), day));
}

std::vector<std::string> launcher_of(const Options& options) {
    if (options.launcher == "mpirun") return {"mpirun"};
    const bool mpich = mpi::Environment::library_version().starts_with("MPICH");
    return {"srun", mpich ? "--mpi=pmi2" : "--mpi=pmix"};
}

job::Batch batch_of(const job::Job& job, const Options& options, const Needs& needs) {
    job::Batch batch;
    batch.name = name_of(job);
    batch.nodes = options.nodes;
    batch.ranks_per_node = options.ranks_per_node;
    batch.megabytes_per_rank = needs.megabytes;
    batch.time = time_of(options, needs);
    batch.log = job::batch_path(directory_of(job)) +
                (options.elements > 0 ? "/slurm-%A_%a.log" : "/slurm-%j.log");
    batch.partition = options.partition;
    batch.account = options.account;
    batch.elements = options.elements;
    batch.throttle = options.throttle;
    batch.program = fs::read_symlink("/proc/self/exe").string();
    batch.arguments = {options.job, "--quiet"};
    for (const auto& one : options.set)
        batch.arguments.insert(batch.arguments.end(), {"--set", one});
    batch.launcher = launcher_of(options);
    batch.requeues = options.requeues;
    return batch;
}

/// After an array: one start without a share, which makes the tables.
job::Batch tables_of(const job::Job& job, job::Batch batch) {
    batch.elements = 0;
    batch.throttle = 0;
    batch.log = job::batch_path(directory_of(job)) + "/slurm-%j.log";
    return batch;
}

void require_idle(const std::string& directory) {
    const auto jobs = queued_jobs(read_submission(directory));
    if (!jobs) return;
    for (const auto& job : *jobs) {
        if (!job.active()) continue;
        throw usage_error(fmt::format("SLURM job {} works for this folder already ({}); wait, or "
                                      "`scancel {}`",
                                      job.id, job.state, job.id),
                          {directory});
    }
}

/// Writes the scripts into the folder of the results and hands them over.
void hand_over(const job::Job& job, const job::Batch& batch, const std::string& text,
               const std::string& path) {
    if (!slurm_present()) {
        throw usage_error(fmt::format(
            "there is no SLURM here: no `sbatch` in PATH. --dry-run prints the script; without "
            "SLURM: mpirun -n {} motley run {}",
            batch.nodes * batch.ranks_per_node, job::shell_word(job.path)));
    }
    const std::string directory = directory_of(job);
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

void check(const job::Job& job, const Options& options) {
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

int submit(Options options, const Context& context) {
    const auto& comm = context.comm;
    if (options.print_template) {
        if (comm.root()) std::printf("%s", job::batch_template().c_str());
        return 0;
    }
    job::Job job;
    mpi::together(comm, [&] {
        if (options.job.empty()) throw usage_error("motley submit needs a JOB");
        job = job::load(options.job, options.set);
        check(job, options);
        if (options.ranks_per_node == 0) options.ranks_per_node = default_ranks(job, options);
    });
    const int ranks = options.nodes * options.ranks_per_node;
    const Needs needs = needs_of(job, ranks, options.elements, comm);
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

void add_resources(CLI::App& command, Options& options) {
    command.add_option("--nodes", options.nodes, "Machines")->check(CLI::Range(1, 1 << 20));
    command
        .add_option("--ntasks-per-node", options.ranks_per_node,
                    "Ranks on each; default: the cores of a node, for elements of an array the "
                    "job's ranks_per_run")
        ->check(CLI::Range(1, 1 << 20));
    command.add_option("--time", options.time,
                       "Time limit as SLURM writes it; default: what the plan says and a half "
                       "more, at most a day");
    command.add_option("--partition", options.partition, "Partition (queue)");
    command.add_option("--account", options.account, "Account");
    command.add_option("--launcher", options.launcher, "What starts the ranks")
        ->check(CLI::IsMember({"srun", "mpirun"}));
}

}  // namespace

void add_submit(CLI::App& app, const Context& context, Action& action) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("submit", "Hand a job to SLURM, with resources as planned");
    command->add_option("JOB", options->job, "Job file (TOML)");
    command->add_option("--set", options->set, "Override a key")->allow_extra_args(false);
    add_resources(*command, *options);
    command
        ->add_option("--requeue", options->requeues,
                     "How often a run that was set aside (exit 75) is queued again")
        ->check(CLI::Range(0, 1 << 20));
    command
        ->add_option("--array", options->elements,
                     "Share the runs of a comparison among so many elements of a job array; "
                     "default: one allocation for all")
        ->check(CLI::Range(1, 1 << 20));
    command->add_option("--throttle", options->throttle, "Elements of the array at once")
        ->check(CLI::Range(1, 1 << 20));
    command->add_option("--template", options->script,
                        "Your own script with the lines of jobs/slurm/run.sbatch");
    command->add_flag("--dry-run", options->dry_run, "Print the script, hand nothing over");
    command->add_flag("--print-template", options->print_template, "Print jobs/slurm/run.sbatch");
    command->callback([&context, &action, options] {
        action = [&context, options] { return submit(*options, context); };
    });
}

}  // namespace motley::cli

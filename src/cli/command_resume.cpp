// motley resume DIR: continues a stopped run, comparison or swarm from the files of its folder.
#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "commands.hpp"
#include "execute.hpp"
#include "motley/core/text.hpp"
#include "motley/record/status_file.hpp"

namespace motley::cli {
namespace {

namespace fs = std::filesystem;

struct ResumeOptions {
    std::string directory;
    std::vector<std::string> set;
    ExecuteOptions execute;
};

std::string job_text(const record::Status& status, const std::string& path) {
    for (const auto& [name, value] : status.provenance) {
        if (name == "job") return value;
    }
    throw input_error("this file does not hold the job; start it again with `motley run`", {path});
}

/// Changes to the working directory in which the comparison was started, because the folders of its
/// runs are relative to it.
void go_to_start_of(const job::Compare& job, const fs::path& folder) {
    const fs::path inside = fs::path(job.output.directory) / job.name;
    fs::path start = folder;
    if (inside.is_relative()) {
        for (const auto& part : inside.lexically_normal()) {
            if (!part.empty()) start = start.parent_path();
        }
        if ((start / inside).lexically_normal() == folder) return fs::current_path(start);
    }
    if (inside.lexically_normal() == folder) return;
    throw usage_error("this comparison was started as " + inside.string() +
                          "; move it back, or start it again with `motley run`",
                      {folder.string()});
}

/// Returns the job to which the folder belongs, and sets `state` to its progress.
job::Job job_in(const ResumeOptions& options, record::JobState& state) {
    const fs::path folder = fs::weakly_canonical(options.directory);
    const std::string path = (folder / "status.json").string();
    std::error_code ignored;
    if (!fs::exists(path, ignored)) {
        throw usage_error("there is no status.json: give the folder of a run, as in results/NAME",
                          {options.directory});
    }
    const record::Status status =
        record::status_from_json(std::string(TextFile(path).text()), path);
    state = status.state;
    job::Job job = job::parse(job_text(status, path), path, options.set);
    if (job.kind == job::JobKind::compare) {
        go_to_start_of(job.compare, folder);
        return job;
    }
    if (job.kind == job::JobKind::redesign && state != record::JobState::done) {
        throw usage_error("a redesign has no checkpoints: start it again with `motley run`",
                          {options.directory});
    }
    // The folder may have been moved since, so its place replaces the one that the job names.
    job.run.output.directory = folder.parent_path().string();
    job.run.name = folder.filename().string();
    job.swarm.directory = job.run.output.directory;
    job.swarm.name = job.run.name;
    return job;
}

int resume(const ResumeOptions& options, const Context& context) {
    job::Job job;
    record::JobState state{};
    mpi::together(context.comm, [&] { job = job_in(options, state); });
    if (state == record::JobState::done) {
        if (context.comm.root()) {
            std::printf("%s: done already; nothing to do\n", options.directory.c_str());
        }
        return 0;
    }
    return execute(job, options.execute, context);
}

}  // namespace

void add_resume(CLI::App& app, const Context& context, Action& action) {
    auto options = std::make_shared<ResumeOptions>();
    auto* command = app.add_subcommand(
        "resume", "Go on with a stopped run, comparison or swarm, on any number of ranks");
    command->add_option("DIR", options->directory, "Folder of the results")->required();
    command
        ->add_option("--set", options->set,
                     "Give another value to a key on which the results do not depend: --set "
                     "partition.method=metis")
        ->allow_extra_args(false);
    add_execute_options(*command, options->execute);
    command->callback([&context, &action, options] {
        action = [&context, options] { return resume(*options, context); };
    });
}

}  // namespace motley::cli

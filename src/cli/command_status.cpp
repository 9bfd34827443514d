// motley status DIR: prints the progress of a run or comparison, from its files and from SLURM.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>

#include "commands.hpp"
#include "folder_kind.hpp"
#include "motley/core/text.hpp"
#include "motley/experiment/compare/compare.hpp"
#include "motley/job/batch.hpp"
#include "motley/record/manifest_file.hpp"
#include "motley/record/status_file.hpp"
#include "output.hpp"
#include "slurm.hpp"

namespace motley::cli {
namespace {

namespace fs = std::filesystem;
using record::JobState;

void print_line(const std::string& label, const std::string& value) {
    std::printf("%s", line(label, value).c_str());
}

std::optional<record::Status> read_status(const std::string& directory) {
    const std::string path = directory + "/status.json";
    std::error_code ignored;
    if (!fs::exists(path, ignored)) return {};
    return record::status_from_json(std::string(TextFile(path).text()), path);
}

std::string age_of(const std::string& path) {
    const auto age = fs::file_time_type::clock::now() - fs::last_write_time(path);
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(age).count();
    if (seconds < 120) return fmt::format("{} s ago", seconds);
    if (seconds < 7200) return fmt::format("{} min ago", seconds / 60);
    return fmt::format("{} h ago", seconds / 3600);
}

void print_files(const std::string& directory, const std::optional<record::Status>& status) {
    const experiment::EndedRuns ended = experiment::count_ended_runs(directory);
    if (ended.done + ended.failed > 0) {
        print_line("runs of a comparison",
                   fmt::format("{} done, {} failed", ended.done, ended.failed));
    }
    if (!status) return print_line("state", "no status.json yet");
    print_line("state", fmt::format("{}, written {}", name_of(status->state),
                                    age_of(directory + "/status.json")));
    if (!status->message.empty()) print_line("message", status->message);
    if (is_swarm(*status)) {
        const record::ManifestCount runs = record::count_manifest(directory);
        print_line("runs", fmt::format("{} of {} done", runs.ended, runs.all));
        print_line("sites, at most", std::to_string(status->agents));
        print_line("ranks, hosts",
                   fmt::format("{}, {}", status->ranks, provenance_of(*status, "hosts")));
        return;
    }
    print_line("step", std::to_string(status->step));
    if (status->agents > 0) {
        print_line("agents, arcs, tasks",
                   fmt::format("{}, {}, {}", status->agents, status->arcs, status->tasks));
    }
    if (!std::isnan(status->productivity_per_agent)) {
        print_line("productivity per agent", fmt::format("{:.9g}", status->productivity_per_agent));
    }
    if (!std::isnan(status->gap)) print_line("optimality gap", fmt::format("{:.1e}", status->gap));
    print_line("ranks, hosts",
               fmt::format("{}, {}", status->ranks, provenance_of(*status, "hosts")));
    if (!status->state_hash.empty()) print_line("state hash", status->state_hash);
}

/// Returns the jobs that were submitted for the folder, or else the job that wrote the status.
std::vector<std::string> jobs_of(const std::string& directory,
                                 const std::optional<record::Status>& status) {
    std::vector<std::string> ids = read_submission(directory);
    if (ids.empty() && status) {
        const std::string id = provenance_of(*status, "SLURM_JOB_ID");
        if (!id.empty()) ids.push_back(id);
    }
    return ids;
}

/// Returns whether a job still works in the folder; nothing where that is unknown.
std::optional<bool> print_jobs(const std::vector<std::string>& ids) {
    const auto jobs = queued_jobs(ids);
    if (!jobs) {
        print_line("SLURM", "not on this machine; the results were made by job " + ids.front());
        return {};
    }
    bool active = false;
    std::vector<std::vector<std::string>> rows = {
        {"SLURM job", "state", "time", "limit", "where or why"}};
    for (const auto& job : *jobs) {
        active = active || job.active();
        rows.push_back({job.id, job.state, job.elapsed, job.limit, job.place});
    }
    if (rows.size() > 1) {
        std::printf("\n%s", table(rows).c_str());
    } else {
        print_line("SLURM", "job " + ids.front() + " has ended and is forgotten");
    }
    return active;
}

std::string advice(const std::string& directory, const std::optional<record::Status>& status,
                   std::optional<bool> active) {
    const JobState state = status ? status->state : JobState::running;
    if (active.value_or(false) || (status && state == JobState::done)) return "";
    const std::string resume =
        status ? "motley resume " + job::shell_word(directory) : "motley run on its job file";
    if (status && state == JobState::checkpointed) return "set aside; go on with: " + resume;
    if (status && state == JobState::failed)
        return "failed; when the cause is removed, go on with: " + resume;
    if (active) return "no SLURM job works in it: it was ended; go on with: " + resume;
    return status ? "if no program works in it any more, it was killed; go on with: " + resume : "";
}

int show(const std::string& directory, const Context& context) {
    mpi::on_root(context.comm, [&] {
        const auto status = read_status(directory);
        const auto ids = jobs_of(directory, status);
        if (!status && ids.empty()) {
            throw usage_error(
                "this folder holds neither status.json nor submit.json: give the folder of a run, "
                "as in results/NAME",
                {directory});
        }
        print_files(directory, status);
        std::optional<bool> active;
        if (!ids.empty()) active = print_jobs(ids);
        const std::string text = advice(directory, status, active);
        if (!text.empty()) std::printf("\n%s\n", text.c_str());
    });
    return 0;
}

}  // namespace

void add_status(CLI::App& app, const Context& context, Action& action) {
    auto directory = std::make_shared<std::string>();
    auto* command = app.add_subcommand(
        "status",
        "Show how far a run, comparison or swarm has come, from its files and from SLURM");
    command->add_option("DIR", *directory, "Folder of the results")->required();
    command->callback([&context, &action, directory] {
        action = [&context, directory] { return show(*directory, context); };
    });
}

}  // namespace motley::cli

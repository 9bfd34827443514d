// motley status DIR: prints the progress of a run or comparison, from its files and from SLURM,
// once or until it has ended.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <thread>

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

struct StatusOptions {
    std::string directory;
    bool watch = false;
    double interval = 2.0;  ///< seconds
};

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

std::string runs_of(const experiment::EndedRuns& ended) {
    return fmt::format("{} done, {} failed", ended.done, ended.failed);
}

std::string swarm_runs_in(const std::string& directory) {
    const record::ManifestCount runs = record::count_manifest(directory);
    return fmt::format("{} of {} done", runs.ended, runs.all);
}

std::string files_text(const std::string& directory, const std::optional<record::Status>& status) {
    std::string text;
    const auto add = [&](const std::string& label, const std::string& value) {
        text += line(label, value);
    };
    const experiment::EndedRuns ended = experiment::count_ended_runs(directory);
    if (ended.done + ended.failed > 0) add("runs of a comparison", runs_of(ended));
    if (!status) {
        add("state", "no status.json yet");
        return text;
    }
    add("state",
        fmt::format("{}, written {}", name_of(status->state), age_of(directory + "/status.json")));
    if (!status->message.empty()) add("message", status->message);
    const std::string where = fmt::format("{}, {}", status->ranks, provenance_of(*status, "hosts"));
    if (is_swarm(*status)) {
        add("runs", swarm_runs_in(directory));
        add("sites, at most", std::to_string(status->agents));
        add("ranks, hosts", where);
        return text;
    }
    add("step", std::to_string(status->step));
    if (status->agents > 0) {
        add("agents, arcs, tasks",
            fmt::format("{}, {}, {}", status->agents, status->arcs, status->tasks));
    }
    if (!std::isnan(status->productivity_per_agent)) {
        add("productivity per agent", fmt::format("{:.9g}", status->productivity_per_agent));
    }
    if (!std::isnan(status->gap)) add("optimality gap", fmt::format("{:.1e}", status->gap));
    add("ranks, hosts", where);
    if (!status->state_hash.empty()) add("state hash", status->state_hash);
    return text;
}

/// What changes while a job goes on, in a line.
std::string progress_line(const std::string& directory,
                          const std::optional<record::Status>& status) {
    if (!status) return "no status.json yet";
    std::string text = name_of(status->state);
    const experiment::EndedRuns ended = experiment::count_ended_runs(directory);
    if (is_swarm(*status)) return text + "; runs: " + swarm_runs_in(directory);
    if (ended.done + ended.failed > 0) return text + "; runs: " + runs_of(ended);
    text += fmt::format("; step {}", status->step);
    if (!std::isnan(status->productivity_per_agent)) {
        text += fmt::format("; productivity per agent {:.9g}", status->productivity_per_agent);
    }
    if (!std::isnan(status->gap)) text += fmt::format("; gap {:.1e}", status->gap);
    return text;
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

/// The jobs as SLURM knows them.
struct Queue {
    std::string text;
    std::optional<bool> active;  ///< whether a job still works in the folder; nothing: not known
};

Queue queue_of(const std::vector<std::string>& ids) {
    if (ids.empty()) return {};
    const auto jobs = queued_jobs(ids);
    if (!jobs) {
        return {line("SLURM", "not on this machine; the results were made by job " + ids.front()),
                {}};
    }
    bool active = false;
    std::vector<std::vector<std::string>> rows = {
        {"SLURM job", "state", "time", "limit", "where or why"}};
    for (const auto& job : *jobs) {
        active = active || job.active();
        rows.push_back({job.id, job.state, job.elapsed, job.limit, job.place});
    }
    if (rows.size() > 1) return {"\n" + table(rows), active};
    return {line("SLURM", "job " + ids.front() + " has ended and is forgotten"), active};
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

/// One look at the folder.
struct Look {
    std::string text;      ///< all that is known
    std::string progress;  ///< in a line
    std::string advice;    ///< what to do; empty: nothing
    bool ended = false;    ///< nothing will change any more, as far as is known
};

Look look_at(const std::string& directory) {
    const auto status = read_status(directory);
    const auto ids = jobs_of(directory, status);
    if (!status && ids.empty()) {
        throw usage_error(
            "this folder holds neither status.json nor submit.json: give the folder of a run, "
            "as in results/NAME",
            {directory});
    }
    const Queue queue = queue_of(ids);
    Look look;
    look.text = files_text(directory, status) + queue.text;
    look.progress = progress_line(directory, status);
    look.advice = advice(directory, status, queue.active);
    const bool stopped = status && status->state != JobState::running;
    look.ended = queue.active ? !*queue.active : stopped;
    return look;
}

void print(const std::string& text) {
    std::printf("%s", text.c_str());
    std::fflush(stdout);
}

void print_advice(const Look& look) {
    if (!look.advice.empty()) print("\n" + look.advice + "\n");
}

/// Redraws a terminal; elsewhere prints a line for each change.
void watch(const std::string& directory, double interval) {
    constexpr const char* clear = "\033[H\033[2J";
    const bool terminal = isatty(STDOUT_FILENO) == 1;
    std::string last;
    for (;;) {
        const Look look = look_at(directory);
        if (terminal) {
            print(clear + look.text);
        } else if (look.progress != last) {
            print(look.progress + "\n");
        }
        last = look.progress;
        if (look.ended) return print_advice(look);
        std::this_thread::sleep_for(std::chrono::duration<double>(interval));
    }
}

int show(const StatusOptions& options, const Context& context) {
    mpi::on_root(context.comm, [&] {
        if (options.watch) return watch(options.directory, options.interval);
        const Look look = look_at(options.directory);
        print(look.text);
        print_advice(look);
    });
    return 0;
}

}  // namespace

void add_status(CLI::App& app, const Context& context, Action& action) {
    auto options = std::make_shared<StatusOptions>();
    auto* command = app.add_subcommand(
        "status",
        "Show how far a run, comparison or swarm has come, from its files and from SLURM");
    command->add_option("DIR", options->directory, "Folder of the results")->required();
    auto* watch = command->add_flag(
        "--watch", options->watch,
        "Show it again and again until the job has ended; where the output is no terminal, a line "
        "for each change");
    command->add_option("--interval", options->interval, "Seconds between two looks")
        ->check(CLI::Range(0.1, 86400.0))
        ->needs(watch);
    command->callback([&context, &action, options] {
        action = [&context, options] { return show(*options, context); };
    });
}

}  // namespace motley::cli

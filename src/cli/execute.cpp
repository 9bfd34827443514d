#include "execute.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <functional>
#include <optional>

#include "motley/experiment/compare/compare.hpp"
#include "motley/experiment/pause/pause.hpp"
#include "motley/experiment/scaling/scaling.hpp"
#include "motley/job/time_limit.hpp"
#include "motley/redesign/study/study.hpp"
#include "motley/swarm/study/study.hpp"
#include "output.hpp"

namespace motley::cli {
namespace {

/// Exit code of a run that stopped at a checkpoint and must be started again.
constexpr int checkpointed = 75;

/// Prints on rank 0 what `text` returns there; other ranks may lack parts of the results.
void print(const Context& context, const std::function<std::string()>& text) {
    if (context.comm.root()) std::printf("%s", text().c_str());
}

int set_aside(const Context& context, const std::string& directory, const std::string& where,
              const std::string& reason) {
    print(context, [&] {
        return fmt::format("{0}: set aside {1} ({2}); go on with: motley resume {0}\n", directory,
                           where, reason);
    });
    return checkpointed;
}

experiment::Limits limits_of(const ExecuteOptions& options) {
    experiment::Limits limits;
    limits.fresh = options.fresh;
    std::optional<double> seconds = job::slurm_time_left();
    if (!options.time_limit.empty()) {
        seconds = job::parse_time_limit(options.time_limit);
        if (!seconds || *seconds == 0.0) {
            throw usage_error("--time-limit is '" + options.time_limit +
                              "'; it must be minutes (90, 0.5) or HH:MM:SS, D-HH:MM:SS, MM:SS");
        }
    }
    if (seconds) limits.stop_after(*seconds);
    return limits;
}

experiment::ComparisonShare share_of(const ExecuteOptions& options, const job::Job& job) {
    if (options.share.empty()) return {};
    if (job.kind != job::JobKind::compare) {
        throw usage_error("--share is for kind = \"compare\"; a single run takes more ranks");
    }
    const auto share = experiment::parse_share(options.share);
    if (share) return *share;
    throw usage_error("--share is '" + options.share +
                      "'; it must be I/N with I from 1 to N: --share 2/8");
}

int exit_code(const experiment::Comparison& comparison) {
    return comparison.failed() > 0 ? static_cast<int>(ErrorKind::input) : 0;
}

/// Prints the progress of one share of a comparison; the tables do not exist yet.
int print_share(const experiment::Comparison& comparison, const ExecuteOptions& options,
                const Context& context) {
    std::int64_t made = 0;
    for (const auto& run : comparison.runs) {
        made += run.state == experiment::RunState::done ? 1 : 0;
        if (run.state != experiment::RunState::failed || !context.comm.root()) continue;
        std::fprintf(stderr, "%s/%s: %s\n", comparison.directory.c_str(), run.name.c_str(),
                     run.reason.c_str());
    }
    print(context, [&] {
        return fmt::format(
            "{}: share {} is made; {} of {} runs are there. `motley run` without "
            "--share makes what is missing, and the tables\n",
            comparison.directory, options.share, made, comparison.runs.size());
    });
    return exit_code(comparison);
}

int execute_run(const job::Job& job, const experiment::Limits& limits, const Console& console,
                const Context& context) {
    const experiment::SignalWatch watch;
    const auto result =
        experiment::run(job.run, job.resolved_text, context.command, context.comm, console, limits);
    if (!result.pause.empty()) {
        return set_aside(context, result.directory,
                         fmt::format("at step {}", result.solution.steps), result.pause);
    }
    print(context, [&] { return summary(result); });
    return 0;
}

int execute_comparison(const job::Job& job, const ExecuteOptions& options,
                       const experiment::Limits& limits, const experiment::ComparisonShare& share,
                       const Console& console, const Context& context) {
    const experiment::SignalWatch watch;
    const auto comparison = experiment::compare(job.compare, job.resolved_text, context.command,
                                                context.comm, console, limits, share);
    if (!comparison.pause.empty()) {
        return set_aside(
            context, comparison.directory,
            fmt::format("with {} of {} runs to make", comparison.open, comparison.runs.size()),
            comparison.pause);
    }
    if (!share.whole()) return print_share(comparison, options, context);
    print(context, [&] { return summary(comparison); });
    return exit_code(comparison);
}

int execute_scaling(const job::Job& job, const Console& console, const Context& context) {
    const auto result =
        experiment::scaling(job.run, job.resolved_text, context.command, context.comm, console);
    print(context, [&] { return summary(result); });
    return 0;
}

int execute_redesign(const job::Job& job, const Console& console, const Context& context) {
    const auto result =
        redesign::redesign(job.redesign, job.resolved_text, context.command, context.comm, console);
    print(context, [&] { return summary(job.redesign, result); });
    return 0;
}

int execute_swarm(const job::Job& job, const experiment::Limits& limits, const Console& console,
                  const Context& context) {
    const experiment::SignalWatch watch;
    const auto study =
        swarm::study(job.swarm, job.resolved_text, context.command, context.comm, console, limits);
    if (!study.pause.empty()) {
        return set_aside(context, study.directory,
                         fmt::format("with {} of {} runs to make", study.open, study.runs.size()),
                         study.pause);
    }
    print(context, [&] { return summary(job.swarm, study); });
    return 0;
}

}  // namespace

void add_execute_options(CLI::App& command, ExecuteOptions& options) {
    command
        .add_option("--time-limit", options.time_limit,
                    "Write a checkpoint and stop (exit status 75) before this time has passed: "
                    "minutes, or HH:MM:SS; default: the end of the SLURM job")
        ->type_name("TIME");
    command.add_flag("-q,--quiet", options.quiet, "Print no progress lines");
}

int execute(const job::Job& job, const ExecuteOptions& options, const Context& context) {
    const auto& comm = context.comm;
    experiment::Limits limits;
    experiment::ComparisonShare share;
    mpi::together(comm, [&] {
        limits = limits_of(options);
        share = share_of(options, job);
        if (options.fresh && !share.whole()) {
            throw usage_error(
                "--fresh deletes the runs of all shares: start it once without --share, or delete "
                "the folder of the results");
        }
    });
    const Console console{options.quiet || !comm.root(), isatty(STDERR_FILENO) == 1};
    switch (job.kind) {
        case job::JobKind::redesign:
            return execute_redesign(job, console, context);
        case job::JobKind::swarm:
            return execute_swarm(job, limits, console, context);
        case job::JobKind::scaling:
            return execute_scaling(job, console, context);
        case job::JobKind::compare:
            return execute_comparison(job, options, limits, share, console, context);
        default:
            return execute_run(job, limits, console, context);
    }
}

}  // namespace motley::cli

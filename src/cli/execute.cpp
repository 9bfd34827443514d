// What `motley run` and `motley resume` share: carrying out a job of any kind.
#include "execute.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <optional>

#include "motley/core/text.hpp"
#include "motley/experiment/compare/compare.hpp"
#include "motley/experiment/scaling/scaling.hpp"
#include "motley/redesign/study/study.hpp"
#include "output.hpp"

namespace motley::cli {
namespace {

using Clock = experiment::Limits::Clock;

void print_scaling(const experiment::ScalingResult& result) {
    std::vector<std::vector<std::string>> rows = {{"scaling", "ranks", "agents", "ms/step",
                                                   "efficiency", "model", "compute", "pack", "wait",
                                                   "waited for", "bytes/step"}};
    const auto ms = [](double seconds) { return fmt::format("{:.3f}", 1e3 * seconds); };
    for (const auto& c : result.cases) {
        rows.push_back({c.weak ? "weak" : "strong", std::to_string(c.ranks),
                        std::to_string(c.agents), ms(c.step_seconds),
                        fmt::format("{:.3f}", c.efficiency),
                        fmt::format("{:+.0f} %", 100.0 * (c.predicted / c.step_seconds - 1.0)),
                        ms(c.phases[0].most), ms(c.phases[1].most), ms(c.phases[2].most),
                        fmt::format("rank {}", c.phases[0].slowest), std::to_string(c.rank_bytes)});
    }
    const auto& costs = result.costs;
    std::printf(
        "%s\nns per agent %.2f, per arc %.3f (rms error %.0f %%); us per message %.2f, ns per "
        "byte %.3f (%.0f %%)\n",
        table(rows).c_str(), 1e9 * costs.compute.per_first, 1e9 * costs.compute.per_second,
        100.0 * costs.compute.residual, 1e6 * costs.exchange.per_first,
        1e9 * costs.exchange.per_second, 100.0 * costs.exchange.residual);
    if (!result.projections.empty()) {
        rows = {{"projected", "ms/step", "efficiency", "exchange", "largest/mean", "messages"}};
        for (const auto& p : result.projections) {
            rows.push_back(
                {std::to_string(p.ranks), ms(p.step_seconds), fmt::format("{:.3f}", p.efficiency),
                 fmt::format("{:.0f} %", 100.0 * p.exchange_share),
                 fmt::format("{:.3f}", p.imbalance), std::to_string(p.slowest.messages)});
        }
        std::printf("\n%s", table(rows).c_str());
    }
    std::printf("\nfiles: %s/{scaling.csv, projection.csv, report.html, status.json}\n",
                result.directory.c_str());
}

/// Exit code of work that was set aside: run again.
constexpr int checkpointed = 75;

int set_aside(const Context& context, const std::string& directory, const std::string& where,
              const std::string& reason) {
    if (context.comm.root()) {
        std::printf("%s: set aside %s (%s); go on with: motley resume %s\n", directory.c_str(),
                    where.c_str(), reason.c_str(), directory.c_str());
    }
    return checkpointed;
}

/// Seconds of "90", "12:30", "1:00:00" or "2-00:00:00": minutes, or as SLURM writes times.
std::optional<double> seconds_of(const std::string& text) {
    std::string rest = text;
    double days = 0.0;
    const auto number = [](const std::string& part) -> std::optional<double> {
        double value = 0.0;
        const char* end = part.data() + part.size();
        const auto [stop, error] = std::from_chars(part.data(), end, value);
        if (error != std::errc() || stop != end || !(value >= 0.0) || std::isinf(value)) return {};
        return value;
    };
    const auto dash = rest.find('-');
    if (dash != std::string::npos) {
        const auto read = number(rest.substr(0, dash));
        if (!read) return {};
        days = *read;
        rest = rest.substr(dash + 1);
    }
    std::vector<double> parts;
    for (std::size_t begin = 0; begin <= rest.size();) {
        const auto end = std::min(rest.find(':', begin), rest.size());
        const auto read = number(rest.substr(begin, end - begin));
        if (!read) return {};
        parts.push_back(*read);
        begin = end + 1;
    }
    // After days the first part is hours; else a lone part is minutes, two are minutes:seconds.
    if (dash != std::string::npos) {
        parts.resize(std::max<std::size_t>(parts.size(), 3), 0.0);
    } else if (parts.size() == 1) {
        parts = {0.0, parts[0], 0.0};
    } else if (parts.size() == 2) {
        parts.insert(parts.begin(), 0.0);
    }
    if (parts.size() != 3) return {};
    return 86400.0 * days + 3600.0 * parts[0] + 60.0 * parts[1] + parts[2];
}

/// The end of the SLURM job that this runs in, seconds from now.
std::optional<double> slurm_seconds() {
    const char* end = std::getenv("SLURM_JOB_END_TIME");
    if (end == nullptr) return {};
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::strtod(end, nullptr) - std::chrono::duration<double>(now).count();
}

experiment::Limits limits_of(const ExecuteOptions& options) {
    experiment::Limits limits;
    limits.fresh = options.fresh;
    std::optional<double> seconds = slurm_seconds();
    if (!options.time_limit.empty()) {
        seconds = seconds_of(options.time_limit);
        if (!seconds || *seconds == 0.0) {
            throw usage_error("--time-limit is '" + options.time_limit +
                              "'; it must be minutes (90, 0.5) or HH:MM:SS, D-HH:MM:SS, MM:SS");
        }
    }
    if (seconds) {
        limits.deadline =
            limits.start + std::chrono::duration_cast<Clock::duration>(
                               std::chrono::duration<double>(std::min(*seconds, 3e8)));
    }
    return limits;
}

/// "2/8": the second of eight shares of a comparison's runs.
experiment::Share share_of(const ExecuteOptions& options, const job::Job& job) {
    experiment::Share share;
    if (options.share.empty()) return share;
    if (job.kind != job::JobKind::compare) {
        throw usage_error("--share is for kind = \"compare\"; a single run takes more ranks");
    }
    const auto slash = options.share.find('/');
    std::int64_t number = 0;
    const std::string_view text = options.share;
    const bool read = slash != std::string::npos &&
                      parse_number(text.substr(0, slash), number) == NumberFault::none &&
                      parse_number(text.substr(slash + 1), share.count) == NumberFault::none;
    if (!read || number < 1 || number > share.count) {
        throw usage_error("--share is '" + options.share +
                          "'; it must be I/N with I from 1 to N: --share 2/8");
    }
    share.index = number - 1;
    return share;
}

/// What a share of a comparison came to.
int print_share(const experiment::Comparison& comparison, const ExecuteOptions& options,
                const Context& context) {
    std::int64_t made = 0, runs = 0;
    for (const auto& run : comparison.runs) {
        made += run.state == experiment::RunState::done ? 1 : 0;
        runs += 1;
        if (run.state != experiment::RunState::failed || !context.comm.root()) continue;
        std::fprintf(stderr, "%s/%s: %s\n", comparison.directory.c_str(), run.name.c_str(),
                     run.reason.c_str());
    }
    if (context.comm.root()) {
        std::printf(
            "%s: share %s is made; %lld of %lld runs are there. `motley run` without "
            "--share makes what is missing, and the tables\n",
            comparison.directory.c_str(), options.share.c_str(), static_cast<long long>(made),
            static_cast<long long>(runs));
    }
    return comparison.failed() > 0 ? static_cast<int>(ErrorKind::input) : 0;
}

}  // namespace

void add_execute_options(CLI::App& command, ExecuteOptions& options) {
    command
        .add_option("--time-limit", options.time_limit,
                    "Write a checkpoint and stop (exit 75) before this long has passed: minutes, "
                    "or HH:MM:SS; default: the end of the SLURM job")
        ->type_name("TIME");
    command.add_flag("-q,--quiet", options.quiet, "No progress lines");
}

int execute(const job::Job& job, const ExecuteOptions& options, const Context& context) {
    const auto& comm = context.comm;
    experiment::Limits limits;
    experiment::Share share;
    mpi::together(comm, [&] {
        limits = limits_of(options);
        share = share_of(options, job);
        if (options.fresh && job.kind != job::JobKind::run) {
            throw usage_error("--fresh is for kind = \"run\"; delete the folder of the results");
        }
    });
    const Console console{options.quiet || !comm.root(), isatty(STDERR_FILENO) == 1};
    if (job.kind == job::JobKind::redesign) {
        const auto result =
            redesign::redesign(job.redesign, job.resolved_text, context.command, comm, console);
        if (comm.root()) std::printf("%s", summary(job.redesign, result).c_str());
        return 0;
    }
    if (job.kind == job::JobKind::scaling) {
        const auto result =
            experiment::scaling(job.run, job.resolved_text, context.command, comm, console);
        if (comm.root()) print_scaling(result);
        return 0;
    }
    const experiment::SignalWatch watch;
    if (job.kind == job::JobKind::compare) {
        const auto comparison = experiment::compare(job.compare, job.resolved_text, context.command,
                                                    comm, console, limits, share);
        if (!comparison.pause.empty()) {
            return set_aside(
                context, comparison.directory,
                fmt::format("with {} of {} runs to make", comparison.open, comparison.runs.size()),
                comparison.pause);
        }
        if (!share.whole()) return print_share(comparison, options, context);
        if (comm.root()) std::printf("%s", summary(comparison).c_str());
        return comparison.failed() > 0 ? static_cast<int>(ErrorKind::input) : 0;
    }
    const auto result =
        experiment::run(job.run, job.resolved_text, context.command, comm, console, limits);
    if (!result.pause.empty()) {
        return set_aside(context, result.directory,
                         fmt::format("at step {}", result.solution.steps), result.pause);
    }
    if (comm.root()) std::printf("%s", summary(result).c_str());
    return 0;
}

}  // namespace motley::cli

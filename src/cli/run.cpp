// motley run JOB: runs an experiment; its kind is in the job file.
#include "motley/experiment/run.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "commands.hpp"
#include "motley/experiment/compare.hpp"
#include "motley/experiment/scaling.hpp"
#include "motley/job/job.hpp"
#include "output.hpp"

namespace motley::cli {
namespace {

struct Options {
    std::string job;
    std::vector<std::string> set;
    bool quiet = false;
};

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
    std::printf("\nfiles: %s/{scaling.csv, projection.csv, status.json}\n",
                result.directory.c_str());
}

int run(const Options& options, const Context& context) {
    const auto& comm = context.comm;
    job::Job job;
    mpi::together(comm, [&] { job = job::load(options.job, options.set); });
    const experiment::Console console{options.quiet || !comm.root(), isatty(STDERR_FILENO) == 1};
    if (job.kind == job::Kind::compare) {
        const auto comparison =
            experiment::compare(job.compare, job.resolved_text, context.command, comm, console);
        if (comm.root()) std::printf("%s", summary(comparison).c_str());
        return comparison.failed() > 0 ? static_cast<int>(ErrorKind::input) : 0;
    }
    if (job.kind == job::Kind::scaling) {
        const auto result =
            experiment::scaling(job.run, job.resolved_text, context.command, comm, console);
        if (comm.root()) print_scaling(result);
        return 0;
    }
    const auto result = experiment::run(job.run, job.resolved_text, context.command, comm, console);
    if (comm.root()) std::printf("%s", summary(result).c_str());
    return 0;
}

}  // namespace

void add_run(CLI::App& app, const Context& context, Action& action) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("run", "Run an experiment (its kind is in the job file)");
    command->add_option("JOB", options->job, "Job file (TOML)")->required();
    command->add_option("--set", options->set, "Override a key: --set model.tasks=4")
        ->allow_extra_args(false);
    command->add_flag("-q,--quiet", options->quiet, "No progress lines");
    command->callback([&context, &action, options] {
        action = [&context, options] { return run(*options, context); };
    });
}

}  // namespace motley::cli

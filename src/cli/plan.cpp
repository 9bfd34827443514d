// motley plan JOB: what a run will need.
#include "motley/experiment/plan/plan.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "commands.hpp"
#include "output.hpp"

namespace motley::cli {
namespace {

struct Options {
    std::string job;
    std::vector<std::string> set;
    int ranks = 0;
};

std::string megabytes(std::int64_t bytes) {
    return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

void print(const experiment::Plan& plan, const std::string& name) {
    std::printf("%s on %zu ranks\n\n", name.c_str(), plan.shares.size());
    const auto line = [](const char* label, const std::string& value) {
        std::printf("%-24s%s\n", label, value.c_str());
    };
    line("agents, arcs", fmt::format("{}, {}", plan.agents, plan.arcs));
    line("memory, largest rank", megabytes(plan.memory_max));
    line("memory, all ranks", megabytes(plan.memory_total));
    line("disk", megabytes(plan.disk));
    line("checkpoints", megabytes(3 * plan.checkpoint) + ", three of them while one is written");
    line("ghosts", fmt::format("{} ({:.4f} per agent), {} between ranks per step", plan.ghosts,
                               static_cast<double>(plan.ghosts) / static_cast<double>(plan.agents),
                               megabytes(plan.bytes_per_step)));
    line("time",
         fmt::format("at most {:.1f} s for {} steps ({:.3g} agent-steps/s per rank, probed here)",
                     plan.seconds, plan.steps, plan.rate));
    std::vector<std::vector<std::string>> rows = {
        {"rank", "agents", "arcs in", "ghosts", "sent", "memory MB"}};
    constexpr std::size_t most = 16;
    for (std::size_t r = 0; r < std::min(plan.shares.size(), most); ++r) {
        const auto& share = plan.shares[r];
        rows.push_back({std::to_string(r), std::to_string(share.agents), std::to_string(share.arcs),
                        std::to_string(share.ghosts), std::to_string(share.sent),
                        fmt::format("{:.1f}", static_cast<double>(share.memory) / 1e6)});
    }
    std::printf("\n%s", table(rows).c_str());
    if (plan.shares.size() > most) std::printf("... and %zu more\n", plan.shares.size() - most);
    std::printf("\n%s", experiment::sbatch_lines(plan).c_str());
}

int make_plan(const Options& options, const Context& context) {
    const auto& comm = context.comm;
    job::Job job;
    mpi::together(comm, [&] { job = job::load(options.job, options.set); });
    const int ranks = options.ranks > 0 ? options.ranks : comm.size();
    if (job.kind == job::JobKind::redesign) {
        throw usage_error("a redesign needs no plan: it runs in seconds", {options.job});
    }
    std::vector<const job::Run*> runs;
    if (job.kind != job::JobKind::compare) {
        runs.push_back(&job.run);
    } else {
        for (const auto& cell : job.compare.cells) {
            if (cell.replicate == 0) runs.push_back(&cell.run);
        }
    }
    for (const auto* run : runs) {
        const auto plan = experiment::plan(*run, ranks, comm);
        if (!comm.root()) continue;
        if (run != runs.front()) std::printf("\n");
        print(plan, run->name);
    }
    return 0;
}

}  // namespace

void add_plan(CLI::App& app, const Context& context, Action& action) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("plan", "Predict memory, disk, time and traffic of a run");
    command->add_option("JOB", options->job, "Job file (TOML)")->required();
    command
        ->add_option("-n,--ranks", options->ranks,
                     "Ranks of the run; default: those of this command")
        ->check(CLI::Range(1, 1 << 20));
    command->add_option("--set", options->set, "Override a key")->allow_extra_args(false);
    command->callback([&context, &action, options] {
        action = [&context, options] { return make_plan(*options, context); };
    });
}

}  // namespace motley::cli

// A plan on the terminal: totals, a row per rank, and the request for SLURM.
#include <fmt/format.h>

#include <algorithm>

#include "motley/experiment/plan/batch_needs.hpp"
#include "output.hpp"

namespace motley::cli {
namespace {

using experiment::RankShare;
using experiment::RunPlan;

std::string megabytes(std::int64_t bytes) {
    return fmt::format("{:.1f} MB", static_cast<double>(bytes) / 1e6);
}

std::string shares_table(const std::vector<RankShare>& shares) {
    constexpr std::size_t most = 16;
    std::vector<std::vector<std::string>> rows = {
        {"rank", "agents", "arcs in", "ghosts", "sent", "memory MB"}};
    for (std::size_t r = 0; r < std::min(shares.size(), most); ++r) {
        const RankShare& share = shares[r];
        rows.push_back({std::to_string(r), std::to_string(share.agents), std::to_string(share.arcs),
                        std::to_string(share.ghosts), std::to_string(share.sent),
                        fmt::format("{:.1f}", static_cast<double>(share.memory) / 1e6)});
    }
    std::string text = table(rows);
    if (shares.size() > most) text += fmt::format("... and {} more\n", shares.size() - most);
    return text;
}

}  // namespace

std::string summary(const RunPlan& plan, const std::string& name) {
    std::string text = fmt::format("{} on {} ranks\n\n", name, plan.shares.size());
    const auto add = [&](const char* label, const std::string& value) {
        text += line(label, value);
    };
    add("agents, arcs", fmt::format("{}, {}", plan.agents, plan.arcs));
    add("memory, largest rank", megabytes(plan.memory_max));
    add("memory, all ranks", megabytes(plan.memory_total));
    add("disk", megabytes(plan.disk));
    add("checkpoints", megabytes(3 * plan.checkpoint) + ", three of them while one is written");
    add("ghosts", fmt::format("{} ({:.4f} per agent), {} between ranks per step", plan.ghosts,
                              static_cast<double>(plan.ghosts) / static_cast<double>(plan.agents),
                              megabytes(plan.bytes_per_step)));
    add("time",
        fmt::format("at most {:.1f} s for {} steps ({:.3g} agent-steps/s per rank, probed here)",
                    plan.seconds - plan.attack_seconds, plan.steps, plan.rate));
    if (plan.attack_points > 0) {
        add("attacks", fmt::format("about {:.1f} s for {} points of curves", plan.attack_seconds,
                                   plan.attack_points));
    }
    return text + "\n" + shares_table(plan.shares) + "\n" +
           experiment::sbatch_lines(plan.shares.size(),
                                    {experiment::batch_megabytes(plan.memory_max), plan.seconds});
}

std::string summary(const redesign::StudyPlan& plan, const std::string& name, int ranks) {
    std::vector<std::vector<std::string>> rows = {{"phase", "work", "seconds at most"}};
    for (const redesign::PlannedPhase& phase : plan.phases) {
        rows.push_back({phase.name, phase.work, fmt::format("{:.1f}", phase.seconds)});
    }
    return fmt::format("{} on {} ranks\n\n", name, ranks) + table(rows) + "\n" +
           line("memory of a rank", megabytes(static_cast<std::int64_t>(plan.memory))) +
           line("time",
                fmt::format("at most {:.1f} s, by what a part of it took here", plan.seconds())) +
           "\n" + experiment::sbatch_lines(static_cast<std::size_t>(ranks), batch_needs(plan));
}

experiment::BatchNeeds batch_needs(const redesign::StudyPlan& plan) {
    return {experiment::batch_megabytes(static_cast<std::int64_t>(plan.memory)), plan.seconds()};
}

}  // namespace motley::cli

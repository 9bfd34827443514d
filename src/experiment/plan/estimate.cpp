#include "motley/experiment/plan/estimate.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "motley/core/machine.hpp"
#include "motley/model/state.hpp"

namespace motley::experiment {
namespace {

/// The text of a topology; equal texts give equal graphs.
std::string text_of(const topology::Spec& topology) {
    job::Run run;
    run.name = "topology";
    run.topology = topology;
    return job::to_toml(run);
}

}  // namespace

double expected_steps(const job::Run& run) {
    if (run.solve.mode == simulation::Mode::dynamics) return static_cast<double>(run.solve.steps);
    const double steps =
        50.0 * std::log(1.0 / std::min(run.solve.gap, 0.5)) / std::min(run.model.elasticity, 1.0);
    return std::min(steps, static_cast<double>(run.solve.max_steps));
}

double attack_steps(const job::Run& run) {
    if (!run.attack) return 0.0;
    constexpr double building = 20.0, measured = 2.0;
    const double openness = std::clamp(run.model.openness, 0.1, 1.0 - 1e-6);
    const bool pool = run.topology.generator == "pool";
    const double settling = pool ? 2.0 : std::log(1e-12) / std::log(openness);
    return 0.5 * static_cast<double>(run.attack->all_points()) *
           (building + settling + measured * static_cast<double>(run.attack->adapt));
}

double change_steps(const job::Run& run) {
    // Measured: what an epoch and one change of passages cost, in steps.
    constexpr double epoch = 40.0, passages = 1.0;
    const auto steps = static_cast<double>(run.solve.steps);
    double cost = 0.0;
    if (run.topology.rewires()) {
        const topology::Dynamic& dynamic = *run.topology.dynamic;
        const std::int64_t last =
            dynamic.until > 0 ? std::min(dynamic.until, run.solve.steps) : run.solve.steps;
        cost += epoch * static_cast<double>(last / dynamic.every);
    }
    if (run.topology.one_peer() || !run.failures.empty()) cost += passages * steps;
    return cost;
}

Estimate estimate(const job::Run& run, AgentId agents, std::int64_t arcs) {
    const bool single = run.model.precision == model::Precision::single;
    const std::int64_t row = single ? 4 * model::padded_tasks<float>(run.model.tasks)
                                    : 8 * model::padded_tasks<double>(run.model.tasks);
    Estimate result;
    result.agents = agents;
    result.work = (static_cast<double>(agents) + static_cast<double>(arcs)) *
                  static_cast<double>(run.model.tasks) *
                  (expected_steps(run) + attack_steps(run) + change_steps(run));
    const bool weighted = run.topology.edge_weights || run.model.arcs_change;
    // Rows are allocation, capability, demand, and two messages of this step and the last one. Arcs
    // count as gathered and as kept, in both directions where routing is weighted.
    result.memory = agents * (7 * row + 32) + arcs * (weighted ? 88 : 44);
    return result;
}

std::vector<Estimate> estimate_cells(const job::Compare& job) {
    std::map<std::string, std::pair<AgentId, std::int64_t>> sizes;
    std::vector<Estimate> estimates(job.baselines.size());
    for (const job::CompareCell& cell : job.cells) {
        if (cell.replicate != 0) continue;
        const std::string text = text_of(cell.run.topology);
        if (!sizes.contains(text)) {
            auto& [agents, arcs] = sizes[text];
            try {
                const auto topology = topology::make(cell.run.topology);
                agents = topology->agents();
                const bool complete = topology->traits().complete;  // has no arcs in memory
                arcs = complete ? 0 : std::max<std::int64_t>(topology->traits().expected_arcs, 0);
            } catch (const std::exception&) {
                agents = 0;
            }
        }
        const auto& [agents, arcs] = sizes[text];
        estimates[static_cast<std::size_t>(cell.cell)] = estimate(cell.run, agents, arcs);
    }
    return estimates;
}

std::vector<std::int64_t> longest_first(const job::Compare& job,
                                        const std::vector<Estimate>& estimates,
                                        std::vector<std::int64_t> runs) {
    const auto work = [&](std::int64_t run) {
        const job::CompareCell& cell = job.cells[static_cast<std::size_t>(run)];
        return estimates[static_cast<std::size_t>(cell.cell)].work;
    };
    std::ranges::stable_sort(runs, std::ranges::greater(), work);
    return runs;
}

int automatic_ranks(const std::vector<Estimate>& estimates, std::int64_t runs, int ranks,
                    std::int64_t memory) {
    constexpr AgentId enough = 10000;
    std::int64_t largest = 0;
    AgentId agents = 0;
    for (const Estimate& each : estimates) {
        largest = std::max(largest, each.memory);
        agents = std::max(agents, each.agents);
    }
    const double usable = 0.7 * static_cast<double>(std::max<std::int64_t>(memory, 1));
    const double needed = std::ceil(static_cast<double>(largest) / usable);
    const std::int64_t spare = ranks / std::max<std::int64_t>(runs, 1);
    const auto useful = static_cast<double>(std::min<std::int64_t>(spare, agents / enough));
    return static_cast<int>(std::clamp(std::max(needed, useful), 1.0, static_cast<double>(ranks)));
}

std::int64_t memory_per_rank(const mpi::Communicator& comm) {
    const std::string own = host_name();
    const auto hosts = comm.all_gather(own);
    return comm.min(available_memory() / std::ranges::count(hosts, own));
}

}  // namespace motley::experiment

#include "structure.hpp"

#include "motley/measure/ball_totals.hpp"
#include "skills.hpp"

namespace motley::experiment {
namespace {

/// Writes R x of an owned row, K numbers.
template <class Real>
void write_efforts(const model::State<Real>& state, std::size_t row, double* out) {
    const Real* x = state.allocation.data() + row * static_cast<std::size_t>(state.width);
    for (int k = 0; k < state.tasks; ++k) {
        out[k] = state.resource_of(row) * static_cast<double>(x[k]);
    }
}

/// How much groups and neighbourhoods lack, against as many agents drawn at random. Relays make no
/// efforts and take no part.
template <class Real>
void measure_balance(const RunContext& context, const simulation::Simulation<Real>& simulation,
                     const std::vector<topology::Level>& levels, RunResult& result) {
    const auto& state = simulation.state();
    const auto& network = simulation.graph();
    const measure::RowNumbers efforts = [&](std::size_t row, double* out) {
        write_efforts(state, row, out);
    };
    std::vector<std::size_t> rows;
    std::vector<AgentId> ids;
    for (std::size_t row = 0; row < network.owned(); ++row) {
        if (network.is_relay(static_cast<LocalId>(row))) continue;
        rows.push_back(row);
        ids.push_back(network.ids()[row]);
    }
    const auto of_agents = [&](std::size_t i, double* out) { efforts(rows[i], out); };
    const measure::RandomGroups random(network.hosts(), ids, state.tasks, of_agents,
                                       context.job.seed, context.comm);
    AgentId stride = network.hosts();
    for (const auto& level : levels) {
        stride /= level.groups;
        result.level_balance.push_back(random.balance(stride, ids, of_agents, context.comm));
    }
    if (context.job.measure.centres == 0) return;
    const double total = result.solution.measures.heterogeneity_effort;
    const auto centres =
        measure::sample_centres(result.agents, context.job.measure.centres, context.job.seed);
    result.spatial =
        measure::spatial_scale(network, state.tasks, efforts, total, random, centres, context.comm);
}

}  // namespace

template <class Real>
void measure_structure(const RunContext& context, const simulation::Simulation<Real>& simulation,
                       const std::vector<topology::Level>& levels, RunResult& result) {
    const auto& state = simulation.state();
    const auto& network = simulation.graph();
    const double total = result.solution.measures.heterogeneity_effort;
    result.skills = skill_profile(context, simulation);
    if (!levels.empty()) {
        const auto efforts = [&](std::size_t row, double* out) { write_efforts(state, row, out); };
        result.levels =
            measure::by_level(levels, network.ids(), state.tasks, efforts, total, context.comm);
    }
    // A pool has no hops.
    const bool hops = network.coupling() != model::Coupling::pool;
    if (!levels.empty() || (context.job.measure.centres > 0 && hops)) {
        measure_balance(context, simulation, levels, result);
    }
}

#define MOTLEY_INSTANTIATE(Real)                                                                  \
    template void measure_structure<Real>(const RunContext&, const simulation::Simulation<Real>&, \
                                          const std::vector<topology::Level>&, RunResult&);
MOTLEY_INSTANTIATE(double)
MOTLEY_INSTANTIATE(float)
#undef MOTLEY_INSTANTIATE

}  // namespace motley::experiment

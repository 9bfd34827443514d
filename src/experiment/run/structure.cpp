#include "structure.hpp"

#include "skills.hpp"

namespace motley::experiment {

template <class Real>
void measure_structure(const RunContext& context, const simulation::Simulation<Real>& simulation,
                       const std::vector<topology::Level>& levels, RunResult& result) {
    const auto& state = simulation.state();
    const auto& network = simulation.graph();
    const double total = result.solution.measures.heterogeneity_effort;
    const auto efforts = [&](std::size_t row, double* out) {
        const Real* x = state.allocation.data() + row * static_cast<std::size_t>(state.width);
        for (int k = 0; k < state.tasks; ++k) {
            out[k] = state.resource_of(row) * static_cast<double>(x[k]);
        }
    };
    if (!levels.empty()) {
        result.levels =
            measure::by_level(levels, network.ids(), state.tasks, efforts, total, context.comm);
    }
    result.skills = skill_profile(context, simulation);
    // A pool has no hops.
    const bool hops = network.coupling() != model::Coupling::pool;
    if (context.job.measure.centres > 0 && hops) {
        const auto centres =
            measure::sample_centres(result.agents, context.job.measure.centres, context.job.seed);
        result.spatial =
            measure::spatial_scale(network, state.tasks, efforts, total, centres, context.comm);
    }
}

#define MOTLEY_INSTANTIATE(Real)                                                                  \
    template void measure_structure<Real>(const RunContext&, const simulation::Simulation<Real>&, \
                                          const std::vector<topology::Level>&, RunResult&);
MOTLEY_INSTANTIATE(double)
MOTLEY_INSTANTIATE(float)
#undef MOTLEY_INSTANTIATE

}  // namespace motley::experiment

// Measures the heterogeneity by its place in the network.
#pragma once

#include <vector>

#include "motley/experiment/run/run.hpp"
#include "motley/simulation/simulation.hpp"
#include "run_context.hpp"

namespace motley::experiment {

/// Collective. Heterogeneity by level of a nested topology and, where the job asks for it, by
/// distance. Reads the solution in `result`, and sets `levels` and `spatial` there.
template <class Real>
void measure_structure(const RunContext& context, const simulation::Simulation<Real>& simulation,
                       const std::vector<topology::Level>& levels, RunResult& result);

}  // namespace motley::experiment

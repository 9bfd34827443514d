// What a run with skills makes and needs over the space of skills: numbers, file and figures.
#pragma once

#include <vector>

#include "motley/experiment/run/run.hpp"
#include "motley/experiment/run/run_report.hpp"
#include "motley/simulation/simulation.hpp"
#include "run_context.hpp"

namespace motley::experiment {

/// Collective. Empty where neither capabilities nor demands are skills.
template <class Real>
SkillProfile skill_profile(const RunContext& context,
                           const simulation::Simulation<Real>& simulation);

/// The columns of skills.csv.
std::vector<record::SeriesColumn> skill_columns(const SkillProfile& skills);

/// The production function against the demand, in total and around one agent.
std::vector<report::Chart> skill_charts(const RunRecord& run);

}  // namespace motley::experiment

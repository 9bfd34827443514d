// The variables of agents that files hold: name, unit, long name, and where the numbers come from.
#pragma once

#include <vector>

#include "motley/record/record.hpp"
#include "motley/simulation/simulation.hpp"

namespace motley::experiment {

/// Shares of the effort by task, K numbers per agent. This and the following variables read
/// `simulation`, which must outlive them.
template <class Real>
record::AgentVariable allocation_variable(const simulation::Simulation<Real>& simulation);

/// Output per unit of effort by task, K numbers per agent.
template <class Real>
record::AgentVariable capability_variable(const simulation::Simulation<Real>& simulation);

/// All variables of the group `final` of run.h5.
template <class Real>
std::vector<record::AgentVariable> final_variables(const simulation::Simulation<Real>& simulation);

/// The rank that owned the agent.
record::AgentVariable rank_variable(int rank);

}  // namespace motley::experiment

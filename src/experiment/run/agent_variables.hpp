// The variables of agents that files hold: name, unit, long name, and where the numbers come from.
#pragma once

#include <vector>

#include "motley/record/record.hpp"
#include "motley/simulation/simulation.hpp"

namespace motley::experiment {

/// Shares of the effort by task, K numbers per agent. Each variable made from a
/// simulation reads it, so that the simulation must outlive it.
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

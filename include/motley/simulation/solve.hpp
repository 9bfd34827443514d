// The two ways to run a simulation: the dynamics as they evolve, and the search for the optimum.
#pragma once

#include <cstdint>
#include <functional>

#include "motley/simulation/options.hpp"
#include "motley/simulation/simulation.hpp"

namespace motley::simulation {

/// Called on every rank after each step with the number of adaptation steps made before it.
/// `measures` is null when the step was not measured; `last` marks the final state.
using Observer =
    std::function<void(std::int64_t step, const measure::Measures* measures, bool last)>;

/// The state of the solver, which decides with the state of the system how a solution continues.
/// Every checkpoint holds it.
struct SolverState {
    std::int64_t steps = 0;    ///< adaptation steps made
    std::size_t changes = 0;   ///< entries of the demand's schedule that were made
    double rate = 0.0;         ///< optimum: the current step size; 0: not chosen yet
    double excess = INFINITY;  ///< optimum: gap without its flow residual, when last measured
    bool settles = false;      ///< optimum: allocations are frozen until the flows have settled
    bool accelerates = false;  ///< optimum: steps look ahead and have momentum
    double least_excess = INFINITY;  ///< optimum: the least that an accelerated search has seen
    std::int64_t stalled = 0;        ///< optimum: evaluations of the gap since then
    Settling settling;
};

/// Called on every rank between two steps; it returns true to end the solution there.
using Boundary = std::function<bool(const SolverState&)>;

struct Solution {
    measure::Measures measures;  ///< the final state; its flows are settled when mode = optimum
    bool certified = false;      ///< the gap is below the tolerance that was asked for
    std::int64_t steps = 0;      ///< adaptation steps
    bool interrupted = false;    ///< `Boundary` ended it: there are no measures
};

/// Collective. Makes `steps` steps with a fixed rate; demand changes at the steps of the schedule.
/// One more step with frozen allocations measures the final state. `from` is the state in which an
/// earlier solution was interrupted.
template <class Real>
Solution solve_dynamics(Simulation<Real>& simulation, const model::Spec& model,
                        const SolveOptions& solve, std::int64_t every, const Observer& observer,
                        const Boundary& boundary = {}, const SolverState& from = {});

/// Collective. Adapts until the certificate is below `solve.gap` or `max_steps` are made. The rate
/// rises while the gap falls, and falls when the gap rises; see docs/model.md.
template <class Real>
Solution solve_optimum(Simulation<Real>& simulation, const model::Spec& model,
                       const SolveOptions& solve, std::int64_t every, const Observer& observer,
                       const Boundary& boundary = {}, const SolverState& from = {});

}  // namespace motley::simulation

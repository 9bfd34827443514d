#include "motley/simulation/solve.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace motley::simulation {
namespace {

/// Step size of the optimum search. Flows lag behind allocations by 1 / (1 - lambda) steps (lambda:
/// the openness, or the contraction of flows if there are relays). Prices respond to quantities
/// with the exponent 1 / sigma. So all agents together are stable up to a rate of about 2 sigma (1
/// - lambda). When most agents have settled on their tasks few still move, and much larger rates
/// are stable; the controller finds them from the changes of the gap.
class RateControl {
  public:
    /// Keeps the rate and the excess in `state`.
    RateControl(double elasticity, double contraction, SolverState& state)
        : floor_(std::min(0.3 * elasticity * (1.0 - contraction), ceiling)), state_(state) {
        if (state_.rate == 0.0) state_.rate = std::min(elasticity * (1.0 - contraction), 1.0);
    }

    void observe(double excess) {
        const bool fell = !(excess >= state_.excess);
        state_.rate = std::clamp(state_.rate * (fell ? 1.1 : 0.5), floor_, ceiling);
        state_.excess = excess;
    }

  private:
    static constexpr double ceiling = 4.0;
    double floor_;
    SolverState& state_;
};

/// Steps between two evaluations of the gap: at least the lag of the flows, 1 / (1 - lambda). With
/// fewer the controller would react before the flows have followed the allocations, and overshoot.
std::int64_t check_interval(double contraction) {
    constexpr std::int64_t least = 10;
    return std::max<std::int64_t>(least, std::llround(1.0 / (1.0 - contraction)));
}

/// Largest number of settling steps for one evaluation.
constexpr std::int64_t settle_limit = 20000;

/// The search for the optimum, one step at a time.
template <class Real>
class OptimumSearch {
  public:
    OptimumSearch(Simulation<Real>& simulation, const model::Spec& model, const SolveOptions& solve,
                  std::int64_t every, const Observer& observer, const SolverState& from)
        : simulation_(simulation),
          solve_(solve),
          every_(every),
          observer_(observer),
          state_(from),
          control_(model.elasticity, simulation.contraction(), state_),
          interval_(check_interval(simulation.contraction())) {}
    OptimumSearch(const OptimumSearch&) = delete;
    OptimumSearch& operator=(const OptimumSearch&) = delete;

    const SolverState& state() const { return state_; }

    /// Makes a step; returns the solution when it was the last.
    std::optional<Solution> advance() {
        if (!state_.settles && state_.steps >= solve_.max_steps) begin_settling();
        if (state_.settles) return settle();
        adapt();
        return std::nullopt;
    }

  private:
    void begin_settling() {
        state_.settles = true;
        state_.settling = {};
    }

    void adapt() {
        const bool check = (state_.steps + 1) % interval_ == 0;
        if (!check && state_.steps % every_ != 0) {
            simulation_.step(state_.rate, nullptr);
            observer_(state_.steps++, nullptr, false);
            return;
        }
        const measure::Measures measures = simulation_.measured_step(state_.rate);
        observer_(state_.steps++, &measures, false);
        if (!check) return;
        // Flows still lag here, so the gap without its flow residual is an estimate, not yet a
        // certificate. If prices are clamped there is no gap, and the Frank-Wolfe gap is the
        // estimate.
        const double excess = measures.certifiable
                                  ? measures.gap - measures.flow_residual
                                  : measures.frank_wolfe_gap / measures.productivity;
        control_.observe(excess);
        if (!(excess > 0.7 * solve_.gap)) begin_settling();
    }

    std::optional<Solution> settle() {
        const auto measures =
            simulation_.settle_step(state_.settling, 0.1 * solve_.gap, settle_limit);
        if (!measures) return std::nullopt;
        state_.settles = false;
        Solution solution{*measures, measures->certifiable && measures->gap <= solve_.gap,
                          state_.steps};
        if (!solution.certified && state_.steps < solve_.max_steps) return std::nullopt;
        observer_(solution.steps, &solution.measures, true);
        return solution;
    }

    Simulation<Real>& simulation_;
    const SolveOptions& solve_;
    std::int64_t every_;
    const Observer& observer_;
    SolverState state_;
    RateControl control_;
    std::int64_t interval_;
};

/// The solution that `Boundary` interrupted.
Solution interrupted(const SolverState& state) {
    Solution solution;
    solution.steps = state.steps;
    solution.interrupted = true;
    return solution;
}

}  // namespace

template <class Real>
Solution solve_dynamics(Simulation<Real>& simulation, const model::Spec& model,
                        const SolveOptions& solve, std::int64_t every, const Observer& observer,
                        const Boundary& boundary, const SolverState& from) {
    SolverState state = from;
    for (;; state.steps += 1) {
        if (boundary && boundary(state)) return interrupted(state);
        if (state.steps >= solve.steps) break;
        while (state.changes < model.schedule.size() &&
               model.schedule[state.changes].step <= state.steps) {
            simulation.change_demand(model.schedule[state.changes].demand, state.changes);
            state.changes += 1;
        }
        if (state.steps % every == 0) {
            const measure::Measures measures = simulation.measured_step(solve.rate);
            observer(state.steps, &measures, false);
        } else {
            simulation.step(solve.rate, nullptr);
            observer(state.steps, nullptr, false);
        }
    }
    Solution solution;
    solution.measures = simulation.measured_step(0.0);
    solution.steps = solve.steps;
    observer(solution.steps, &solution.measures, true);
    return solution;
}

template <class Real>
Solution solve_optimum(Simulation<Real>& simulation, const model::Spec& model,
                       const SolveOptions& solve, std::int64_t every, const Observer& observer,
                       const Boundary& boundary, const SolverState& from) {
    simulation.grow_with_adaptation();
    OptimumSearch<Real> search(simulation, model, solve, every, observer, from);
    for (;;) {
        if (boundary && boundary(search.state())) return interrupted(search.state());
        if (const auto solution = search.advance()) return *solution;
    }
}

#define MOTLEY_INSTANTIATE(Real)                                                               \
    template Solution solve_dynamics<Real>(Simulation<Real>&, const model::Spec&,              \
                                           const SolveOptions&, std::int64_t, const Observer&, \
                                           const Boundary&, const SolverState&);               \
    template Solution solve_optimum<Real>(Simulation<Real>&, const model::Spec&,               \
                                          const SolveOptions&, std::int64_t, const Observer&,  \
                                          const Boundary&, const SolverState&);
MOTLEY_INSTANTIATE(double)
MOTLEY_INSTANTIATE(float)
#undef MOTLEY_INSTANTIATE

}  // namespace motley::simulation

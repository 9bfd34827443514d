#include "motley/simulation/solve.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace motley::simulation {
namespace {

/// How the rate follows the gap: by these factors, within these bounds.
struct RateRule {
    double start, floor, ceiling, rise, fall;
};

constexpr double highest_rate = 4.0;

/// Flows lag behind allocations by 1 / (1 - lambda) steps (lambda: the openness, or the contraction
/// of flows if there are relays). Prices respond to quantities with the exponent 1 / sigma. So all
/// agents together are stable up to a rate of about 2 sigma (1 - lambda). When most agents have
/// settled on their tasks few still move, and much larger rates are stable; the controller finds
/// them from the changes of the gap.
RateRule common_rule(double elasticity, double contraction) {
    const double stable = elasticity * (1.0 - contraction);
    return {std::min(stable, 1.0), std::min(0.3 * stable, highest_rate), highest_rate, 1.1, 0.5};
}

/// With prices and gains that look ahead the lag hardly limits the rate. The constants were tuned
/// on the systems of decision 0022. Where openness is small the lag is, too, and (1 - lambda)^2 is
/// larger.
RateRule accelerated_rule(double elasticity, double contraction, bool mean_field) {
    const double most = mean_field && contraction > 0.0 ? 0.12 : 0.25;
    const double closed = 1.0 - contraction;
    const double factor = std::max(std::min(most, 0.08 + 0.6 * elasticity), closed * closed);
    const double start = std::min(factor * elasticity, 1.0);
    return {start, 0.5 * start, std::min(8.0 * start, highest_rate), 1.05, 0.7};
}

/// Step size of the optimum search. The rate and the excess are kept in `state`.
class RateControl {
  public:
    RateControl(const RateRule& rule, SolverState& state) : rule_(rule), state_(state) {
        if (state_.rate == 0.0) state_.rate = rule_.start;
    }

    void observe(double excess) {
        const bool fell = !(excess >= state_.excess);
        state_.rate =
            std::clamp(state_.rate * (fell ? rule_.rise : rule_.fall), rule_.floor, rule_.ceiling);
        state_.excess = excess;
    }

    /// Begins anew with another rule.
    void follow(const RateRule& rule) {
        rule_ = rule;
        state_.rate = rule_.start;
        state_.excess = INFINITY;
    }

  private:
    RateRule rule_;
    SolverState& state_;
};

/// Steps between two evaluations of the gap: at least the lag of the flows, 1 / (1 - lambda). With
/// fewer the controller would react before the flows have followed the allocations, and overshoot.
std::int64_t check_interval(double contraction) {
    constexpr std::int64_t least = 10;
    return std::max<std::int64_t>(least, std::llround(1.0 / (1.0 - contraction)));
}

/// Evaluations of the gap without a new minimum after which a search is no longer accelerated.
constexpr std::int64_t patience = 30;

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
          common_(common_rule(model.elasticity, simulation.contraction())),
          control_(begin(model), state_),
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
    /// Decides at the first step whether the search is accelerated. Resources grow at the rate of
    /// adaptation and have no momentum of their own, so that a search with growth is not. Neither
    /// is one with switches: flows arrive in waves there, which looking ahead amplifies.
    RateRule begin(const model::Spec& model) {
        const bool begins = state_.rate == 0.0;
        if (begins) {
            state_.accelerates =
                solve_.acceleration && !simulation_.grows() && !simulation_.graph().has_relays();
        }
        if (!state_.accelerates) return common_;
        simulation_.accelerate();
        return accelerated_rule(model.elasticity, simulation_.contraction(),
                                simulation_.mean_field());
    }

    /// An accelerated search whose excess has long had no new minimum goes on without.
    void watch(double excess) {
        if (!state_.accelerates) return;
        state_.stalled += 1;
        if (excess < state_.least_excess) {
            state_.least_excess = excess;
            state_.stalled = 0;
        }
        if (state_.stalled < patience) return;
        state_.accelerates = false;
        simulation_.stop_accelerating();
        control_.follow(common_);
    }

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
        watch(excess);
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
    const RateRule common_;
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

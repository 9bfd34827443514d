#include "motley/experiment/solve.hpp"

#include <algorithm>
#include <cmath>

namespace motley::experiment {
namespace {

/// Step size of the optimum search. Flows lag behind allocations by 1 / (1 - lambda) steps (lambda:
/// the openness, or the contraction of flows where there are relays) and
/// prices answer with 1 / sigma, so that all agents together are stable up to a rate of about
/// 2 sigma (1 - lambda). When most agents have settled on their tasks few still move, and much
/// larger rates are stable: the controller finds them by watching the gap.
class RateControl {
  public:
    RateControl(double elasticity, double contraction)
        : floor_(std::min(0.3 * elasticity * (1.0 - contraction), ceiling)),
          rate_(std::min(elasticity * (1.0 - contraction), 1.0)) {}

    double rate() const { return rate_; }
    void observe(double excess) {
        const bool fell = !(excess >= last_);
        rate_ = std::clamp(rate_ * (fell ? 1.1 : 0.5), floor_, ceiling);
        last_ = excess;
    }

  private:
    static constexpr double ceiling = 4.0;
    double floor_;
    double rate_;
    double last_ = INFINITY;
};

/// Steps between two looks at the gap: at least the lag of the flows, 1 / (1 - lambda), or else the
/// controller would answer to allocations that the flows have not followed yet, and overshoot.
std::int64_t check_interval(double contraction) {
    constexpr std::int64_t least = 10;
    return std::max<std::int64_t>(least, std::llround(1.0 / (1.0 - contraction)));
}

/// Most settling steps for one evaluation.
constexpr std::int64_t settle_limit = 20000;

}  // namespace

template <class Real>
Solution solve_dynamics(Simulation<Real>& simulation, const model::Spec& model,
                        const job::Solve& solve, std::int64_t every, const Observer& observer) {
    std::size_t next_change = 0;
    for (std::int64_t step = 0; step < solve.steps; ++step) {
        while (next_change < model.schedule.size() && model.schedule[next_change].step <= step) {
            simulation.change_demand(model.schedule[next_change].demand, next_change);
            next_change += 1;
        }
        if (step % every == 0) {
            const measure::Measures measures = simulation.measured_step(solve.rate);
            observer(step, &measures, false);
        } else {
            simulation.step(solve.rate, nullptr);
            observer(step, nullptr, false);
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
                       const job::Solve& solve, std::int64_t every, const Observer& observer) {
    RateControl control(model.elasticity, simulation.contraction());
    const std::int64_t interval = check_interval(simulation.contraction());
    Solution solution;
    bool settled = false;
    while (solution.steps < solve.max_steps && !solution.certified) {
        const bool check = (solution.steps + 1) % interval == 0;
        settled = false;
        if (!check && solution.steps % every != 0) {
            simulation.step(control.rate(), nullptr);
            observer(solution.steps++, nullptr, false);
            continue;
        }
        const measure::Measures measures = simulation.measured_step(control.rate());
        observer(solution.steps++, &measures, false);
        if (!check) continue;
        // Flows still lag here: the excess over the bound is a hint, not yet a certificate. Prices
        // at their clamp give none; then the Frank-Wolfe gap serves as the hint.
        const double excess = measures.certifiable
                                  ? measures.gap - measures.flow_residual
                                  : measures.frank_wolfe_gap / measures.productivity;
        control.observe(excess);
        if (excess > 0.7 * solve.gap) continue;
        solution.measures = simulation.settle(0.1 * solve.gap, settle_limit);
        settled = true;
        solution.certified = solution.measures.certifiable && solution.measures.gap <= solve.gap;
    }
    if (!settled) {
        solution.measures = simulation.settle(0.1 * solve.gap, settle_limit);
        solution.certified = solution.measures.certifiable && solution.measures.gap <= solve.gap;
    }
    observer(solution.steps, &solution.measures, true);
    return solution;
}

#define MOTLEY_INSTANTIATE(Real)                                                              \
    template Solution solve_dynamics<Real>(Simulation<Real>&, const model::Spec&,             \
                                           const job::Solve&, std::int64_t, const Observer&); \
    template Solution solve_optimum<Real>(Simulation<Real>&, const model::Spec&,              \
                                          const job::Solve&, std::int64_t, const Observer&);
MOTLEY_INSTANTIATE(double)
MOTLEY_INSTANTIATE(float)
#undef MOTLEY_INSTANTIATE

}  // namespace motley::experiment

#include "motley/redesign/fleet/robustness.hpp"

#include <algorithm>
#include <cmath>

namespace motley::fleet {
namespace {

/// What is left of the fleet, with and without moving work.
Loss loss_of(const Problem& problem, std::span<const double> fleet, const Throughput& whole,
             std::size_t type, double lost) {
    Fleet left(fleet.begin(), fleet.end());
    left[type] = std::max(0.0, left[type] - lost);
    std::vector<double> allocation = whole.allocation;
    for (std::size_t k = 0; k < problem.classes(); ++k) {
        allocation[type * problem.classes() + k] *= left[type] / fleet[type];
    }
    Loss out{.type = static_cast<int>(type)};
    out.theta = best_throughput(problem, left).theta;
    out.theta_fixed = theta_of(problem, allocation);
    return out;
}

const Loss& worst_of(const std::vector<Loss>& losses) {
    return *std::ranges::min_element(losses, {}, &Loss::theta);
}

}  // namespace

double theta_of(const Problem& problem, std::span<const double> allocation) {
    double theta = unlimited;
    for (std::size_t k = 0; k < problem.classes(); ++k) {
        double served = 0.0;
        for (std::size_t d = 0; d < problem.types(); ++d) {
            served += problem.rate(d, k) * allocation[d * problem.classes() + k];
        }
        theta = std::min(theta, served / problem.tasks[k].demand);
    }
    return theta;
}

NMinusOne n_minus_1(const Problem& problem, std::span<const double> fleet,
                    const Throughput& whole) {
    NMinusOne out;
    for (std::size_t d = 0; d < problem.types(); ++d) {
        if (fleet[d] <= 0.0) continue;
        const auto node = static_cast<double>(problem.devices[d].node_size);
        out.devices.push_back(loss_of(problem, fleet, whole, d, 1.0));
        out.nodes.push_back(loss_of(problem, fleet, whole, d, node));
    }
    if (out.devices.empty()) return out;
    out.device = worst_of(out.devices);
    out.node = worst_of(out.nodes);
    return out;
}

struct ThetaSolver::State {
    struct Pair {
        std::size_t type, task;
        double rate;
    };
    std::size_t classes = 0;
    double scale = 1.0;
    Fleet fleet;
    std::vector<double> demands;
    std::vector<Pair> pairs;
    std::vector<int> type_rows;
    std::unique_ptr<programme::LinearSolver> solver;
    bool ready = false;

    /// Rows: classes, then the types of the fleet. Variable 0 is theta / scale.
    State(const Problem& problem, std::span<const double> fleet_)
        : classes(problem.classes()), fleet(fleet_.begin(), fleet_.end()) {
        const Throughput now = best_throughput(problem, fleet);
        if (now.theta <= 0.0) return;
        scale = now.theta;
        programme::Programme model{.sense = programme::Sense::maximise};
        model.add(programme::Variable{.cost = 1.0});
        for (const Task& task : problem.tasks) {
            demands.push_back(task.demand);
            model.add(programme::Row{.low = 0.0, .terms = {{0, -1.0}}});
        }
        for (std::size_t d = 0; d < problem.types(); ++d) {
            type_rows.push_back(fleet[d] > 0.0 ? model.add(programme::Row{.high = 1.0}) : -1);
            if (fleet[d] > 0.0) add_shares(problem, d, model);
        }
        solver = std::make_unique<programme::LinearSolver>(model);
        ready = solver->solve().optimal();
        solver->remember();
    }

    void add_shares(const Problem& problem, std::size_t d, programme::Programme& model) {
        for (std::size_t k = 0; k < classes; ++k) {
            const double rate = problem.rate(d, k);
            if (rate <= 0.0) continue;
            const int share = model.add(programme::Variable{});
            pairs.push_back({d, k, rate});
            model.rows[static_cast<std::size_t>(type_rows[d])].terms.push_back({share, 1.0});
            model.rows[k].terms.push_back({share, fleet[d] * rate / (demands[k] * scale)});
        }
    }

    /// Writes what differs from the problem that it was made for.
    void set_rates(std::span<const double> rates, std::span<const double> wanted) {
        for (std::size_t i = 0; i < pairs.size(); ++i) {
            const Pair& pair = pairs[i];
            const double rate = rates[pair.type * classes + pair.task];
            if (rate == pair.rate && wanted[pair.task] == demands[pair.task]) continue;
            solver->set_coefficient(static_cast<int>(pair.task), static_cast<int>(i) + 1,
                                    fleet[pair.type] * rate / (wanted[pair.task] * scale));
        }
    }
};

ThetaSolver::ThetaSolver(const Problem& problem, std::span<const double> fleet)
    : state_(std::make_unique<State>(problem, fleet)) {}
ThetaSolver::~ThetaSolver() = default;
ThetaSolver::ThetaSolver(ThetaSolver&&) noexcept = default;

double ThetaSolver::theta(std::span<const double> rates, std::span<const double> demands,
                          std::span<const double> left) {
    State& state = *state_;
    if (!state.ready) return 0.0;
    state.solver->restart();
    state.set_rates(rates, demands);
    for (std::size_t d = 0; d < state.fleet.size(); ++d) {
        if (state.type_rows[d] < 0) continue;
        state.solver->set_limits(state.type_rows[d], -programme::infinity,
                                 left[d] / state.fleet[d]);
    }
    const programme::Solution solution = state.solver->solve();
    return solution.optimal() ? solution.values[0] * state.scale : 0.0;
}

Failures::Failures(std::int64_t count, double p) {
    const auto n = static_cast<double>(count);
    double sum = 0.0;
    for (std::int64_t i = 0; i <= count && sum < 1.0 - 1e-15; ++i) {
        const auto x = static_cast<double>(i);
        const double chance = p <= 0.0 ? (i == 0 ? 1.0 : 0.0)
                                       : std::exp(std::lgamma(n + 1.0) - std::lgamma(x + 1.0) -
                                                  std::lgamma(n - x + 1.0) + x * std::log(p) +
                                                  (n - x) * std::log1p(-p));
        sum += chance;
        cumulative_.push_back(sum);
    }
}

std::int64_t Failures::operator()(double u) const {
    const auto found = std::ranges::lower_bound(cumulative_, u);
    const auto last = std::ssize(cumulative_) - 1;
    return std::min<std::int64_t>(found - cumulative_.begin(), last);
}

}  // namespace motley::fleet

#include "motley/redesign/fleet/theta_solver.hpp"

#include <vector>

namespace motley::fleet {

struct ThetaSolver::State {
    struct FleetShare {
        std::size_t type, task;
        double rate;
    };
    std::size_t classes = 0;
    double scale = 1.0;
    Fleet fleet;
    std::vector<double> demands;
    std::vector<FleetShare> pairs;
    std::vector<int> type_rows;
    std::unique_ptr<programme::LinearSolver> solver;
    bool ready = false;

    /// The rows are the classes, then the types of the fleet. Variable 0 is theta / scale.
    State(const Problem& problem, std::span<const double> fleet_)
        : classes(problem.classes()), fleet(fleet_.begin(), fleet_.end()) {
        const Throughput now = best_throughput(problem, fleet);
        if (now.theta <= 0.0) return;
        scale = now.theta;
        programme::Programme model{.sense = programme::Sense::maximise};
        model.add(programme::ProgrammeVariable{.cost = 1.0});
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
            const int share = model.add(programme::ProgrammeVariable{});
            pairs.push_back({d, k, rate});
            model.rows[static_cast<std::size_t>(type_rows[d])].terms.push_back({share, 1.0});
            model.rows[k].terms.push_back({share, fleet[d] * rate / (demands[k] * scale)});
        }
    }

    /// Sets the coefficients that differ from those of the problem that it was made for.
    void set_rates(std::span<const double> rates, std::span<const double> wanted) {
        for (std::size_t i = 0; i < pairs.size(); ++i) {
            const FleetShare& pair = pairs[i];
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
    const programme::ProgrammeSolution solution = state.solver->solve();
    return solution.optimal() ? solution.values[0] * state.scale : 0.0;
}

}  // namespace motley::fleet

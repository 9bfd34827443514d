#include "motley/redesign/fleet/theta_solver.hpp"

#include <algorithm>
#include <vector>

#include "allocation.hpp"

namespace motley::fleet {

struct ThetaSolver::State {
    Problem problem;  ///< the one that it was made for
    std::size_t classes = 0;
    double scale = 1.0;
    Fleet fleet;
    std::vector<Option> options;
    std::vector<int> type_rows;
    std::vector<LimitRow> groups;
    int first_group_row = 0;
    bool conditional = false;  ///< workflows have conditions: every answer is solved afresh
    std::unique_ptr<programme::LinearSolver> solver;
    bool ready = false;

    /// The rows are the classes, the types of the fleet, then the limits. Variable 0 is theta /
    /// scale.
    State(const Problem& problem_, std::span<const double> fleet_)
        : problem(problem_),
          classes(problem.classes()),
          fleet(fleet_.begin(), fleet_.end()),
          options(options_of(problem)) {
        conditional = std::ranges::any_of(problem.workflows, &Workflow::conditional);
        const Throughput now = best_throughput(problem, fleet);
        if (now.theta <= 0.0) return;
        scale = now.theta;
        std::erase_if(options, [&](const Option& each) { return fleet[each.type] <= 0.0; });
        auto [model, rows] = time_shares(problem, fleet, options, scale);
        type_rows = std::move(rows);
        add_limits(model);
        solver = std::make_unique<programme::LinearSolver>(model);
        ready = solver->solve().optimal();
        solver->remember();
    }

    double served_by(const Option& option, double rate, double demand) const {
        return fleet[option.type] * rate / (demand * scale);
    }

    void add_limits(programme::Programme& model) {
        const auto add = [&](const LimitRow& limit, double high) {
            const double unit = std::max(1.0, high);
            programme::Row row{.high = high / unit};
            for (const auto& [option, coefficient] : limit.terms) {
                row.terms.push_back({static_cast<int>(option) + 1,
                                     coefficient * fleet[options[option].type] / unit});
            }
            return model.add(std::move(row));
        };
        for (const LimitRow& limit : class_limits(problem, options)) add(limit, limit.high);
        groups = group_limits(problem, options);
        first_group_row = static_cast<int>(model.rows.size());
        for (LimitRow& limit : groups) {
            limit.high = groups_in(fleet[static_cast<std::size_t>(limit.type)], limit.size);
            add(limit, limit.high);
        }
    }

    /// Sets the coefficients that differ from those of the problem that it was made for.
    void set_rates(std::span<const double> rates, std::span<const double> wanted) {
        for (std::size_t i = 0; i < options.size(); ++i) {
            const Option& option = options[i];
            const double rate = rates[option.type * classes + option.task] * option.efficiency;
            const double demand = wanted[option.task];
            if (rate == option.rate && demand == problem.tasks[option.task].demand) continue;
            solver->set_coefficient(static_cast<int>(option.task), static_cast<int>(i) + 1,
                                    served_by(option, rate, demand));
        }
    }

    void set_devices(std::span<const double> left) {
        for (std::size_t d = 0; d < fleet.size(); ++d) {
            if (type_rows[d] < 0) continue;
            solver->set_limits(type_rows[d], -programme::infinity, left[d] / fleet[d]);
        }
        for (std::size_t g = 0; g < groups.size(); ++g) {
            const double whole =
                groups_in(left[static_cast<std::size_t>(groups[g].type)], groups[g].size);
            solver->set_limits(first_group_row + static_cast<int>(g), -programme::infinity,
                               whole / std::max(1.0, groups[g].high));
        }
    }

    double solved_afresh(std::span<const double> rates, std::span<const double> demands,
                         std::span<const double> left) const {
        Problem changed = problem;
        changed.rates.assign(rates.begin(), rates.end());
        for (std::size_t k = 0; k < classes; ++k) changed.tasks[k].demand = demands[k];
        return best_throughput(changed, left).theta;
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
    if (state.conditional) return state.solved_afresh(rates, demands, left);
    state.solver->restart();
    state.set_rates(rates, demands);
    state.set_devices(left);
    const programme::ProgrammeSolution solution = state.solver->solve();
    return solution.optimal() ? solution.values[0] * state.scale : 0.0;
}

}  // namespace motley::fleet

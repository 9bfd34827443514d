#include "loss_solver.hpp"

#include <utility>

#include "priced_options.hpp"
#include "rounding.hpp"

namespace motley::fleet {
namespace {

/// Options up to which all of them are in the programme from the start.
constexpr std::size_t few = 2000;

std::vector<Option> options_in(const Problem& problem, std::span<const double> fleet) {
    std::vector<Option> out = options_of(problem);
    std::erase_if(out, [&](const Option& each) { return fleet[each.type] <= 0.0; });
    return out;
}

/// In units of `scale`.
std::vector<double> shares_served(const Problem& problem, std::span<const double> fleet,
                                  const std::vector<Option>& options, double scale) {
    std::vector<double> out;
    for (const Option& each : options) {
        out.push_back(fleet[each.type] * each.rate / (problem.tasks[each.task].demand * scale));
    }
    return out;
}

}  // namespace

LossSolver::LossSolver(const Problem& problem, std::span<const double> fleet,
                       const Throughput& whole)
    : problem_(problem),
      fleet_(fleet),
      scale_(whole.theta),
      options_(options_in(problem, fleet)),
      served_(shares_served(problem, fleet, options_, scale_)),
      chosen_(options_.size(), options_.size() <= few),
      solver_([&] {
          if (options_.size() > few) choose_first(whole);
          return make_solver();
      }()) {}

/// The options in use, and the best of each type and of each class by the prices of the whole
/// fleet.
void LossSolver::choose_first(const Throughput& whole) {
    std::vector<std::vector<std::size_t>> of_type(problem_.types()), of_class(problem_.classes());
    std::vector<double> worth, per_worth;
    for (std::size_t i = 0; i < options_.size(); ++i) {
        const Option& each = options_[i];
        of_type[each.type].push_back(i);
        of_class[each.task].push_back(i);
        const double share = each.rate / problem_.tasks[each.task].demand;
        worth.push_back(whole.task_prices[each.task] * share);
        per_worth.push_back(share / whole.device_worth[each.type]);
        chosen_[i] = whole.allocated(each.type, each.task, problem_.classes()) > 0.0;
    }
    for (auto& list : of_type) {
        mark_best(
            std::move(list), [&](std::size_t i) { return worth[i]; }, chosen_);
    }
    for (auto& list : of_class) {
        mark_best(
            std::move(list), [&](std::size_t i) { return per_worth[i]; }, chosen_);
    }
}

programme::LinearSolver LossSolver::make_solver() {
    std::vector<Option> chosen;
    for (std::size_t i = 0; i < options_.size(); ++i) {
        if (chosen_[i]) chosen.push_back(options_[i]);
    }
    auto [model, rows] = time_shares(problem_, fleet_, chosen, scale_);
    type_rows_ = std::move(rows);
    return programme::LinearSolver(model);
}

double LossSolver::theta(std::size_t type, double left) {
    const int row = type_rows_[type];
    if (row < 0) return scale_;  // it does nothing
    solver_.set_limits(row, -programme::infinity, left / fleet_[type]);
    programme::ProgrammeSolution solution = solver_.solve();
    while (solution.optimal() && add_better(solution)) solution = solver_.solve();
    solver_.set_limits(row, -programme::infinity, 1.0);
    return solution.optimal() ? solution.values[0] * scale_ : 0.0;
}

/// Adds the options that are worth more than their type. False: there are none, so that the
/// solution is the optimum over all options.
bool LossSolver::add_better(const programme::ProgrammeSolution& solution) {
    bool any = false;
    for (std::size_t i = 0; i < options_.size(); ++i) {
        if (chosen_[i]) continue;
        const Option& each = options_[i];
        const double served = served_[i];
        const int row = type_rows_[each.type];
        const double worth = -solution.duals[each.task] * served;
        const double price = solution.duals[static_cast<std::size_t>(row)];
        if (worth <= price * (1.0 + rounding) + rounding) continue;
        chosen_[i] = any = true;
        solver_.add(programme::ProgrammeVariable{},
                    {{static_cast<int>(each.task), served}, {row, 1.0}});
    }
    return any;
}

}  // namespace motley::fleet

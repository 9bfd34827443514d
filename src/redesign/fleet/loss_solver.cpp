#include "loss_solver.hpp"

#include <algorithm>

namespace motley::fleet {
namespace {

/// Options up to which all of them are in the programme from the start.
constexpr std::size_t few = 2000;
constexpr std::size_t best_few = 3;

/// Marks the options of the largest values in each list.
void choose_best(const std::vector<std::vector<std::size_t>>& lists,
                 const std::vector<double>& values, std::vector<bool>& chosen) {
    for (std::vector<std::size_t> list : lists) {
        const std::size_t count = std::min(best_few, list.size());
        const auto end = list.begin() + static_cast<std::ptrdiff_t>(count);
        std::ranges::partial_sort(list, end, [&](std::size_t a, std::size_t b) {
            return values[a] != values[b] ? values[a] > values[b] : a < b;
        });
        for (auto each = list.begin(); each != end; ++each) chosen[*each] = true;
    }
}

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

std::vector<int> rows_of_types(const Problem& problem, std::span<const double> fleet) {
    std::vector<int> out;
    auto row = static_cast<int>(problem.classes());
    for (const double devices : fleet) out.push_back(devices > 0.0 ? row++ : -1);
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
      type_rows_(rows_of_types(problem, fleet)),
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
    choose_best(of_type, worth, chosen_);
    choose_best(of_class, per_worth, chosen_);
}

/// The rows are the classes, then the types of the fleet; variable 0 is theta / scale.
programme::LinearSolver LossSolver::make_solver() const {
    programme::Programme model{.sense = programme::Sense::maximise};
    model.add(programme::ProgrammeVariable{.cost = 1.0});
    for (std::size_t k = 0; k < problem_.classes(); ++k) {
        model.add(programme::Row{.low = 0.0, .terms = {{0, -1.0}}});
    }
    for (const double devices : fleet_) {
        if (devices > 0.0) model.add(programme::Row{.high = 1.0});
    }
    for (std::size_t i = 0; i < options_.size(); ++i) {
        if (!chosen_[i]) continue;
        const int share = model.add(programme::ProgrammeVariable{});
        const auto row = static_cast<std::size_t>(type_rows_[options_[i].type]);
        model.rows[row].terms.push_back({share, 1.0});
        model.rows[options_[i].task].terms.push_back({share, served_[i]});
    }
    return programme::LinearSolver(model);
}

double LossSolver::theta(std::size_t type, double left) {
    const int row = type_rows_[type];
    solver_.set_limits(row, -programme::infinity, left / fleet_[type]);
    programme::ProgrammeSolution solution = solver_.solve();
    while (solution.optimal() && add_better(solution)) solution = solver_.solve();
    solver_.set_limits(row, -programme::infinity, 1.0);
    return solution.optimal() ? solution.values[0] * scale_ : 0.0;
}

/// Adds the options that are worth more than their type. False: there are none, so that the
/// solution is the optimum over all options.
bool LossSolver::add_better(const programme::ProgrammeSolution& solution) {
    constexpr double rounding = 1e-9;
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

#include "demand_curve.hpp"

#include <algorithm>
#include <cmath>

namespace motley::fleet {
namespace {

bool has_conditions(const Problem& problem) {
    return std::ranges::any_of(problem.workflows, &Workflow::conditional);
}

/// Variable 0 is theta / scale; the first rows are the classes, in which it has the coefficient -D
/// / D_now. The others are the shares of each type's time.
programme::Programme programme_of(const Problem& problem, const Fleet& fleet, double scale) {
    std::vector<Option> options = options_of(problem);
    std::erase_if(options, [&](const Option& each) { return fleet[each.type] <= 0.0; });
    programme::Programme model = time_shares(problem, fleet, options, scale).programme;
    std::vector<LimitRow> limits = class_limits(problem, options);
    for (LimitRow& row : group_limits(problem, options)) {
        row.high = groups_in(fleet[static_cast<std::size_t>(row.type)], row.size);
        limits.push_back(std::move(row));
    }
    for (const LimitRow& limit : limits) {
        const double unit = std::max(1.0, limit.high);
        programme::Row row{.high = limit.high / unit};
        for (const auto& [option, coefficient] : limit.terms) {
            row.terms.push_back(
                {static_cast<int>(option) + 1, coefficient * fleet[options[option].type] / unit});
        }
        model.add(std::move(row));
    }
    return model;
}

}  // namespace

DemandCurve::DemandCurve(const Problem& problem, const Fleet& fleet)
    : problem_(problem), fleet_(fleet), conditional_(has_conditions(problem)) {
    if (types_in(fleet) == 1 && !problem.has_limits()) {
        const auto type = std::ranges::find_if(fleet, [](double devices) { return devices > 0.0; });
        type_ = static_cast<std::size_t>(type - fleet.begin());
        only_ = *type;
        theta_ = only_ / devices_for_demand(problem, type_);
        return;
    }
    theta_ = best_throughput(problem, fleet).theta;
}

DemandCurve::~DemandCurve() = default;
DemandCurve::DemandCurve(DemandCurve&&) noexcept = default;

void DemandCurve::choose(std::size_t task) {
    task_ = task;
    if (solver_ != nullptr) return solver_->restart();
    if (only_ > 0.0 || theta_ <= 0.0 || conditional_) return;
    scale_ = theta_;
    solver_ = std::make_unique<programme::LinearSolver>(programme_of(problem_, fleet_, scale_));
    if (solver_->solve().optimal()) {
        solver_->remember();
        return solver_->restart();  // the copy, as for every other class
    }
    solver_.reset();
    conditional_ = true;
}

Tangent DemandCurve::inverse_theta(double demand) {
    if (theta_ <= 0.0) return {unlimited, 0.0};
    if (only_ <= 0.0) return solver_ != nullptr ? by_programme(demand) : afresh(demand);
    const double slope = 1.0 / (problem_.best_rate(type_, task_) * only_);
    return {1.0 / theta_ + (demand - problem_.tasks[task_].demand) * slope, slope};
}

Tangent DemandCurve::by_programme(double demand) {
    const double factor = demand / problem_.tasks[task_].demand;
    solver_->set_coefficient(static_cast<int>(task_), 0, -factor);
    const programme::ProgrammeSolution solution = solver_->solve();
    if (!solution.optimal() || solution.values[0] <= 0.0) return afresh(demand);
    const double inverse = 1.0 / (solution.values[0] * scale_);
    const double price = std::max(0.0, -solution.duals[task_]) * factor;
    return {inverse, inverse * price / demand};
}

Tangent DemandCurve::afresh(double demand) const {
    Problem changed = problem_;
    changed.tasks[task_].demand = demand;
    const Throughput now = best_throughput(changed, fleet_);
    return {1.0 / now.theta, now.task_prices[task_] / (now.theta * demand)};
}

}  // namespace motley::fleet

// The best fleet that can be bought, with whole nodes, limited availability and budgets.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "motley/redesign/fleet/fleet.hpp"
#include "share_rows.hpp"

namespace motley::fleet {
namespace {

/// Tolerance for whole numbers: 8.000000001 nodes need no ninth node.
constexpr double whole = 1e-9;

double ceil_nodes(double devices, std::int64_t node) {
    const double nodes = devices / static_cast<double>(node);
    return std::ceil(nodes - whole * std::max(1.0, nodes));
}
double floor_nodes(double devices, std::int64_t node) {
    const double nodes = devices / static_cast<double>(node);
    return std::floor(nodes + whole * std::max(1.0, nodes));
}

double limit_at(const Fleet& limits, std::size_t type, double otherwise) {
    return limits.empty() ? otherwise : limits[type];
}

/// Devices in one step of a purchase.
double step_of(const Device& device, bool integer) {
    return integer ? static_cast<double>(device.node_size) : 1.0;
}

double most_of(const Problem& problem, const SearchOptions& options, std::size_t type) {
    const Device& device = problem.devices[type];
    return std::min(device.available, limit_at(options.most, type, unlimited));
}

/// The programme of a purchase: a count of nodes or devices per type, and the shares z_dk of the
/// demand of class k that type d serves.
class FleetProgramme {
  public:
    FleetProgramme(const Problem& problem, const SearchOptions& options)
        : problem_(problem), options_(options) {
        const bool cost = options.objective == Objective::cost;
        programme.sense = cost ? programme::Sense::minimise : programme::Sense::maximise;
        unit_ = cost ? cheapest_fluid(problem).price : 1.0;
        add_counts();
        if (!cost) served_ = programme.add(programme::ProgrammeVariable{.cost = 1.0});
        add_shares();
        add_budget("price", options.budget.price, [](const Device& d) { return d.price; });
        add_budget("power", options.budget.power, [](const Device& d) { return d.power_busy; });
        add_budget("devices", options.budget.devices, [](const Device&) { return 1.0; });
    }

    Fleet fleet_of(const std::vector<double>& values) const {
        Fleet fleet;
        for (std::size_t d = 0; d < problem_.types(); ++d) {
            const double count = std::max(0.0, values[d]);
            fleet.push_back(count * step_of(problem_.devices[d], options_.integer));
        }
        return fleet;
    }
    /// Unit of the objective, in price per hour or in theta.
    double unit() const { return unit_; }

    programme::Programme programme;

  private:
    void add_counts() {
        for (std::size_t d = 0; d < problem_.types(); ++d) {
            const Device& device = problem_.devices[d];
            const double step = step_of(device, options_.integer);
            const double most = most_of(problem_, options_, d);
            const double least = limit_at(options_.least, d, 0.0);
            const std::int64_t node = options_.integer ? device.node_size : 1;
            programme::ProgrammeVariable count{.integer = options_.integer, .name = device.name};
            count.low = options_.integer ? ceil_nodes(least, node) : least;
            count.high = options_.integer && std::isfinite(most) ? floor_nodes(most, node) : most;
            count.cost = options_.objective == Objective::cost ? device.price * step / unit_ : 0.0;
            programme.add(std::move(count));
        }
    }

    void add_shares() {
        std::vector<programme::Row> capacity(problem_.types());
        for (std::size_t d = 0; d < problem_.types(); ++d) {
            const double step = step_of(problem_.devices[d], options_.integer);
            capacity[d] = {.high = 0.0, .terms = {{static_cast<int>(d), -step}}};
        }
        fleet::add_shares(programme, problem_, std::move(capacity), served_);
    }

    void add_budget(const char* name, double limit, double (*use_of)(const Device&)) {
        if (!std::isfinite(limit)) return;
        programme::Row row{.high = 1.0, .name = name};
        for (std::size_t d = 0; d < problem_.types(); ++d) {
            const Device& device = problem_.devices[d];
            row.terms.push_back(
                {static_cast<int>(d), use_of(device) * step_of(device, options_.integer) / limit});
        }
        programme.add(std::move(row));
    }

    const Problem& problem_;
    const SearchOptions& options_;
    double unit_ = 1.0;
    std::optional<int> served_;
};

std::string sentence(const Problem& problem, const SearchOptions& options,
                     const programme::Cause& cause) {
    using Limit = programme::Cause::Limit;
    const auto index = static_cast<std::size_t>(cause.index);
    switch (cause.kind) {
        case Limit::row_low: {
            const double demand = std::ranges::find(problem.tasks, cause.name, &Task::name)->demand;
            return fmt::format("the demand of '{}' is {:g} units/s", cause.name, demand);
        }
        case Limit::row_high: {
            if (cause.name == "price") {
                return fmt::format("the budget is {:g} per hour", options.budget.price);
            }
            if (cause.name == "power") {
                return fmt::format("the budget is {:g} W", options.budget.power);
            }
            return fmt::format("the budget is {:g} devices", options.budget.devices);
        }
        case Limit::variable_low:
            return fmt::format("at least {:g} devices '{}' are kept",
                               cause.limit * step_of(problem.devices[index], options.integer),
                               cause.name);
        default:
            return fmt::format("at most {:g} devices '{}' can be had",
                               cause.limit * step_of(problem.devices[index], options.integer),
                               cause.name);
    }
}

}  // namespace

bool within(const Problem& problem, std::span<const double> fleet, const Budget& budget) {
    double devices = 0.0;
    for (const double each : fleet) devices += each;
    const auto fits = [](double used, double limit) { return used <= limit * (1.0 + whole); };
    return fits(price_of(problem, fleet), budget.price) &&
           fits(peak_power(problem, fleet), budget.power) && fits(devices, budget.devices);
}

Purchase search(const Problem& problem, const SearchOptions& options) {
    Purchase out;
    const FleetProgramme model(problem, options);
    const programme::ProgrammeSolution solution =
        programme::solve(model.programme, {.seconds = options.seconds});
    out.status = solution.status;
    out.found = solution.found;
    if (solution.status == programme::SolverStatus::infeasible) {
        for (const auto& cause : programme::irreducible_causes(model.programme)) {
            out.causes.push_back(sentence(problem, options, cause));
        }
    }
    if (!out.found) return out;
    out.fleet = model.fleet_of(solution.values);
    out.value =
        options.objective == Objective::cost ? price_of(problem, out.fleet) : solution.objective;
    out.bound = solution.bound * model.unit();
    out.gap = solution.gap;
    if (out.proved()) out.bound = out.value;
    return out;
}

Homogeneous search_homogeneous(const Problem& problem, const SearchOptions& options) {
    Homogeneous best;
    for (std::size_t d = 0; d < problem.types(); ++d) {
        const Device& device = problem.devices[d];
        const double needed = devices_for_demand(problem, d);
        if (!std::isfinite(needed)) continue;
        double most = std::min({most_of(problem, options, d), options.budget.devices,
                                options.budget.price / device.price});
        if (device.power_busy > 0.0)
            most = std::min(most, options.budget.power / device.power_busy);
        const double step = step_of(device, options.integer);
        const std::int64_t node = options.integer ? device.node_size : 1;
        double devices = needed;
        if (options.objective == Objective::throughput) devices = most;
        if (!std::isfinite(devices)) continue;
        if (options.integer) {
            devices = step * (options.objective == Objective::cost ? ceil_nodes(devices, node)
                                                                   : floor_nodes(devices, node));
        }
        if (devices > most * (1.0 + whole) || devices <= 0.0) continue;
        const Homogeneous found{static_cast<int>(d), devices * device.price, devices,
                                devices / needed};
        const bool better = options.objective == Objective::cost ? found.price < best.price
                                                                 : found.theta > best.theta;
        if (better) best = found;
    }
    return best;
}

}  // namespace motley::fleet

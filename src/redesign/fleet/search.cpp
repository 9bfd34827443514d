// The best fleet that can be bought, with whole nodes, limited availability and budgets.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <string_view>
#include <utility>

#include "motley/redesign/fleet/fleet.hpp"
#include "rounding.hpp"
#include "share_rows.hpp"

namespace motley::fleet {
namespace {

constexpr std::string_view limit_of = "limit of ", quality_of_workflow = "quality ",
                           latency_of_workflow = "latency ";

double ceil_nodes(double devices, std::int64_t node) {
    const double nodes = devices / static_cast<double>(node);
    return std::ceil(nodes - rounding * std::max(1.0, nodes));
}
double floor_nodes(double devices, std::int64_t node) {
    const double nodes = devices / static_cast<double>(node);
    return std::floor(nodes + rounding * std::max(1.0, nodes));
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

double least_of(const Problem& problem, const SearchOptions& options, std::size_t type) {
    return std::max(problem.devices[type].keep, limit_at(options.least, type, 0.0));
}

bool is_new(const SearchOptions& options, std::size_t type) {
    return !options.stocked.empty() && !options.stocked[type];
}

/// The programme of a purchase: a count of nodes or devices per type, the owned devices that are
/// kept, a mark for each new type, and the shares of the demand that types serve.
class FleetProgramme {
  public:
    FleetProgramme(const Problem& problem, const SearchOptions& options)
        : problem_(problem), options_(options), cost_(options.objective == Objective::cost) {
        programme.sense = cost_ ? programme::Sense::minimise : programme::Sense::maximise;
        unit_ = cost_ ? cheapest_fluid(problem).price : 1.0;
        add_counts();
        if (!cost_) served_ = programme.add(programme::ProgrammeVariable{.cost = 1.0});
        add_shares();
        add_kept();
        add_price_budget();
        const Budget& budget = options.budget;
        add_budget("power", budget.power, [](const Device& d) { return d.power_busy; });
        add_budget("devices", budget.devices, [](const Device&) { return 1.0; });
        add_budget("rack units", budget.rack_units, [](const Device& d) { return d.rack_units; });
        if (cost_ && options.type_cost > 0.0) add_new_types();
    }

    programme::ProgrammeSolution solve() {
        return solve_with_qualities(programme, problem_, {shares_}, options_.seconds);
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
    double step(std::size_t type) const {
        return step_of(problem_.devices[type], options_.integer);
    }

    void add_counts() {
        for (std::size_t d = 0; d < problem_.types(); ++d) {
            const Device& device = problem_.devices[d];
            const double most = most_of(problem_, options_, d);
            const double least = least_of(problem_, options_, d);
            const std::int64_t node = options_.integer ? device.node_size : 1;
            programme::ProgrammeVariable count{.integer = options_.integer, .name = device.name};
            count.low = options_.integer ? ceil_nodes(least, node) : least;
            count.high = options_.integer && std::isfinite(most) ? floor_nodes(most, node) : most;
            count.cost = cost_ ? device.price * step(d) / unit_ : 0.0;
            programme.add(std::move(count));
        }
    }

    void add_shares() {
        std::vector<programme::Row> capacity(problem_.types());
        for (std::size_t d = 0; d < problem_.types(); ++d) {
            capacity[d] = {.high = 0.0, .terms = {{static_cast<int>(d), -step(d)}}};
        }
        shares_ =
            fleet::add_shares(programme, problem_, std::move(capacity), options_.integer, served_);
    }

    /// A kept device saves its list price and forgoes its resale price.
    void add_kept() {
        kept_.assign(problem_.types(), -1);
        for (std::size_t d = 0; d < problem_.types(); ++d) {
            const Device& device = problem_.devices[d];
            if (device.owned <= 0.0) continue;
            programme::ProgrammeVariable kept{.high = device.owned};
            if (cost_) kept.cost = (device.resale - device.price) / unit_;
            kept_[d] = programme.add(std::move(kept));
            programme.add(programme::Row{
                .high = 0.0, .terms = {{kept_[d], 1.0}, {static_cast<int>(d), -step(d)}}});
        }
    }

    void add_price_budget() {
        const double limit = options_.budget.price;
        if (!std::isfinite(limit)) return;
        add_budget("price", limit, [](const Device& device) { return device.price; });
        programme::Row& row = programme.rows.back();
        for (std::size_t d = 0; d < problem_.types(); ++d) {
            const Device& device = problem_.devices[d];
            if (kept_[d] >= 0)
                row.terms.push_back({kept_[d], (device.resale - device.price) / limit});
        }
    }

    void add_budget(const char* name, double limit, double (*use_of)(const Device&)) {
        if (!std::isfinite(limit)) return;
        programme::Row row{.high = 1.0, .name = name};
        for (std::size_t d = 0; d < problem_.types(); ++d) {
            row.terms.push_back(
                {static_cast<int>(d), use_of(problem_.devices[d]) * step(d) / limit});
        }
        programme.add(std::move(row));
    }

    /// Marks each new type of which the fleet has a device. No fleet that is the cheapest needs
    /// more of a type than serves the whole demand.
    void add_new_types() {
        for (std::size_t d = 0; d < problem_.types(); ++d) {
            if (!is_new(options_, d)) continue;
            double devices = least_of(problem_, options_, d) + step(d);
            for (const Option& option : shares_.options) {
                if (option.type != d) continue;
                devices += problem_.tasks[option.task].demand / option.rate + option.size;
            }
            const double most = std::min(programme.variables[d].high, devices / step(d) + 1.0);
            const int mark = programme.add(programme::ProgrammeVariable{
                .high = 1.0, .cost = options_.type_cost / unit_, .integer = true});
            programme.add(programme::Row{
                .high = 0.0, .terms = {{static_cast<int>(d), 1.0}, {mark, -std::max(1.0, most)}}});
        }
    }

    const Problem& problem_;
    const SearchOptions& options_;
    bool cost_;
    double unit_ = 1.0;
    std::optional<int> served_;
    ShareColumns shares_;
    std::vector<int> kept_;
};

/// Sentences about the rows that `add_shares` and `add_qualities` name.
std::string limit_sentence(const Problem& problem, const std::string& name) {
    const auto task = std::ranges::find(problem.tasks, name.substr(limit_of.size()), &Task::name);
    if (task->indivisible) return fmt::format("'{}' is one job that runs as a whole", task->name);
    return fmt::format("'{}' runs on at most {:g} devices", task->name, task->max_devices);
}
std::string workflow_sentence(const Problem& problem, const std::string& name) {
    const bool latency = name.starts_with(latency_of_workflow);
    const std::size_t number =
        std::stoul(name.substr((latency ? latency_of_workflow : quality_of_workflow).size()));
    const Workflow& workflow = problem.workflows[number];
    const std::string shown =
        workflow.name.empty() ? std::to_string(number + 1) : "'" + workflow.name + "'";
    if (latency) {
        return fmt::format("a request of workflow {} takes {:g} s at most", shown,
                           workflow.most_latency);
    }
    return fmt::format("the quality of workflow {} is at least {:g}", shown,
                       workflow.least_quality);
}

std::string sentence(const Problem& problem, const SearchOptions& options,
                     const programme::Cause& cause) {
    using Limit = programme::Cause::Limit;
    const auto index = static_cast<std::size_t>(cause.index);
    switch (cause.kind) {
        case Limit::row_low: {
            const auto task = std::ranges::find(problem.tasks, cause.name, &Task::name);
            if (task == problem.tasks.end()) return workflow_sentence(problem, cause.name);
            return fmt::format("the demand of '{}' is {:g} units/s", cause.name, task->demand);
        }
        case Limit::row_high: {
            const auto task = std::ranges::find(problem.tasks, cause.name, &Task::name);
            if (task != problem.tasks.end()) {
                return fmt::format("the demand of '{}' is {:g} units/s", cause.name, task->demand);
            }
            if (cause.name.starts_with(limit_of)) return limit_sentence(problem, cause.name);
            if (cause.name == "rack units") {
                return fmt::format("the budget is {:g} rack units", options.budget.rack_units);
            }
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
    const auto fits = [](double used, double limit) { return used <= limit * (1.0 + rounding); };
    return fits(price_of(problem, fleet), budget.price) &&
           fits(peak_power(problem, fleet), budget.power) && fits(devices, budget.devices) &&
           fits(rack_units(problem, fleet), budget.rack_units);
}

namespace {

/// Keeps the owned devices that bring nothing, as many nodes as the budgets permit.
void keep_what_brings_nothing(const Problem& problem, const SearchOptions& options, Fleet& fleet) {
    for (std::size_t d = 0; d < problem.types(); ++d) {
        const Device& device = problem.devices[d];
        const bool charged = fleet[d] <= 0.0 && options.type_cost > 0.0 && is_new(options, d);
        if (device.owned <= fleet[d] || device.resale > 0.0 || charged) continue;
        double more = std::min(device.owned, most_of(problem, options, d)) - fleet[d];
        const auto keep_within = [&](double limit, double used, double each) {
            if (each > 0.0) more = std::min(more, (limit - used) / each);
        };
        const Budget& budget = options.budget;
        keep_within(budget.power, peak_power(problem, fleet), device.power_busy);
        keep_within(budget.rack_units, rack_units(problem, fleet), device.rack_units);
        keep_within(budget.devices, std::accumulate(fleet.begin(), fleet.end(), 0.0), 1.0);
        const double step = step_of(device, options.integer);
        if (options.integer) more = step * floor_nodes(std::max(0.0, more), device.node_size);
        fleet[d] += std::max(0.0, more);
    }
}

}  // namespace

double price_of_new_types(const SearchOptions& options, std::span<const double> fleet) {
    double sum = 0.0;
    for (std::size_t d = 0; d < fleet.size(); ++d) {
        if (fleet[d] > 0.0 && is_new(options, d)) sum += options.type_cost;
    }
    return sum;
}

Problem with_demand(const Problem& problem, const SearchOptions& options) {
    Problem out = problem;
    for (std::size_t k = 0; k < options.demand_factor.size(); ++k) {
        out.tasks[k].demand *= options.demand_factor[k];
    }
    return out;
}

Purchase search(const Problem& given, const SearchOptions& options) {
    const Problem problem = with_demand(given, options);
    Purchase out;
    FleetProgramme model(problem, options);
    const programme::ProgrammeSolution solution = model.solve();
    out.status = solution.status;
    out.found = solution.found;
    if (solution.status == programme::SolverStatus::infeasible) {
        for (const auto& cause : programme::irreducible_causes(model.programme)) {
            out.causes.push_back(sentence(problem, options, cause));
        }
    }
    if (!out.found) return out;
    out.fleet = model.fleet_of(solution.values);
    keep_what_brings_nothing(problem, options, out.fleet);
    const bool cost = options.objective == Objective::cost;
    out.value = cost ? price_of(problem, out.fleet) + price_of_new_types(options, out.fleet)
                     : solution.objective;
    out.bound = solution.bound * model.unit();
    out.gap = solution.gap;
    if (out.proved()) out.bound = out.value;
    return out;
}

namespace {

/// The most devices of a type that a price per hour buys, owned ones first.
double most_for(const Device& device, double price) {
    if (device.owned <= 0.0) return price / device.price;
    const double for_owned = device.owned * device.resale;
    if (price < for_owned) return price / device.resale;
    return device.owned + (price - for_owned) / device.price;
}

/// The best fleet of one type where arithmetic decides; no type where there is none.
Homogeneous homogeneous_of(const Problem& problem, const SearchOptions& options, std::size_t d) {
    const Device& device = problem.devices[d];
    const double needed = devices_for_demand(problem, d);
    if (!std::isfinite(needed)) return {};
    double most = std::min({most_of(problem, options, d), options.budget.devices,
                            most_for(device, options.budget.price)});
    if (device.power_busy > 0.0) most = std::min(most, options.budget.power / device.power_busy);
    if (device.rack_units > 0.0) {
        most = std::min(most, options.budget.rack_units / device.rack_units);
    }
    const bool cost = options.objective == Objective::cost;
    double devices = cost ? std::max(needed, device.keep) : most;
    if (!std::isfinite(devices)) return {};
    if (options.integer) {
        const std::int64_t node = device.node_size;
        devices =
            step_of(device, true) * (cost ? ceil_nodes(devices, node) : floor_nodes(devices, node));
    }
    if (devices > most * (1.0 + rounding) || devices <= 0.0) return {};
    Fleet fleet(problem.types(), 0.0);
    fleet[d] = devices;
    return {static_cast<int>(d), price_of(problem, fleet), devices, devices / needed};
}

/// The best fleet of one type of a problem with limits, by programme.
Homogeneous homogeneous_by_search(const Problem& problem, const SearchOptions& options,
                                  std::size_t d) {
    Problem alone = problem;
    for (std::size_t other = 0; other < problem.types(); ++other) {
        if (other != d) alone.devices[other].keep = 0.0;
    }
    SearchOptions only = options;
    only.demand_factor.clear();
    only.least.clear();
    only.type_cost = 0.0;
    only.most.assign(problem.types(), 0.0);
    only.most[d] = limit_at(options.most, d, unlimited);
    const Purchase bought = search(alone, only);
    if (!bought.found || bought.fleet[d] <= 0.0) return {};
    return {static_cast<int>(d), price_of(problem, bought.fleet), bought.fleet[d],
            best_throughput(problem, bought.fleet).theta};
}

}  // namespace

Homogeneous search_homogeneous(const Problem& given, const SearchOptions& options) {
    const Problem problem = with_demand(given, options);
    const bool cost = options.objective == Objective::cost;
    const auto charge = [&](const Homogeneous& one) {
        return is_new(options, static_cast<std::size_t>(one.type)) ? options.type_cost : 0.0;
    };
    Homogeneous best;
    for (std::size_t d = 0; d < problem.types(); ++d) {
        if (!options.most.empty() && options.most[d] <= 0.0) continue;
        if (!std::isfinite(devices_for_demand(problem, d))) continue;
        const Homogeneous found = problem.has_limits() ? homogeneous_by_search(problem, options, d)
                                                       : homogeneous_of(problem, options, d);
        if (found.type < 0) continue;
        const bool better =
            best.type < 0 || (cost ? found.price + charge(found) < best.price + charge(best)
                                   : found.theta > best.theta);
        if (better) best = found;
    }
    return best;
}

}  // namespace motley::fleet

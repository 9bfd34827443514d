// Sums over a fleet, and the closed forms of the fluid limit.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "motley/redesign/fleet/fleet.hpp"

namespace motley::fleet {
namespace {

bool has(std::span<const double> fleet, std::size_t type) {
    return fleet.empty() || fleet[type] > 0.0;
}

}  // namespace

double Problem::total_demand() const {
    return std::accumulate(tasks.begin(), tasks.end(), 0.0,
                           [](double sum, const Task& task) { return sum + task.demand; });
}

double Problem::efficiency(std::size_t type, std::size_t task, std::size_t size) const {
    if (!efficiencies.empty()) {
        const std::vector<double>& own = efficiencies[type * classes() + task];
        if (!own.empty()) return own[size];
    }
    return tasks[task].sizes[size].efficiency;
}

double Problem::best_rate(std::size_t type, std::size_t task) const {
    if (quality(type, task) < tasks[task].least_quality) return 0.0;
    if (tasks[task].sizes.empty()) return rate(type, task);
    double best = 0.0;
    for (std::size_t s = 0; s < tasks[task].sizes.size(); ++s) {
        best = std::max(best, efficiency(type, task, s));
    }
    return best * rate(type, task);
}

bool Problem::has_limits() const {
    const auto limited = [](const Task& task) {
        return std::isfinite(task.max_devices) || task.indivisible || !task.sizes.empty();
    };
    return std::ranges::any_of(tasks, limited) ||
           std::ranges::any_of(workflows, &Workflow::conditional);
}

double bought_of(const Device& device, double devices) {
    return std::max(0.0, devices - device.owned);
}

double cost_of(const Device& device, double devices, double price) {
    const double kept = std::min(devices, device.owned);
    return kept * device.resale + (devices - kept) * price;
}

double price_of(const Problem& problem, std::span<const double> fleet) {
    double sum = 0.0;
    for (std::size_t d = 0; d < problem.types(); ++d) {
        sum += cost_of(problem.devices[d], fleet[d], problem.devices[d].price);
    }
    return sum;
}

double rack_units(const Problem& problem, std::span<const double> fleet) {
    double sum = 0.0;
    for (std::size_t d = 0; d < problem.types(); ++d) {
        sum += fleet[d] * problem.devices[d].rack_units;
    }
    return sum;
}

double peak_power(const Problem& problem, std::span<const double> fleet) {
    double sum = 0.0;
    for (std::size_t d = 0; d < problem.types(); ++d) {
        sum += fleet[d] * problem.devices[d].power_busy;
    }
    return sum;
}

std::int64_t types_in(std::span<const double> fleet) {
    return std::ranges::count_if(fleet, [](double devices) { return devices > 0.0; });
}

double power_at_load(const Problem& problem, std::span<const double> fleet,
                     const Throughput& throughput) {
    const double load = throughput.theta > 1.0 ? 1.0 / throughput.theta : 1.0;
    double sum = 0.0;
    for (std::size_t d = 0; d < problem.types(); ++d) {
        const Device& device = problem.devices[d];
        double busy = 0.0;
        for (std::size_t k = 0; k < problem.classes(); ++k) {
            busy += load * throughput.allocated(d, k, problem.classes());
        }
        sum += fleet[d] * device.power_idle + busy * (device.power_busy - device.power_idle);
    }
    return sum;
}

FluidFleet cheapest_fluid(const Problem& problem) {
    return cheapest_fluid(problem, {});
}

FluidFleet cheapest_fluid(const Problem& problem, std::span<const double> fleet) {
    FluidFleet out;
    out.fleet.assign(problem.types(), 0.0);
    for (std::size_t k = 0; k < problem.classes(); ++k) {
        double least = unlimited;
        int choice = -1;
        for (std::size_t d = 0; d < problem.types(); ++d) {
            if (!has(fleet, d) || problem.best_rate(d, k) <= 0.0) continue;
            const double per_unit = problem.devices[d].price / problem.best_rate(d, k);
            if (per_unit >= least) continue;
            least = per_unit;
            choice = static_cast<int>(d);
        }
        out.choice.push_back(choice);
        out.price += problem.tasks[k].demand * least;
        if (choice < 0) continue;
        const auto d = static_cast<std::size_t>(choice);
        out.fleet[d] += problem.tasks[k].demand / problem.best_rate(d, k);
    }
    return out;
}

double devices_for_demand(const Problem& problem, std::size_t type) {
    double sum = 0.0;
    for (std::size_t k = 0; k < problem.classes(); ++k) {
        const double rate = problem.best_rate(type, k);
        sum += rate > 0.0 ? problem.tasks[k].demand / rate : unlimited;
    }
    return sum;
}

Homogeneous cheapest_homogeneous_fluid(const Problem& problem) {
    Homogeneous best;
    for (std::size_t d = 0; d < problem.types(); ++d) {
        const double devices = devices_for_demand(problem, d);
        const double price = devices * problem.devices[d].price;
        if (!std::isfinite(devices) || price >= best.price) continue;
        best = {static_cast<int>(d), price, devices, 1.0};
    }
    return best;
}

}  // namespace motley::fleet

// The fluid limit: the throughput of a given fleet by a linear programme, the cheapest fleet by its
// closed form.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "motley/core/expect.hpp"
#include "motley/redesign/fleet/fleet.hpp"

namespace motley::fleet {
namespace {

bool has(std::span<const double> fleet, std::size_t type) {
    return fleet.empty() || fleet[type] > 0.0;
}

/// The first class that no device of the fleet can do; -1: there is none.
int unserved(const Problem& problem, std::span<const double> fleet) {
    for (std::size_t k = 0; k < problem.classes(); ++k) {
        bool served = false;
        for (std::size_t d = 0; d < problem.types(); ++d) {
            served = served || (has(fleet, d) && problem.rate(d, k) > 0.0);
        }
        if (!served) return static_cast<int>(k);
    }
    return -1;
}

/// The programme has the shares x_dk = y_dk / n_d as variables, so that all numbers are near 1
/// whatever the units.
struct ShareProgramme {
    programme::Programme programme{.sense = programme::Sense::maximise};
    std::vector<std::pair<std::size_t, std::size_t>>
        pairs;  ///< (type, class) of variable 1, 2, ...

    ShareProgramme(const Problem& problem, std::span<const double> fleet) {
        programme.add(programme::ProgrammeVariable{.cost = 1.0});  // theta, in units of `scale`
        double fastest = 0.0;
        for (std::size_t k = 0; k < problem.classes(); ++k) {
            double sum = 0.0;
            for (std::size_t d = 0; d < problem.types(); ++d) sum += fleet[d] * problem.rate(d, k);
            fastest = std::max(fastest, sum / problem.tasks[k].demand);
        }
        scale = fastest;
        std::vector<programme::Row> classes(problem.classes(), {.low = 0.0, .terms = {{0, -1.0}}});
        std::vector<programme::Row> types;
        for (std::size_t d = 0; d < problem.types(); ++d) {
            if (fleet[d] <= 0.0) continue;
            programme::Row& row = types.emplace_back(programme::Row{.high = 1.0});
            for (std::size_t k = 0; k < problem.classes(); ++k) {
                if (problem.rate(d, k) <= 0.0) continue;
                const int share = programme.add(programme::ProgrammeVariable{});
                pairs.emplace_back(d, k);
                row.terms.push_back({share, 1.0});
                classes[k].terms.push_back(
                    {share, fleet[d] * problem.rate(d, k) / (problem.tasks[k].demand * scale)});
            }
        }
        for (auto& row : classes) programme.add(std::move(row));
        for (auto& row : types) programme.add(std::move(row));
    }

    double scale = 1.0;
};

Throughput nothing(const Problem& problem, int bottleneck) {
    Throughput out;
    out.allocation.assign(problem.types() * problem.classes(), 0.0);
    out.task_prices.assign(problem.classes(), 0.0);
    out.task_prices[static_cast<std::size_t>(bottleneck)] = 1.0;
    out.device_worth.assign(problem.types(), 0.0);
    out.bottleneck = bottleneck;
    return out;
}

/// Whether no type works on the classes for more than all of its time.
bool fits(const Problem& problem, std::span<const double> fleet, const Throughput& throughput) {
    constexpr double rounding = 1e-6;
    for (std::size_t d = 0; d < problem.types(); ++d) {
        double busy = 0.0;
        for (std::size_t k = 0; k < problem.classes(); ++k) {
            busy += throughput.allocated(d, k, problem.classes());
        }
        if (busy > fleet[d] * (1.0 + rounding)) return false;
    }
    return true;
}

bool sum_to_one(std::span<const double> shares) {
    return std::abs(std::accumulate(shares.begin(), shares.end(), -1.0)) < 1e-6;
}

}  // namespace

double Problem::total_demand() const {
    return std::accumulate(tasks.begin(), tasks.end(), 0.0,
                           [](double sum, const Task& task) { return sum + task.demand; });
}

double cost_of(const Device& device, double devices, double price) {
    const double kept = std::min(devices, device.owned);
    return kept * device.resale + (devices - kept) * price;
}

double price_of(const Problem& problem, std::span<const double> fleet) {
    double sum = 0.0;
    for (std::size_t d = 0; d < problem.types(); ++d) sum += fleet[d] * problem.devices[d].price;
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

Throughput best_throughput(const Problem& problem, std::span<const double> fleet) {
    const int none = unserved(problem, fleet);
    if (none >= 0) return nothing(problem, none);
    const ShareProgramme shares(problem, fleet);
    const programme::ProgrammeSolution solution = programme::solve(shares.programme);
    if (!solution.optimal()) return nothing(problem, 0);
    Throughput out = nothing(problem, 0);
    out.theta = solution.values[0] * shares.scale;
    for (std::size_t i = 0; i < shares.pairs.size(); ++i) {
        const auto [d, k] = shares.pairs[i];
        out.allocation[d * problem.classes() + k] = solution.values[i + 1] * fleet[d];
    }
    for (std::size_t k = 0; k < problem.classes(); ++k) {
        out.task_prices[k] = std::max(0.0, -solution.duals[k]);
    }
    MOTLEY_EXPECT(fits(problem, fleet, out), "devices work for more than all of their time");
    MOTLEY_EXPECT(sum_to_one(out.task_prices), "the prices of the classes do not sum to 1");
    const auto dearest = std::ranges::max_element(out.task_prices);
    out.bottleneck = static_cast<int>(dearest - out.task_prices.begin());
    for (std::size_t d = 0; d < problem.types(); ++d) {
        for (std::size_t k = 0; k < problem.classes(); ++k) {
            const double worth = out.task_prices[k] * problem.rate(d, k) / problem.tasks[k].demand;
            out.device_worth[d] = std::max(out.device_worth[d], worth);
        }
    }
    return out;
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
            if (!has(fleet, d) || problem.rate(d, k) <= 0.0) continue;
            const double per_unit = problem.devices[d].price / problem.rate(d, k);
            if (per_unit >= least) continue;
            least = per_unit;
            choice = static_cast<int>(d);
        }
        out.choice.push_back(choice);
        out.price += problem.tasks[k].demand * least;
        if (choice < 0) continue;
        const auto d = static_cast<std::size_t>(choice);
        out.fleet[d] += problem.tasks[k].demand / problem.rate(d, k);
    }
    return out;
}

double devices_for_demand(const Problem& problem, std::size_t type) {
    double sum = 0.0;
    for (std::size_t k = 0; k < problem.classes(); ++k) {
        const double rate = problem.rate(type, k);
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

double fluid_gain(const Problem& problem) {
    return cheapest_homogeneous_fluid(problem).price / cheapest_fluid(problem).price;
}

}  // namespace motley::fleet

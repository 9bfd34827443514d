// Fleets of unlike devices that serve classes of tasks: the throughput of a fleet, the cheapest
// fleet for a demand, and the best fleet of one type. Pure numerics.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "motley/redesign/programme/programme.hpp"

namespace motley::fleet {

inline constexpr double unlimited = std::numeric_limits<double>::infinity();

/// A number of devices that work on one unit, or on one job, together, and the share of their rates
/// that they keep, measured.
struct GroupSize {
    double devices = 1.0;
    double efficiency = 1.0;
};

struct Task {
    std::string name;
    double demand = 1.0;             ///< work units per second
    double max_devices = unlimited;  ///< most devices that work on the class at the same time
    /// The class is one job that runs as a whole, in one of the sizes on one type at a time: its
    /// shares of time on all (type, size) sum to at most 1.
    bool indivisible = false;
    /// Devices that form a group of one type; a fleet has only whole groups. Empty: one device
    /// alone.
    std::vector<GroupSize> sizes = {};
    double least_quality = 0.0;  ///< engines below it cannot serve the class
};

/// A part of a request: units of one class. One engine does all of them.
struct Step {
    std::size_t task = 0;
    double rounds = 1.0;                  ///< units that follow one another
    double at_once = 1.0;                 ///< units of a round, which run at the same time
    std::vector<std::size_t> after = {};  ///< steps that end before it begins, of lower numbers
};

/// A request that passes through several classes, and what must hold at its end.
struct Workflow {
    enum class Quality { product, mean };
    std::vector<double> counts;  ///< K: units of each class in one request; 0: not in the workflow
    Quality combine =
        Quality::product;        ///< prod_k q_k^count_k, or sum_k count_k q_k / sum_k count_k
    double least_quality = 0.0;  ///< 0: no condition
    std::string name = {};
    std::vector<Step> steps = {};
    /// Most mean seconds of a request, waits not counted (requests.hpp). It needs the latencies of
    /// all types that can do a class of the steps.
    double most_latency = unlimited;

    bool conditional() const { return least_quality > 0.0 || most_latency < unlimited; }
};

struct Device {
    std::string name;
    double price = 0.0;                         ///< per device and hour
    double power_idle = 0.0, power_busy = 0.0;  ///< W per device
    std::int64_t node_size = 1;                 ///< devices are bought by the node
    double available = unlimited;               ///< largest number that can be bought, in devices
    double rack_units = 0.0;                    ///< height in the rack, per device
    double owned = 0.0;                         ///< devices that are there: their price is sunk
    double resale = 0.0;  ///< price per hour that an owned device brings if sold
    double keep = 0.0;    ///< least number of devices in a searched fleet
};

/// D device types and K task classes. `rates` is D x K, row-major: units per second of one device
/// that does nothing else; 0 where it cannot do the task.
struct Problem {
    std::vector<Task> tasks;
    std::vector<Device> devices;
    std::vector<double> rates;
    std::vector<double> qualities = {};  ///< D x K; empty: every engine has quality 1
    std::vector<double> latencies = {};  ///< D x K: s of one unit; nan: not known; empty: none is
    std::vector<Workflow> workflows = {};
    /// D x K lists with an entry for each size of the class: the efficiency of a group of that size
    /// on that type; 0 where it cannot be formed. An empty table or list: those of the class.
    std::vector<std::vector<double>> efficiencies = {};

    std::size_t types() const { return devices.size(); }
    std::size_t classes() const { return tasks.size(); }
    double rate(std::size_t type, std::size_t task) const { return rates[type * classes() + task]; }
    double& rate(std::size_t type, std::size_t task) { return rates[type * classes() + task]; }
    double total_demand() const;
    /// The efficiency of a group of size number `size` of the class on the type.
    double efficiency(std::size_t type, std::size_t task, std::size_t size) const;
    double quality(std::size_t type, std::size_t task) const {
        return qualities.empty() ? 1.0 : qualities[type * classes() + task];
    }
    /// Seconds from the start of one unit to its end; nan: not known.
    double latency(std::size_t type, std::size_t task) const {
        return latencies.empty() ? std::numeric_limits<double>::quiet_NaN()
                                 : latencies[type * classes() + task];
    }
    /// The rate of one device in a group of the most efficient size; 0 below the least quality.
    double best_rate(std::size_t type, std::size_t task) const;
    /// Whether a class is limited (devices at the same time, groups, one job) or a workflow has a
    /// condition, so that a type may need help that arithmetic does not see.
    bool has_limits() const;
};

/// Devices of each type; whole nodes where it is to be bought, any number in the fluid limit.
using Fleet = std::vector<double>;

/// The price per hour of `devices` of a type at `price` each: those that are owned cost what they
/// would bring if they were sold.
double cost_of(const Device& device, double devices, double price);
/// Devices of the type that are not owned yet.
double bought_of(const Device& device, double devices);
/// The price of the fleet per hour: the list price of what is bought, and the resale price that is
/// forgone for what is owned and kept.
double price_of(const Problem& problem, std::span<const double> fleet);
/// The power in W with every device busy, which must be provided.
double peak_power(const Problem& problem, std::span<const double> fleet);
/// The height of the fleet in racks, in rack units.
double rack_units(const Problem& problem, std::span<const double> fleet);
/// The number of types of which the fleet has a device.
std::int64_t types_in(std::span<const double> fleet);

/// Devices of a type that work on a class in groups of one size.
struct GroupedDevices {
    std::size_t type = 0, task = 0;
    double size = 1.0;     ///< devices of a group
    double rate = 0.0;     ///< units per second of one device in it
    double devices = 0.0;  ///< devices at work, on the average of time
};

/// The throughput of a fleet: it serves theta times the demand D at most.
struct Throughput {
    double theta = 0.0;
    std::vector<double> allocation;  ///< D x K: devices of type d that work on class k
    /// K: share of the class in the price of the mix; they sum to 1. One more unit per second of
    /// class k lowers theta by task_prices[k] theta / D_k.
    std::vector<double> task_prices;
    std::vector<double> device_worth;  ///< D: theta that one more device adds
    int bottleneck = -1;               ///< the class of the highest price
    /// The allocation by size of group; empty where no class has sizes.
    std::vector<GroupedDevices> groups = {};

    double allocated(std::size_t type, std::size_t task, std::size_t classes) const {
        return allocation[type * classes + task];
    }
};
/// Solves max theta: sum_d T_dk y_dk >= theta D_k, sum_k y_dk <= n_d. Where no device of the fleet
/// can serve a class, theta is 0 and that class is the bottleneck.
///
/// Limits of the classes, with z groups of m devices (y = m z) on the average of time: at most
/// max_devices devices, sum_d y <= max_devices; one job that runs as a whole, sum z <= 1; whole
/// groups of a type, sum_m floor(m / s) z <= floor(n_d / s) for each size s, which are the rounded
/// knapsack rows. With one device a group this is the preemptive makespan of unrelated machines (E.
/// L. Lawler and J. Labetoulle, J. ACM 25 (1978) 612-619): theta is the period over the makespan of
/// the work of one period. Where several jobs run as a whole in groups of several sizes on one
/// type, theta is an upper bound, within 2 % of the best schedule in the tests; with sizes that do
/// not divide each other too.
///
/// Qualities of workflows hold for the mix of engines that serves each class: a mean by a row, a
/// product, which is concave in the shares, by tangents to a relative 1e-9. A most latency is a row
/// for each path of steps that would take longer: the mean time of a step is linear in the shares.
/// Where branches mix engines, their mean is above that of each path; then paths are tightened
/// until it holds, and theta is what one allocation reaches, not proved the best.
Throughput best_throughput(const Problem& problem, std::span<const double> fleet);
/// The power in W when the fleet serves min(theta, 1) of the demand: idle power, and the extra
/// power of busy devices times the share of time in which they are busy.
double power_at_load(const Problem& problem, std::span<const double> fleet,
                     const Throughput& throughput);

/// The cheapest fleet in the fluid limit without limits: every class goes to the type of the least
/// price per unit, sum_k D_k min_d P_d / T_dk. Infinite where a class can be done by none.
struct FluidFleet {
    double price = 0.0;
    Fleet fleet;
    std::vector<int> choice;  ///< K: the type of each class; the first of equals, -1: none
};
FluidFleet cheapest_fluid(const Problem& problem);
/// The cheapest fluid fleet of the types in `fleet`.
FluidFleet cheapest_fluid(const Problem& problem, std::span<const double> fleet);

/// The cheapest fleet of one type, in the fluid limit: min_d sum_k D_k P_d / T_dk.
struct Homogeneous {
    int type = -1;  ///< -1: no type can do all classes
    double price = unlimited;
    double devices = 0.0;
    double theta = 0.0;
};
Homogeneous cheapest_homogeneous_fluid(const Problem& problem);
/// Limits on a whole fleet. Power counts every device as busy.
struct Budget {
    double price = unlimited;  ///< per hour
    double power = unlimited;  ///< W
    double devices = unlimited;
    double rack_units = unlimited;
};
bool within(const Problem& problem, std::span<const double> fleet, const Budget& budget);

enum class Objective {
    cost,       ///< the cheapest fleet for the demand
    throughput  ///< the largest theta within the budget
};

struct SearchOptions {
    Budget budget = {};
    Objective objective = Objective::cost;
    bool integer = true;          ///< whole nodes
    double seconds = 60.0;        ///< time limit
    Fleet least = {}, most = {};  ///< devices per type; empty: no limit
    /// D: types that are in stock; empty: all. With the objective cost every other type of the
    /// fleet costs `type_cost` per hour once.
    std::vector<bool> stocked = {};
    double type_cost = 0.0;
    std::vector<double> demand_factor = {};  ///< K: multiplies the demands; empty: 1
};

struct Purchase {
    programme::SolverStatus status = programme::SolverStatus::failed;
    bool found = false;
    Fleet fleet;
    double value = 0.0;  ///< value of the objective: price per hour with new types, or theta
    double bound = 0.0;
    double gap = 0.0;
    /// Limits that cannot be met together, as sentences, where the purchase is infeasible.
    std::vector<std::string> causes;

    bool proved() const { return status == programme::SolverStatus::optimal; }
};
/// What the types of a fleet cost that are not in stock, per hour.
double price_of_new_types(const SearchOptions& options, std::span<const double> fleet);
/// The best fleet of any mix. Owned devices that bring nothing are not sold, as far as budgets
/// permit. Resale prices are at most list prices.
Purchase search(const Problem& problem, const SearchOptions& options);
/// The problem with the demands of the options.
Problem with_demand(const Problem& problem, const SearchOptions& options);
/// The best fleet of one type, by arithmetic, or by a programme where the problem has limits. The
/// types that `keep` asks for do not count, a type that is not in stock costs what it costs
/// (`price` is without it).
Homogeneous search_homogeneous(const Problem& problem, const SearchOptions& options);

/// The number of devices of `type` that serve the whole demand alone, sum_k D_k / T_dk; infinite
/// where they cannot do a class.
double devices_for_demand(const Problem& problem, std::size_t type);

}  // namespace motley::fleet

// kind = "redesign" as typed structs: devices, demand, rates, designs, and options of the search.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "motley/core/error.hpp"
#include "motley/redesign/fleet/fleet.hpp"
#include "motley/redesign/fleet/scenario.hpp"
#include "motley/topology/topology.hpp"

namespace motley::job {

/// Numbers under names that the user chose, in the order of the file.
using Amounts = std::vector<std::pair<std::string, fleet::Uncertain>>;

/// [device.NAME]
struct DeviceType {
    std::string name;
    fleet::Uncertain price;                     ///< per device and hour
    double power_idle = 0.0, power_busy = 0.0;  ///< W
    std::int64_t node_size = 1;
    std::int64_t available = 0;                         ///< largest number of devices; 0: no limit
    double memory = 0.0;                                ///< GB; 0: not known, not checked
    double peak = 0.0;                                  ///< TFLOP/s, dense; 0: not known
    double bandwidth = 0.0;                             ///< GB/s of memory; 0: not known
    fleet::Uncertain efficiency = fleet::exactly(1.0);  ///< share of the roofline
    Amounts calibration;                                ///< share of the roofline by class
    Amounts rate;                                       ///< units/s by class
    std::string source;                                 ///< source of `rate`
};

/// One of [task.NAME] flows.
struct FlowSpec {
    std::string to;      ///< task class
    double bytes = 0.0;  ///< per unit
};

enum class CollectiveKind {
    all_reduce,  ///< ring
    all_reduce_tree,
    all_reduce_halving_doubling,
    all_reduce_hierarchical,
    all_gather,      ///< ring
    reduce_scatter,  ///< ring
    all_to_all
};
/// One of [task.NAME] collectives.
struct CollectiveSpec {
    CollectiveKind kind = CollectiveKind::all_reduce;
    double bytes = 0.0;      ///< length of the vector, per unit that the group does
    std::int64_t group = 0;  ///< devices that do a unit together
};

/// [task.NAME]
struct TaskClass {
    std::string name;
    std::string unit;     ///< unit of the demand and of inline rates; empty: unit of the table
    double flops = 0.0;   ///< per unit
    double bytes = 0.0;   ///< memory traffic per unit
    double memory = 0.0;  ///< GB that one device must have to serve the class
    std::vector<FlowSpec> flows;
    std::vector<CollectiveSpec> collectives;
};

enum class Placement {
    packed,  ///< nodes onto hosts in the order of device types, then of task classes
    spread   ///< nodes in turn from every type and class
};

/// [design.NAME]
struct DesignSpec {
    std::string name;
    Amounts fleet;                           ///< devices by type
    std::optional<topology::Spec> topology;  ///< hosts carry a device each
    Placement placement = Placement::packed;
    double link = 0.0;             ///< GB/s of capacity 1
    std::int64_t failures = 1000;  ///< most failures tried of each part of the fabric
    double fabric_price = 0.0;     ///< price of the network per hour
};

/// [search]
struct SearchSpec {
    bool given = false;  ///< there is a section [search]
    fleet::Objective objective = fleet::Objective::cost;
    fleet::Budget budget;
    bool integer = true;
    double seconds = 60.0;
    bool spare = false;
    std::int64_t pareto = 0;
};

/// [proposal]
struct ProposalSpec {
    std::string baseline;
    double migration_cost = 0.0;
    double horizon = 26280.0;
    double type_cost = 0.0;
    double least_gain = 0.0;
};

/// [uncertainty]
struct UncertaintySpec {
    std::int64_t scenarios = 10000;
    double confidence = 0.95;
    double drift = 0.0;
    double failure = 0.0;
    double straggler_share = 0.0;
    double straggler_speed = 0.5;
};

/// [dynamics]
struct DynamicsSpec {
    std::int64_t steps = 2000;
    std::int64_t devices = 1024;
    double openness = 0.9;
    double elasticity = 0.05;
    double gap = 1e-4;
};

/// The source of a rate.
struct RateOrigin {
    std::string source;     ///< empty: none was given
    bool measured = false;  ///< false: from the roofline
};

struct Redesign {
    std::string name;
    std::uint64_t seed = 1;
    std::string directory = "results";
    Amounts demand;
    std::string rates_file;
    std::vector<DeviceType> devices;
    std::vector<TaskClass> tasks;
    std::vector<DesignSpec> designs;
    SearchSpec search;
    ProposalSpec proposal;
    UncertaintySpec uncertainty;
    DynamicsSpec dynamics;

    // Derived from the keys above.
    fleet::Problem problem;  ///< tasks in the order of [demand], devices in the order of the file
    fleet::Uncertainty uncertain;
    std::vector<std::string> units;  ///< K
    std::vector<double>
        base_units;  ///< K: base units in one unit of the demand: 1000 in one "krequests/s"
    std::vector<RateOrigin> origins;  ///< D x K, for rates that are not 0
    std::vector<double> roofline;     ///< D x K: the roofline at efficiency 1; 0: not known
    std::vector<std::string>
        left_out;  ///< devices and tasks of the table that the job does not name
    std::vector<fleet::Fleet> fleets;  ///< one per design
    Where search_place;                ///< place of [search], for errors that the search finds
};

}  // namespace motley::job

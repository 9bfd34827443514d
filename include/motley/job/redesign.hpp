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
#include "motley/redesign/serving/pipeline.hpp"
#include "motley/redesign/serving/serving.hpp"
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
    double node_bandwidth =
        0.0;  ///< GB/s of one device to the others of its node; 0: through the fabric
    double rack_units = 0.0;  ///< per device
    std::int64_t owned = 0;   ///< devices that are there already
    double resale = 0.0;      ///< $/h that an owned device brings if it is sold
    std::int64_t keep = 0;    ///< owned devices that stay in every searched fleet
    Amounts quality;          ///< in [0, 1], by class
    Amounts latency;          ///< s from the start of one unit to its end, by class
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
    double memory = 0.0;  ///< GB that the group that serves the class must have
    std::vector<FlowSpec> flows;
    std::vector<CollectiveSpec> collectives;
    std::int64_t group = 1;        ///< devices that hold the model together and do a unit together
    std::int64_t max_devices = 0;  ///< most devices at the same time; 0: no limit
    bool indivisible = false;      ///< one job that runs as a whole on one type at a time
    Amounts efficiency;  ///< under the number of devices, as "8": share of the rate that is kept
    Amounts node_efficiency;  ///< the same under the number of nodes over which a group spreads
    double parameters = 0.0;  ///< weights of the model; 0: `memory` says all
    double bits = 16.0;       ///< per parameter
    double cache = 0.0;       ///< GB of KV cache per request
    double batch = 1.0;       ///< requests that a group serves at the same time
    double least_quality = 0.0;
    double units_per_request = 1.0;
    double service_cv = 1.0;         ///< standard deviation of the service time over its mean
    std::optional<double> p95_wait;  ///< s: condition on the wait of a request
    std::int64_t layers = 0;         ///< of the model, passed from stage to stage; 0: no pipeline
    std::optional<double> stage_bytes;    ///< per unit, from stage to stage
    std::optional<double> request_bytes;  ///< per unit, from and to the coordinator
};

/// One of [workflow.NAME] steps.
struct StepSpec {
    std::string task;
    double count = 1.0;  ///< units per request
    std::string name;    ///< empty: that of the task
    /// Names of steps that end before it begins; nothing: the step before it in the list.
    std::optional<std::vector<std::string>> after;
    std::optional<std::int64_t> parallel;  ///< units that run at the same time; nothing: 1
};

/// [workflow.NAME]
struct WorkflowSpec {
    std::string name;
    /// requests/s; each step adds count times as much to the demand of its class.
    fleet::Uncertain demand = fleet::exactly(1.0);
    std::vector<StepSpec> steps;
    fleet::Workflow::Quality quality = fleet::Workflow::Quality::product;
    double least_quality = 0.0;
    std::optional<double> latency;  ///< s: condition on the mean time of a request without waits
};

/// [fabric]: the network of fleets that have none of their own.
struct FabricSpec {
    std::optional<topology::Spec> topology;  ///< its size follows the number of devices
    double link = 0.0;                       ///< GB/s of capacity 1
    double port_price = 0.0, cable_price = 0.0, switch_price = 0.0;  ///< $/h each
    double switch_power = 0.0;                                       ///< W each
    double switch_rack_units = 0.0;                                  ///< each
};

enum class Placement {
    packed,  ///< nodes onto hosts in the order of device types, then of task classes
    spread,  ///< nodes in turn from every type and class
    search   ///< the best one that a local search finds
};

using serving::HandOver;
using serving::Routing;

/// [design.NAME]
struct DesignSpec {
    std::string name;
    Amounts fleet;                           ///< devices by type
    std::optional<topology::Spec> topology;  ///< hosts carry a device each
    Placement placement = Placement::packed;
    HandOver hand_over = HandOver::free;
    Routing routing = Routing::ecmp;
    double link = 0.0;             ///< GB/s of capacity 1
    std::int64_t failures = 1000;  ///< most failures tried of each part of the fabric
    double fabric_price = 0.0;     ///< price of the network per hour
    std::optional<std::int64_t> placement_trials;  ///< of a search; default: 200
    std::string stages;           ///< file of the stages of a pipeline; empty: none
    std::string coordinator;      ///< vertex where units start and end; empty: anywhere
    std::optional<bool> partial;  ///< units may enter a stage after its first layer
};

/// The stages of a design, from its file. Amounts of data are not in the model yet.
struct DesignPipeline {
    serving::Pipeline model;         ///< rates in the unit of the demand
    std::vector<std::size_t> types;  ///< device type of each stage
    std::vector<std::string> nodes;  ///< name of each stage's vertex
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
    bool flips = true;  ///< also finds the prices and demands at which the comparison turns
};

/// One of `proposal.survive`.
struct Survival {
    enum class Part { device, node, link, switches, rack, share };
    Part part = Part::node;
    double share = 0.0;  ///< of the devices, for `share`
};

/// [proposal]
struct ProposalSpec {
    std::string baseline;
    double migration_cost = 0.0;
    double horizon = 26280.0;
    double type_cost = 0.0;
    double least_gain = 0.0;
    double serve = 0.95;  ///< share of the scenarios in which the demand must be served
    std::vector<Survival> survive;
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
    /// What the table says of the measurement beside the rate, by column: ("batch", "32").
    std::vector<std::pair<std::string, std::string>> conditions = {};
    std::optional<double> quality = {};  ///< of the table
    std::optional<double> latency = {};  ///< of the table: s from the start of a unit to its end
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
    std::vector<WorkflowSpec> workflows;
    std::optional<FabricSpec> fabric;
    fleet::Budget budget;          ///< of every design
    double units_per_rack = 42.0;  ///< rack units of a rack
    double period_hours = 0.0;  ///< [demand] is work to do once in this time; 0: units per second
    SearchSpec search;
    ProposalSpec proposal;
    UncertaintySpec uncertainty;
    DynamicsSpec dynamics;

    // Derived from the keys above.
    Amounts wanted;        ///< demand with that of the workflows, per second
    fleet::Budget limits;  ///< of every design: [budget] and search.budget
    /// Network of fleets that have none: [fabric], or that of the first design that can grow.
    FabricSpec network;
    bool charged = false;  ///< there is a section [fabric]: fleets pay for it even without traffic
    fleet::Problem problem;  ///< tasks in the order of [demand], devices in the order of the file
    fleet::Uncertainty uncertain;
    std::vector<std::string> units;  ///< K
    std::vector<double>
        base_units;  ///< K: base units in one unit of the demand: 1000 in one "krequests/s"
    std::vector<RateOrigin> origins;  ///< D x K, for rates that are not 0
    std::vector<double> roofline;     ///< D x K: the roofline at efficiency 1; 0: not known
    std::vector<std::string>
        left_out;  ///< devices and tasks of the table that the job does not name
    std::vector<fleet::Fleet> fleets;       ///< one per design
    std::vector<DesignPipeline> pipelines;  ///< one per design; empty: the job has no pipeline
    std::string pipeline_base;  ///< what the rates of stages count, "tokens"; empty: not said
    std::vector<std::string> suspicions;  ///< numbers that are legal and look wrong, as sentences
    Where search_place;                   ///< place of [search], for errors that the search finds
};

}  // namespace motley::job

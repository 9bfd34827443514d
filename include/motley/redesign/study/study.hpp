// kind = "redesign": compares designs of a cluster with the best homogeneous fleet and with the
// present design.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "motley/core/console.hpp"
#include "motley/job/redesign.hpp"
#include "motley/mpi/communicator.hpp"
#include "motley/record/record.hpp"
#include "motley/redesign/fleet/gain.hpp"
#include "motley/redesign/fleet/losses.hpp"
#include "motley/report/document.hpp"

namespace motley::redesign {

/// A number that lies between `low` and `high`.
struct Bracket {
    double low = 0.0, high = 0.0;
};

/// Intervals of a design over the scenarios of the job.
struct DesignIntervals {
    Bracket theta;        ///< with the best allocation of each scenario
    Bracket theta_fixed;  ///< with the nominal allocation kept
    Bracket price;        ///< per hour
    Bracket price_to_serve;
    Bracket gain;         ///< price to serve of the best homogeneous fleet over that of the design
    Bracket advantage;    ///< over the baseline, costs of the change included
    double chance = 0.0;  ///< share of the scenarios in which the demand is served
};

/// The requests of a class in its queue, at the load that the demand makes.
struct ClassWait {
    std::int64_t places = 0;  ///< requests that are served at the same time
    double load = 0.0;        ///< share of the time in which a place is busy
    double mean = 0.0;        ///< s before a request is served; infinite where the demand is not
    double p95 = 0.0;         ///< s that 95 % of the requests do not exceed
    std::optional<double> limit = {};  ///< s: condition of the job on `p95`
};

/// How long the requests of a workflow take, and what they cost.
struct RequestResult {
    std::string name;      ///< of the workflow
    double quality = 1.0;  ///< at the end of a request
    /// Mean s from start to end with a place free at every step, at least and at most; equal where
    /// it is exact. nan: the time of a unit on an engine that is in use is not known.
    Bracket latency;
    Bracket with_waits;  ///< the same with the mean wait of every round
    double p95 = 0.0;    ///< s that 95 % of the requests do not exceed, an upper bound
    std::optional<double> limit = {};  ///< s: condition of the job on `latency`
    double price_per_thousand = 0.0;   ///< $ for 1,000 requests
};

/// Something that a proposal must do, and whether a design does it.
struct Condition {
    std::string name;  ///< "demand", "chance", "price", "power", "node", ...
    double value = 0.0, limit = 0.0;
    bool met = true;
    std::string text;  ///< what the design does: "it serves 0.4 of the demand"
};

/// The allocation that devices reach as agents of the model, each linked with each (docs/model.md).
struct DynamicsResult {
    std::int64_t devices = 0;  ///< 0: not computed
    double theta = 0.0;        ///< throughput of their allocation
    std::int64_t steps = 0;
    double heterogeneity = 0.0;  ///< mutual information I of the efforts, nats
    double bound = 0.0;          ///< entropy of the tasks: I cannot be larger
    std::int64_t messages = 0;   ///< per step, each of 2 K numbers
};

/// The worst single failure of one part of a fabric, with work, hand-over and routes found anew.
struct FabricLoss {
    std::string part;  ///< "node", "link", "switch" or "rack": a leaf switch and its hosts
    /// Failures that are known, by trying them or one that is alike, and all that there are.
    std::int64_t tried = 0, possible = 0;
    std::string worst;      ///< the worst of the failures that were tried
    double theta = 0.0;     ///< share of the demand that is served after it
    Bracket bound;          ///< the same, at least and at most, proved
    int disconnecting = 0;  ///< of the failures that were solved: they leave hosts without a path
};

/// A machine of a pipeline.
struct StageResult {
    std::string node;         ///< name of its vertex
    std::size_t type = 0;     ///< device type
    int first = 1, last = 1;  ///< layers, counted from 1
    double rate = 0.0;        ///< units/s that it could pass
    double units = 0.0;       ///< units/s that it passes
    double price = 0.0;       ///< d throughput / d rate
};

/// What a pipeline passes through all layers, in units of the demand.
struct PipelineResult {
    Bracket throughput;  ///< units/s, proved
    /// What limits it, a stage or one direction of a link, and its share of the throughput: its
    /// price times its rate or capacity. The shares sum to 1. With links between stages it is a
    /// minimum cut.
    std::vector<std::pair<std::string, double>> cut;
    std::vector<StageResult> stages;
    std::vector<double> carried;  ///< per channel of the fabric, units/s
    double traffic = 0.0;         ///< GB/s where the demand is served
};

/// What a search of placements found: theta of devices and network together.
struct PlacementResult {
    double packed = 0.0, spread = 0.0, searched = 0.0;
    double bound = 0.0;       ///< no placement of the same nodes on these hosts has more
    std::int64_t trials = 0;  ///< placements that were tried
};

/// What devices and fabric serve together, in multiples of the demand.
struct NetworkResult {
    bool given = false;     ///< the design has a fabric
    std::string fabric;     ///< "fat-tree, 128 hosts"
    std::string routing;    ///< as the job states it
    std::string hand_over;  ///< the same
    double traffic = 0.0;   ///< GB/s where all is handed over evenly and the demand served
    /// With the routing and the hand-over that the job states, proved.
    Bracket bound = {fleet::unlimited, fleet::unlimited};
    Bracket best = {fleet::unlimited, fleet::unlimited};  ///< the same by the best routing
    double even = fleet::unlimited;  ///< by ECMP, where all is handed over evenly
    std::string bottleneck;          ///< the dearest link; empty: devices limit
    double hops = 0.0;               ///< mean, of the even hand-over by ECMP
    int uneven_groups = 0;           ///< hierarchical all-reduces that use a ring instead
    report::FabricPicture picture;   ///< the fabric with its loads, GB/s
    std::vector<FabricLoss> losses;
    std::optional<PlacementResult> placement = {};  ///< it was searched
    std::optional<PipelineResult> pipeline = {};    ///< the class is a pipeline
};

/// How much devices differ in the allocation: mutual information of task class and device, in
/// nats, weighted by the time that devices spend.
struct Specialisation {
    struct LevelShare {
        std::string name;            ///< pod, rack, node, device, or those of the topology
        double heterogeneity = 0.0;  ///< given the outer levels; the levels add up
    };
    std::vector<LevelShare> levels;  ///< outermost first; empty: not a fleet of whole devices
    double types = 0.0;              ///< mutual information of class and device type
    double bound = 0.0;              ///< log(min(types, classes)): `types` cannot be larger
};

struct DesignResult {
    std::string name;
    bool searched = false;     ///< found by [search], not given
    bool homogeneous = false;  ///< the best fleet of one type
    fleet::Fleet fleet = {};
    fleet::Throughput throughput = {};
    double fabric_price = 0.0;    ///< per hour, in `price`
    double price = 0.0;           ///< per hour
    double power = 0.0;           ///< W, at the load that it serves
    double power_peak = 0.0;      ///< W, with every device busy
    double rack_units = 0.0;      ///< height of devices and switches
    double price_to_serve = 0.0;  ///< per hour for the demand
    fleet::Gain gain = {};
    fleet::NMinusOne losses = {};
    std::vector<fleet::Flip> flips = {};
    std::optional<DesignIntervals> interval = {};  ///< nothing: no number of the job is uncertain
    double advantage = 1.0;  ///< over the baseline by nominal numbers, costs of the change included
    std::vector<Condition> conditions = {};
    std::vector<ClassWait> waits = {};  ///< K; empty: nothing is served
    double pooled_wait = 0.0;  ///< s, 95 %, if all places were one pool that serves every class
    std::vector<RequestResult> requests = {};  ///< one per workflow; empty: nothing is served
    DynamicsResult dynamics = {};
    NetworkResult network = {};
    Specialisation specialisation = {};
    bool proved = true;  ///< whether the optimum of a searched fleet is proved
    double gap = 0.0;    ///< relative distance of a searched fleet to its bound

    /// Whether it meets every condition of a proposal.
    bool passes() const { return std::ranges::all_of(conditions, &Condition::met); }
    /// Share of the demand that fleet and network can serve, or the fleet alone without a topology.
    double theta() const { return std::min(throughput.theta, network.bound.low); }
    bool network_binds() const { return network.bound.low < throughput.theta * (1.0 - 1e-6); }
    /// The theta that the network and, where computed, devices as agents reach.
    double achieved() const {
        return std::min(dynamics.devices > 0 ? dynamics.theta : throughput.theta,
                        network.bound.low);
    }
};

/// The range of the price of a device type in which the searched fleet stays the cheapest of all.
struct FleetRange {
    int type = 0;
    fleet::PriceRange range;
};

struct ParetoFleet {
    fleet::Fleet fleet;
    double price = 0.0, power = 0.0, theta = 0.0, n_minus_1 = 0.0;
};

struct Verdict {
    std::string recommendation;  ///< name of a design, or "no change"
    std::string baseline;
    double gain = 1.0;  ///< price to serve of the baseline over that of the best proposal
    std::optional<Bracket> interval;  ///< of the gain; nothing: no number is uncertain
    double required = 1.0;
    std::string text;     ///< what to do, why, and why not the others, as sentences
    std::string because;  ///< the reason alone
};

struct RedesignResult {
    std::string directory;
    std::vector<DesignResult> designs;  ///< given, then searched, then the best homogeneous
    std::vector<FleetRange> ranges;
    double fluid_price = 0.0;              ///< price per hour of the cheapest fluid fleet
    double fluid_homogeneous_price = 0.0;  ///< price per hour of the best fluid fleet of one type
    double fluid_gain = 1.0;
    std::vector<ParetoFleet> front;
    bool front_complete = false;  ///< every fleet of whole nodes was measured
    double spare_price = 0.0;  ///< price per hour of the cheapest fleet with a spare node, or nan
    fleet::Fleet spare_fleet;
    Verdict verdict;
    std::vector<std::string> notes;  ///< for the reader: missing sources, unused rows
    std::int64_t scenarios = 0;
};

/// Runs a study. Collective; the result is complete on rank 0. Scenarios and searches are spread
/// over the ranks; the files are the same bits on any number of them. Writes
/// <directory>/<name>/{redesign.json, designs.csv, allocation.csv, losses.csv, fabric.csv,
/// workflows.csv, flips.csv, front.csv, redesign.h5, report.html, status.json}. A usage error where
/// no fleet meets demand and budget.
RedesignResult redesign(const job::Redesign& job, const std::string& resolved_text,
                        const std::vector<std::string>& command, const mpi::Communicator& comm,
                        const Console& console);

/// The name of the task class, or of the link, that limits the design.
std::string bottleneck_of(const job::Redesign& job, const DesignResult& design);
/// "16 h100 + 8 l4"
std::string fleet_text(const fleet::Problem& problem, const fleet::Fleet& fleet);
/// "price of h100 from 2.99 to 3.41 $/h: then 'present' is cheaper"
std::string flip_text(const fleet::Problem& problem, const fleet::Flip& flip);

}  // namespace motley::redesign

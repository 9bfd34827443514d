// What a fleet on a fabric serves: the time of devices, the hand-over of work between them and the
// routing of its traffic, in one linear programme.
#pragma once

#include <string>
#include <vector>

#include "motley/redesign/fabric/fabric_graph.hpp"
#include "motley/redesign/fabric/traffic.hpp"

namespace motley::serving {

/// A host carries one device. Nodes are any numbers; hosts of one number share a node.
struct Host {
    int type = -1;  ///< index in System::types, -1: no device
    int node = -1;  ///< -1: a node of its own
};

struct DeviceType {
    std::vector<double> rates;  ///< per class: units/s of a device that does nothing else
    /// Bandwidth in host ports from a device to the other devices of its node, and the same back;
    /// 0: they talk through the fabric.
    double node_bandwidth = 0.0;
};

/// Work that goes on to another class: each unit of `to` takes D_from / D_to units of `from`.
struct Flow {
    int from = 0, to = 0;
    double amount = 0.0;  ///< host ports times seconds per unit of `from`: bytes / (link bytes/s)
};

/// Devices that do the units of a class together, each the same number.
struct Group {
    std::vector<int> hosts;
    std::vector<fabric::Demand> demands;  ///< between members; per unit that the group does
};

/// The groups of a class. Devices outside of them do not serve it.
struct Collective {
    int task = 0;
    std::vector<Group> groups;
};

/// The devices that work on a class at the same time: the sum of their shares of time.
struct Limit {
    int task = 0;
    int type = -1;  ///< -1: devices of all types
    double most_devices = 0.0;
};

struct System {
    std::vector<Host> hosts;  ///< one per host of the graph
    std::vector<DeviceType> types;
    std::vector<double> demands;  ///< per class, units/s
    std::vector<Flow> flows = {};
    std::vector<Collective> collectives = {};
    std::vector<Limit> limits = {};

    std::size_t classes() const { return demands.size(); }
};

enum class HandOver {
    free,  ///< to any device
    rack,  ///< on the same device, in the node, or through the leaf switch of both
    even   ///< from each device of a class to each of the next, in proportion to their work
};
enum class Routing {
    best,     ///< any paths
    ecmp,     ///< all shortest paths, split evenly at each hop
    adaptive  ///< any shares over the shortest paths
};

struct Options {
    HandOver hand_over = HandOver::free;
    Routing routing = Routing::best;
    /// Shares of the time of each device, hosts x classes, for `even`: scaled by one factor.
    std::vector<double> shares = {};
    double gap = 1e-6;  ///< relative distance of the bounds to stop at, where it takes rounds
    int rounds = 60;    ///< most rounds of column generation
    std::size_t largest = 40000;  ///< variables of a programme that is solved at once
};

/// Amounts are in host ports, at theta = low.
struct Handed {
    double self = 0.0;    ///< stays on its device
    double node = 0.0;    ///< goes to another device of the node by the node's own network
    double fabric = 0.0;  ///< goes through the fabric
};

struct Outcome {
    double low = 0.0;                 ///< theta that the given shares and routes reach
    double high = 0.0;                ///< no shares and routes reach more: bound by duals
    std::vector<double> shares;       ///< hosts x classes: shares of time; those of no use are free
    std::vector<Handed> handed;       ///< per flow
    std::vector<double> loads;        ///< per channel of the graph, host ports
    std::vector<double> prices;       ///< per channel: d theta / d capacity
    std::vector<double> task_prices;  ///< per class, sum 1
    int bottleneck = -1;  ///< channel of the largest price times capacity, -1: none has a price
    double fabric_share = 0.0;  ///< part of the dual objective that is channels' and node ports'
    int rounds = 0;             ///< of column generation; 0: one programme
    std::size_t variables = 0, reduced_variables = 0;

    double gap() const { return high > low ? (high - low) / high : 0.0; }
};

/// The largest theta so that theta times every demand is served. Hosts that are alike (type, leaf
/// switch, link, node, part in groups) share one set of variables, and the rest is reduced by
/// symmetry: both leave the optimum as it is. Hand-over is free, so that a flow is one commodity
/// with the best routing; the other routings have one per target. Programmes above
/// `Options::largest` are solved by column generation over routes (L. Ford, D. Fulkerson 1958,
/// doi:10.1287/mnsc.5.1.97) with the bound of A. Farley 1990, doi:10.1287/opre.38.5.922.
/// Usage error: sizes that do not fit one another, a class twice in `collectives`, a group member
/// without a device.
Outcome serve(const fabric::FabricGraph& graph, const System& system, const Options& options = {});

}  // namespace motley::serving

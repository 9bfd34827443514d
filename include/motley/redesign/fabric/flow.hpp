// The share of a traffic matrix that a fabric carries: at most (maximum concurrent flow, with
// proved bounds on both sides) and with shortest-path ECMP routing.
#pragma once

#include <limits>
#include <vector>

#include "motley/redesign/fabric/fabric_graph.hpp"
#include "motley/redesign/fabric/traffic.hpp"

namespace motley::fabric {

enum class Method {
    automatic,  ///< linear where the programme is small
    linear,
    approximate
};

struct FlowOptions {
    Method method = Method::automatic;
    double ratio = 0.02;  ///< stop when high <= low (1 + ratio)
    /// Stop as soon as it is proved on which side of this throughput the optimum lies.
    double target = std::numeric_limits<double>::infinity();
    int sweeps = 2000;  ///< most passes of the approximation over all demands
};

/// The largest lambda so that lambda times every demand fits at the same time, split over any
/// paths: low <= lambda <= high, both proved. 0 where a demand has no path, infinity where there is
/// none at all.
struct FlowBound {
    double low = 0.0;
    double high = 0.0;
    int sweeps = 0;       ///< passes that the approximation made
    bool linear = false;  ///< found by the linear programme
    int bottleneck = -1;  ///< channel of the largest price, -1: none; where high is attained
    double share =
        0.0;  ///< share of that channel in the price of all capacity (the dual objective)

    bool exact() const { return high <= low; }
};

/// Maximum concurrent flow. Hosts with one link are folded into their switch first, which leaves
/// the optimum as it is; ECMP, the cuts around single vertices and all capacity over all hops are
/// bounds already, and the only ones beyond 2 million pairs. Linear programme: one commodity per
/// source (F. Shahrokhi, D. Matula 1990, doi:10.1145/77600.77620). Approximation: rerouting under
/// exponential prices (T. Leighton et al. 1995, doi:10.1006/jcss.1995.1020). Every routing gives
/// a lower bound; every price vector gives an upper one, by the dual programme (N. Garg, J.
/// Koenemann 2007, doi:10.1137/S0097539704446232), so that the bounds hold wherever it stops. Usage
/// error: `check` of the traffic.
FlowBound concurrent_flow(const FabricGraph& graph, const Traffic& traffic,
                          const FlowOptions& options = {});

enum class Split {
    even,        ///< evenly over the next hops (RFC 2992)
    by_capacity  ///< in proportion to the capacity of the channel to the next hop
};

/// The throughput of shortest-path routing with equal-cost multipath (ECMP).
struct Routed {
    double throughput = 0.0;    ///< 1 / the largest load per capacity; 0 where a demand has no path
    int bottleneck = -1;        ///< the channel of the largest load; -1 where nothing is carried
    std::vector<double> loads;  ///< per channel of the graph, with every demand carried in full
    double hops = 0.0;          ///< mean over the demands, weighted by amount
    int unreachable = 0;        ///< demands without a path
};

/// Every demand is split over all paths of the fewest hops, at each vertex over the next hops that
/// are nearest to the target. Usage error: `check` of the traffic.
Routed ecmp(const FabricGraph& graph, const Traffic& traffic, Split split = Split::even);

}  // namespace motley::fabric

// Maximum concurrent flow: bounds without a solver first, then the solver that fits the size.
#include <algorithm>
#include <limits>

#include "motley/core/expect.hpp"
#include "motley/redesign/fabric/flow.hpp"
#include "solvers.hpp"

namespace motley::fabric {
namespace {

/// Relative differences up to this one are rounding.
constexpr double rounding = 1e-12;
/// Largest number of pairs of vertices whose paths are kept, in about 1 GB.
constexpr std::size_t most_pairs = 2'000'000;

/// Lowers `bound.high` to what the capacity of the arcs out of or into each vertex allows.
void bound_by_vertices(const FlowNetwork& network, FlowBound& bound) {
    const auto vertices = static_cast<std::size_t>(network.vertices);
    for (const bool outward : {true, false}) {
        std::vector<double> capacity(vertices, 0.0), demand(vertices, 0.0);
        std::vector<std::size_t> widest(vertices, 0);
        for (std::size_t a = 0; a < network.arcs(); ++a) {
            const auto v = static_cast<std::size_t>(outward ? network.tails[a] : network.heads[a]);
            if (capacity[v] == 0.0 || network.capacity[a] > network.capacity[widest[v]])
                widest[v] = a;
            capacity[v] += network.capacity[a];
        }
        for (const Commodity& commodity : network.commodities) {
            for (const Sink& sink : commodity.sinks) {
                const int end = outward ? commodity.source : sink.vertex;
                demand[static_cast<std::size_t>(end)] += sink.amount;
            }
        }
        for (std::size_t v = 0; v < vertices; ++v) {
            if (demand[v] == 0.0 || capacity[v] / demand[v] >= bound.high) continue;
            bound.high = capacity[v] / demand[v];
            bound.bottleneck = network.channel[widest[v]];
            bound.share = network.capacity[widest[v]] / capacity[v];
        }
    }
}

/// Lowers `bound.high` to all capacity over the capacity that demands use on paths of the fewest
/// hops (A. Singla, P. Godfrey, A. Kolla 2014, NSDI, theorem 1).
void bound_by_volume(const FlowNetwork& network, double hops, FlowBound& bound) {
    double capacity = 0.0;
    for (const double arc : network.capacity) capacity += arc;
    if (hops <= 0.0 || capacity / hops >= bound.high) return;
    const auto widest = std::max_element(network.capacity.begin(), network.capacity.end());
    bound.high = capacity / hops;
    bound.bottleneck = network.channel[static_cast<std::size_t>(widest - network.capacity.begin())];
    bound.share = *widest / capacity;
}

/// Bounds that need no solver: from ECMP, access links, cuts around vertices, and volume.
FlowBound first_bound(const FabricGraph& graph, const FlowNetwork& network, double total) {
    FlowBound bound;
    bound.high = network.access;
    bound.bottleneck = network.access_channel;
    bound.share = network.access_channel >= 0 ? 1.0 : 0.0;
    bound_by_vertices(network, bound);
    const Routed routed = route(graph, network, total, Split::even);
    double hops = routed.hops * total;
    for (const double load : network.access_loads) hops -= load;
    bound_by_volume(network, hops, bound);
    bound.low =
        std::max(routed.throughput, route(graph, network, total, Split::by_capacity).throughput);
    if (bound.low >= bound.high * (1.0 - rounding)) bound.low = bound.high;
    return bound;
}

std::size_t pairs(const FlowNetwork& network) {
    std::size_t count = 0;
    for (const Commodity& commodity : network.commodities) count += commodity.sinks.size();
    return count;
}

/// The bounds of the solver, capped by those that were known before. The solver does not see the
/// links of folded hosts, so that its lower bound may be above what these links allow.
FlowBound combine(const FlowNetwork& network, const FlowBound& first, const FlowBound& core) {
    FlowBound both = core;
    if (core.high >= first.high * (1.0 - rounding)) {
        both.high = first.high;
        both.bottleneck = first.bottleneck;
        both.share = first.share;
    }
    both.low = std::max(core.low, first.low);
    MOTLEY_EXPECT(both.low <= both.high * (1.0 + 1e-6) || both.high == network.access,
                  "a lower bound is above the upper bound");
    if (both.low >= both.high * (1.0 - rounding)) both.low = both.high;
    return both;
}

}  // namespace

FlowBound concurrent_flow(const FabricGraph& graph, const Traffic& traffic,
                          const FlowOptions& options) {
    const FlowNetwork network = fold(graph, traffic);
    if (count_unreachable(network) > 0) return {};
    const FlowBound first = first_bound(graph, network, traffic.total());
    if (network.commodities.empty() || first.exact()) return first;
    const bool small = programme_size(network) <= small_programme;
    if (options.method == Method::linear || (options.method == Method::automatic && small)) {
        return combine(network, first, by_programme(network));
    }
    if (pairs(network) > most_pairs) return first;
    return combine(network, first, by_rerouting(network, options, first));
}

}  // namespace motley::fabric

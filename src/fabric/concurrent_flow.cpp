// Bounds that cost nothing first, then the solver that fits.
#include <algorithm>
#include <limits>

#include "motley/fabric/flow.hpp"
#include "solvers.hpp"

namespace motley::fabric {
namespace {

/// Relative difference that is rounding.
constexpr double rounding = 1e-12;

/// Lowers `bound.high` to what the arcs of each vertex let out or in.
void bound_by_vertices(const Network& network, FlowBound& bound) {
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

/// Lowest and highest throughput seen without a solver: ECMP, access links, cuts around vertices.
FlowBound first_bound(const Graph& graph, const Traffic& traffic, const Network& network) {
    FlowBound bound;
    bound.high = network.access;
    bound.bottleneck = network.access_channel;
    bound.share = network.access_channel >= 0 ? 1.0 : 0.0;
    bound_by_vertices(network, bound);
    bound.low = std::max(ecmp(graph, traffic).throughput,
                         ecmp(graph, traffic, Split::by_capacity).throughput);
    if (bound.low >= bound.high * (1.0 - rounding)) bound.low = bound.high;
    return bound;
}

/// What the core allows, capped by what was known before.
FlowBound combine(const FlowBound& first, const FlowBound& core) {
    FlowBound both = core;
    if (core.high >= first.high * (1.0 - rounding)) {
        both.high = first.high;
        both.bottleneck = first.bottleneck;
        both.share = first.share;
    }
    both.low = std::max(core.low, first.low);
    if (both.low >= both.high * (1.0 - rounding)) both.low = both.high;
    return both;
}

}  // namespace

FlowBound concurrent_flow(const Graph& graph, const Traffic& traffic, const FlowOptions& options) {
    const Network network = fold(graph, traffic);
    if (count_unreachable(network) > 0) return {};
    const FlowBound first = first_bound(graph, traffic, network);
    if (network.commodities.empty() || first.exact()) return first;
    const bool small = programme_size(network) <= small_programme;
    if (options.method == Method::linear || (options.method == Method::automatic && small)) {
        return combine(first, by_programme(network));
    }
    return combine(first, by_rerouting(network, options, first));
}

}  // namespace motley::fabric

// Folds hosts with one link into their switch, because their traffic has only this path.
#include "flow_network.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

#include "motley/core/index.hpp"

namespace motley::fabric {
namespace {

/// The vertex into which a host is folded, and the channels to it and back; -1: it is not folded.
struct Anchor {
    int vertex = -1, up = -1, down = -1;
};

std::vector<Anchor> anchors(const FabricGraph& graph) {
    std::vector<int> incoming(at(graph.vertices()), 0);
    for (const Channel& channel : graph.channels()) incoming[at(channel.target)] += 1;
    std::vector<Anchor> anchor(at(graph.vertices()));
    for (int host = 0; host < graph.hosts(); ++host) {
        if (graph.from(host).size() != 1 || incoming[at(host)] != 1) continue;
        const int next = graph.from(host).front().target;
        const int down = graph.find(next, host);
        if (!graph.is_host(next) && down >= 0) anchor[at(host)] = {next, graph.first(host), down};
    }
    return anchor;
}

/// Numbers the vertices that stay, and copies the channels between them.
std::vector<int> copy_rest(const FabricGraph& graph, const std::vector<Anchor>& anchor,
                           FlowNetwork& network) {
    std::vector<int> number(at(graph.vertices()), -1);
    for (int v = 0; v < graph.vertices(); ++v) {
        if (anchor[at(v)].vertex < 0 && graph.alive(v)) number[at(v)] = network.vertices++;
    }
    network.offsets.assign(at(network.vertices) + 1, 0);
    for (std::size_t c = 0; c < graph.channels().size(); ++c) {
        const Channel& channel = graph.channels()[c];
        const int tail = number[at(channel.source)], head = number[at(channel.target)];
        if (tail < 0 || head < 0) continue;
        network.offsets[at(tail) + 1] += 1;
        network.tails.push_back(tail);
        network.heads.push_back(head);
        network.capacity.push_back(channel.capacity);
        network.channel.push_back(static_cast<int>(c));
    }
    for (std::size_t v = 1; v < network.offsets.size(); ++v) {
        network.offsets[v] += network.offsets[v - 1];
    }
    return number;
}

void bound_access(const FabricGraph& graph, FlowNetwork& network) {
    network.access = std::numeric_limits<double>::infinity();
    for (std::size_t c = 0; c < network.access_loads.size(); ++c) {
        const double load = network.access_loads[c];
        if (load > 0.0 && graph.channels()[c].capacity / load < network.access) {
            network.access = graph.channels()[c].capacity / load;
            network.access_channel = static_cast<int>(c);
        }
    }
}

void group(std::vector<Demand> folded, FlowNetwork& network) {
    std::stable_sort(folded.begin(), folded.end(), [](const Demand& a, const Demand& b) {
        return std::tuple(a.source, a.target) < std::tuple(b.source, b.target);
    });
    for (const Demand& demand : folded) {
        auto& all = network.commodities;
        if (all.empty() || all.back().source != demand.source) all.push_back({demand.source, {}});
        auto& sinks = all.back().sinks;
        if (sinks.empty() || sinks.back().vertex != demand.target) {
            sinks.push_back({demand.target, 0.0});
        }
        sinks.back().amount += demand.amount;
    }
}

}  // namespace

FlowNetwork fold(const FabricGraph& graph, const Traffic& traffic) {
    check(graph, traffic);
    FlowNetwork network;
    const auto anchor = anchors(graph);
    const auto number = copy_rest(graph, anchor, network);
    network.access_loads.assign(graph.channels().size(), 0.0);
    std::vector<Demand> folded;
    for (const Demand& demand : traffic.demands()) {
        int source = demand.source, target = demand.target;
        if (const Anchor& leaf = anchor[at(source)]; leaf.vertex >= 0) {
            network.access_loads[at(leaf.up)] += demand.amount;
            source = leaf.vertex;
        }
        if (const Anchor& leaf = anchor[at(target)]; leaf.vertex >= 0) {
            network.access_loads[at(leaf.down)] += demand.amount;
            target = leaf.vertex;
        }
        if (source == target) continue;
        folded.push_back({number[at(source)], number[at(target)], demand.amount});
    }
    bound_access(graph, network);
    group(std::move(folded), network);
    return network;
}

int count_unreachable(const FlowNetwork& network) {
    int count = 0;
    std::vector<int> seen(at(network.vertices), -1), open;
    for (const Commodity& commodity : network.commodities) {
        open = {commodity.source};
        seen[at(commodity.source)] = commodity.source;
        while (!open.empty()) {
            const int vertex = open.back();
            open.pop_back();
            for (int a = network.offsets[at(vertex)]; a < network.offsets[at(vertex) + 1]; ++a) {
                const int head = network.heads[at(a)];
                if (seen[at(head)] == commodity.source) continue;
                seen[at(head)] = commodity.source;
                open.push_back(head);
            }
        }
        for (const Sink& sink : commodity.sinks) {
            if (seen[at(sink.vertex)] != commodity.source) ++count;
        }
    }
    return count;
}

}  // namespace motley::fabric

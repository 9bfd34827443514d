#include "core_graph.hpp"

namespace motley::serving {

CoreGraph::CoreGraph(const fabric::FabricGraph& graph, const std::vector<char>& folded)
    : out_(at(graph.vertices())), in_(at(graph.vertices())) {
    for (std::size_t c = 0; c < graph.channels().size(); ++c) {
        const auto& channel = graph.channels()[c];
        if (folded[at(channel.source)] != 0 || folded[at(channel.target)] != 0) continue;
        const int number = static_cast<int>(arcs_.size());
        out_[at(channel.source)].push_back(number);
        in_[at(channel.target)].push_back(number);
        arcs_.push_back({channel.source, channel.target, static_cast<int>(c), channel.capacity});
    }
}

ShortestPaths::ShortestPaths(const CoreGraph& core, int to)
    : target(to), hops(at(core.vertices()), -1), order{to} {
    hops[at(to)] = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        const int vertex = order[i];
        for (const int a : core.in(vertex)) {
            const int tail = core.arcs()[at(a)].tail;
            if (hops[at(tail)] >= 0) continue;
            hops[at(tail)] = hops[at(vertex)] + 1;
            order.push_back(tail);
        }
    }
}

std::vector<int> ShortestPaths::next(const CoreGraph& core, int vertex) const {
    std::vector<int> arcs;
    for (const int a : core.out(vertex)) {
        if (uses(core.arcs()[at(a)])) arcs.push_back(a);
    }
    return arcs;
}

}  // namespace motley::serving

// Dijkstra's algorithm on a folded network.
#include "shortest_paths.hpp"

#include <algorithm>
#include <functional>
#include <limits>

#include "motley/core/index.hpp"

namespace motley::fabric {

ShortestPaths::ShortestPaths(const FlowNetwork& network)
    : network_(network),
      distance_(at(network.vertices)),
      parent_(at(network.vertices)),
      done_(at(network.vertices)),
      wanted_(at(network.vertices), 0) {}

void ShortestPaths::search(const Commodity& commodity, const std::vector<double>& lengths) {
    std::fill(distance_.begin(), distance_.end(), std::numeric_limits<double>::infinity());
    std::fill(done_.begin(), done_.end(), char{0});
    for (const Sink& sink : commodity.sinks) wanted_[at(sink.vertex)] = 1;
    std::size_t left = commodity.sinks.size();
    heap_.assign(1, {0.0, commodity.source});
    distance_[at(commodity.source)] = 0.0;
    parent_[at(commodity.source)] = -1;
    while (!heap_.empty() && left > 0) {
        std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
        const int vertex = heap_.back().second;
        heap_.pop_back();
        if (done_[at(vertex)] != 0) continue;
        done_[at(vertex)] = 1;
        left -= static_cast<std::size_t>(wanted_[at(vertex)]);
        for (int a = network_.offsets[at(vertex)]; a < network_.offsets[at(vertex) + 1]; ++a) {
            const int head = network_.heads[at(a)];
            const double distance = distance_[at(vertex)] + lengths[at(a)];
            if (distance >= distance_[at(head)]) continue;
            distance_[at(head)] = distance;
            parent_[at(head)] = a;
            heap_.emplace_back(distance, head);
            std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
        }
    }
    for (const Sink& sink : commodity.sinks) wanted_[at(sink.vertex)] = 0;
}

}  // namespace motley::fabric

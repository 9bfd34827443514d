// Shortest-path trees under changing lengths of the arcs.
#pragma once

#include <utility>
#include <vector>

#include "flow_network.hpp"

namespace motley::fabric {

/// Dijkstra with a binary heap, which stops when all sinks are settled.
class ShortestPaths {
  public:
    explicit ShortestPaths(const FlowNetwork& network);

    /// All sinks of `commodity` must be reachable.
    void search(const Commodity& commodity, const std::vector<double>& lengths);
    double distance(int vertex) const { return distance_[static_cast<std::size_t>(vertex)]; }
    /// Arc into `vertex` on the tree of the last search.
    int parent(int vertex) const { return parent_[static_cast<std::size_t>(vertex)]; }

  private:
    const FlowNetwork& network_;
    std::vector<double> distance_;
    std::vector<int> parent_;  ///< arc into the vertex
    std::vector<char> done_, wanted_;
    std::vector<std::pair<double, int>> heap_;
};

}  // namespace motley::fabric

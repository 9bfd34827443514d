// The fabric without its folded hosts, with shortest paths to a target.
#pragma once

#include <vector>

#include "layout.hpp"

namespace motley::serving {

struct Arc {
    int tail = 0, head = 0;
    int channel = 0;
    double capacity = 0.0;
};

/// Vertices keep their numbers of the graph; arcs are sorted by tail.
class CoreGraph {
  public:
    CoreGraph(const fabric::FabricGraph& graph, const std::vector<char>& folded);

    int vertices() const { return static_cast<int>(out_.size()); }
    const std::vector<Arc>& arcs() const { return arcs_; }
    const std::vector<int>& out(int vertex) const { return out_[at(vertex)]; }
    const std::vector<int>& in(int vertex) const { return in_[at(vertex)]; }

  private:
    std::vector<Arc> arcs_;
    std::vector<std::vector<int>> out_, in_;
};

/// The paths of the fewest hops to a target.
struct ShortestPaths {
    int target = 0;
    std::vector<int> hops;   ///< per vertex, -1: the target is not reached
    std::vector<int> order;  ///< vertices that reach it, nearest first

    ShortestPaths(const CoreGraph& core, int target);
    bool uses(const Arc& arc) const {
        return hops[at(arc.head)] >= 0 && hops[at(arc.tail)] == hops[at(arc.head)] + 1;
    }
    /// Arcs out of a vertex that are on a shortest path.
    std::vector<int> next(const CoreGraph& core, int vertex) const;
};

}  // namespace motley::serving

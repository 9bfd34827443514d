// What a unit of traffic pays on its way to a target, and the loads that it makes.
#pragma once

#include "core_graph.hpp"

namespace motley::serving {

using Route = std::vector<std::pair<int, double>>;  ///< arcs with the load of one unit

/// Prices of the routes to one target: over the even split (ECMP), the cheapest shortest path
/// (adaptive), or the cheapest path (best).
class RoutePrices {
  public:
    RoutePrices(const CoreGraph& core, Routing routing, const ShortestPaths& paths,
                const std::vector<double>& arc_prices);

    bool reaches(int source) const { return paths_.hops[at(source)] >= 0; }
    double price(int source) const { return prices_[at(source)]; }
    Route route(int source) const;

  private:
    void find_cheapest(const std::vector<double>& arc_prices);
    Route spread(int source) const;

    const CoreGraph& core_;
    Routing routing_;
    const ShortestPaths& paths_;
    std::vector<double> prices_;
    std::vector<int> next_;  ///< arc that the cheapest path takes
};

}  // namespace motley::serving

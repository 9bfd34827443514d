#include "route_prices.hpp"

#include <limits>
#include <map>
#include <queue>

namespace motley::serving {

RoutePrices::RoutePrices(const CoreGraph& core, Routing routing, const ShortestPaths& paths,
                         const std::vector<double>& arc_prices)
    : core_(core),
      routing_(routing),
      paths_(paths),
      prices_(at(core.vertices()), std::numeric_limits<double>::infinity()),
      next_(at(core.vertices()), -1) {
    prices_[at(paths.target)] = 0.0;
    if (routing == Routing::best) {
        find_cheapest(arc_prices);
        return;
    }
    for (const int vertex : paths.order) {
        if (vertex == paths.target) continue;
        double sum = 0.0, least = std::numeric_limits<double>::infinity();
        const auto next = paths.next(core, vertex);
        for (const int a : next) {
            const double price = arc_prices[at(a)] + prices_[at(core.arcs()[at(a)].head)];
            sum += price;
            if (price >= least) continue;
            least = price;
            next_[at(vertex)] = a;
        }
        prices_[at(vertex)] =
            routing == Routing::ecmp ? sum / static_cast<double>(next.size()) : least;
    }
}

/// The algorithm of E. Dijkstra 1959, against the arcs; of equal vertices the lowest comes first.
void RoutePrices::find_cheapest(const std::vector<double>& arc_prices) {
    using Entry = std::pair<double, int>;
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> open;
    open.emplace(0.0, paths_.target);
    while (!open.empty()) {
        const auto [price, vertex] = open.top();
        open.pop();
        if (price > prices_[at(vertex)]) continue;
        for (const int a : core_.in(vertex)) {
            const int tail = core_.arcs()[at(a)].tail;
            if (price + arc_prices[at(a)] >= prices_[at(tail)]) continue;
            prices_[at(tail)] = price + arc_prices[at(a)];
            next_[at(tail)] = a;
            open.emplace(prices_[at(tail)], tail);
        }
    }
}

Route RoutePrices::route(int source) const {
    if (routing_ == Routing::ecmp) return spread(source);
    Route route;
    for (int vertex = source; vertex != paths_.target;) {
        const int a = next_[at(vertex)];
        route.emplace_back(a, 1.0);
        vertex = core_.arcs()[at(a)].head;
    }
    return route;
}

Route RoutePrices::spread(int source) const {
    std::map<std::pair<int, int>, double> inflow;  // by hops and vertex
    std::map<int, double> loads;
    inflow[{-paths_.hops[at(source)], source}] = 1.0;
    while (!inflow.empty()) {
        const auto first = inflow.begin();
        const auto [key, amount] = *first;
        inflow.erase(first);
        if (key.second == paths_.target) continue;
        const auto next = paths_.next(core_, key.second);
        const double share = amount / static_cast<double>(next.size());
        for (const int a : next) {
            loads[a] += share;
            const int head = core_.arcs()[at(a)].head;
            inflow[{-paths_.hops[at(head)], head}] += share;
        }
    }
    return {loads.begin(), loads.end()};
}

}  // namespace motley::serving

// The flows of all demands over paths, and prices that rise exponentially with the load of an arc.
#pragma once

#include <vector>

#include "shortest_paths.hpp"

namespace motley::fabric {

/// The upper bound that prices prove.
struct Dual {
    double throughput = 0.0;  ///< no routing reaches more
    std::size_t dearest = 0;  ///< arc of the largest price
    double share = 0.0;       ///< share of that arc in the price of all capacity
};

/// Carries every demand in full, over paths of its own. The price of an arc's capacity is
/// exp(steepness (load / capacity - congestion)), the length of an arc its price per capacity.
class PathFlows {
  public:
    /// Puts all demands on shortest paths of arcs of length 1 / capacity. All must be reachable.
    explicit PathFlows(const FlowNetwork& network);

    /// The largest load per capacity.
    double congestion() const { return congestion_; }
    void set_steepness(double steepness);

    /// Every demand finds its shortest path, and moves flow onto it from its other paths by Newton
    /// steps (the gradient projection of R. Jayakrishnan et al. 1994, Transportation Research
    /// Record 1443, 75-83).
    void sweep();

    /// The sum of price times capacity over the price of carrying all demands once. It takes a mean
    /// of the prices at all calls so far, with the largest weight on the last ones.
    Dual dual();

  private:
    struct Path {
        std::vector<int> arcs;
        double flow = 0.0;
    };
    struct Bundle {
        int target = 0;
        std::vector<Path> paths;
    };

    void add_shortest(const Commodity& commodity, Bundle& bundle, double flow);
    void settle(Bundle& bundle);
    void shift(Path& from, Path& to);
    void add_load(int arc, double amount);
    void refresh();
    double length(const Path& path) const;

    const FlowNetwork& network_;
    ShortestPaths paths_;
    std::vector<std::vector<Bundle>> bundles_;  ///< per commodity, per sink
    std::vector<double> loads_, prices_, lengths_;
    std::vector<double> mean_prices_, mean_lengths_;
    std::vector<int> mark_;  ///< per arc: +1 on the path that loses flow, -1 on the one that gains
    double steepness_ = 0.0;
    double congestion_ = 0.0;
};

}  // namespace motley::fabric

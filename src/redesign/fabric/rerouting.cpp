// Maximum concurrent flow by rerouting: all demands are carried in full, and prices, which become
// steeper as the bounds approach one another, lower the largest load per capacity.
#include <algorithm>
#include <cmath>
#include <limits>

#include "path_flows.hpp"
#include "solvers.hpp"

namespace motley::fabric {
namespace {

constexpr int sweeps_per_bound = 4;

bool decided(const FlowBound& bound, const FlowOptions& options) {
    return bound.high <= bound.low * (1.0 + options.ratio) || bound.low >= options.target ||
           (std::isfinite(options.target) && bound.high < options.target);
}

}  // namespace

FlowBound by_rerouting(const FlowNetwork& network, const FlowOptions& options,
                       const FlowBound& start) {
    FlowBound bound = start;
    PathFlows flows(network);
    const double spread = std::log(static_cast<double>(network.arcs()) + 1.0);
    double aim = 0.5;  // relative loss that the prices may have against the true maximum
    double last_gap = std::numeric_limits<double>::infinity();
    while (!decided(bound, options) && bound.sweeps < options.sweeps) {
        flows.set_steepness(spread / (aim * flows.congestion()));
        for (int i = 0; i < sweeps_per_bound; ++i) flows.sweep();
        bound.sweeps += sweeps_per_bound;
        bound.low = std::max(bound.low, 1.0 / flows.congestion());
        const Dual dual = flows.dual();
        if (dual.throughput < bound.high) {
            bound.high = dual.throughput;
            bound.bottleneck = network.channel[dual.dearest];
            bound.share = dual.share;
        }
        const double gap = dual.throughput * flows.congestion() - 1.0;
        if (gap < 3.0 * aim || gap > 0.98 * last_gap) {
            aim = std::max(aim / 1.15, options.ratio / 4.0);
        }
        last_gap = gap;
    }
    return bound;
}

}  // namespace motley::fabric

// The best routing and ECMP of a traffic matrix on a fabric.
#include "motley/redesign/fabric/assessment.hpp"

#include <cmath>

namespace motley::fabric {

double Assessment::efficiency() const {
    return std::isfinite(optimum.high) && optimum.high > 0.0 ? ecmp.throughput / optimum.high : 1.0;
}

Assessment assess(const FabricGraph& graph, const Traffic& traffic, const FlowOptions& options) {
    check(graph, traffic);
    require_connected(graph);
    return {concurrent_flow(graph, traffic, options), ecmp(graph, traffic)};
}

}  // namespace motley::fabric

// The two measures of a traffic matrix on a fabric: the best routing and ECMP.
#pragma once

#include <string>

#include "motley/redesign/fabric/fabric_graph.hpp"
#include "motley/redesign/fabric/failures.hpp"
#include "motley/redesign/fabric/flow.hpp"
#include "motley/redesign/fabric/traffic.hpp"

namespace motley::fabric {

/// Throughput of one traffic matrix on one graph: 1 means that all demands fit.
struct Assessment {
    FlowBound optimum;
    Routed ecmp;

    /// ECMP throughput over the upper bound: no routing reaches more than ECMP times 1 /
    /// efficiency.
    double efficiency() const;
};

/// Computes both measures. Usage errors: those of `check` (traffic) and of `require_connected`.
Assessment assess(const FabricGraph& graph, const Traffic& traffic,
                  const FlowOptions& options = {});

}  // namespace motley::fabric

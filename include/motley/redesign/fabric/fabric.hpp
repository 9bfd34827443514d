// The network part of a design: what a fabric carries of its traffic, and what failures leave.
#pragma once

#include <string>

#include "motley/redesign/fabric/flow.hpp"
#include "motley/redesign/fabric/graph.hpp"
#include "motley/redesign/fabric/robustness.hpp"
#include "motley/redesign/fabric/traffic.hpp"

namespace motley::fabric {

/// Throughput of one traffic matrix on one graph: 1 means that all demands fit.
struct Assessment {
    FlowBound optimum;
    Routed ecmp;

    /// ECMP over the upper bound: no routing gains more than 1 / efficiency.
    double efficiency() const;
};

/// Both measures. Usage errors: `check` of the traffic, `require_connected` of the graph.
Assessment assess(const Graph& graph, const Traffic& traffic, const FlowOptions& options = {});

}  // namespace motley::fabric

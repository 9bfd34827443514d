// The throughput of a fabric after failures: single ones, and random ones of several links.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "motley/redesign/fabric/flow.hpp"

namespace motley::fabric {

enum class FabricPart {
    link,
    switches,  ///< one switch
    host,
    rack  ///< a leaf switch and its hosts
};
/// "link", "switch", "host", "rack".
const char* name_of(FabricPart part);

/// Every single failure of such a part, in the order of their numbers.
std::vector<Failure> every(const FabricGraph& graph, FabricPart part);

/// Links that a random failure can hit.
enum class Links { all, between_switches };

/// `count` different links that fail together, drawn without bias: sample `number` of `seed`,
/// which no other draw changes. Usage error where there are fewer links.
Failure random_links(const FabricGraph& graph, Links kind, int count, std::uint64_t seed,
                     std::uint64_t number);

/// Throughput after a failure. Demands of failed hosts are left out; `served` is the share of the
/// traffic that still has both hosts and a path.
struct FailureOutcome {
    Failure failure;
    double ecmp = 0.0;  ///< ECMP throughput of the demands that still have a path
    FlowBound optimum;  ///< bounds on the throughput, where requested
    double served = 1.0;
    int disconnected = 0;  ///< demands between hosts in service that have no path any more
};

/// Whether the concurrent flow is computed for each failure, too, which takes far longer than ECMP.
enum class FlowBounds { skipped, computed };

/// The throughput after one failure. `options` are those of the concurrent flow.
FailureOutcome after(const FabricGraph& graph, const Traffic& traffic, Failure failure,
                     FlowBounds bounds, const FlowOptions& options = {});

/// Outcomes in the order of the failures, and the one with the least throughput (the first where
/// several are equal).
struct Robustness {
    std::vector<FailureOutcome> outcomes;
    std::size_t worst = 0;  ///< least ECMP throughput times share served
    double mean = 0.0;      ///< mean of the same product
    int disconnecting = 0;  ///< failures after which a demand has no path
};
Robustness survey(const FabricGraph& graph, const Traffic& traffic,
                  const std::vector<Failure>& failures, FlowBounds bounds,
                  const FlowOptions& options = {});

}  // namespace motley::fabric

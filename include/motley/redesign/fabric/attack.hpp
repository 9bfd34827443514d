// Attack curves of a fabric: what it carries when more and more of its parts are gone.
#pragma once

#include <cstdint>
#include <vector>

#include "motley/redesign/fabric/failures.hpp"

namespace motley::fabric {

/// In which order parts are taken; ties by their number.
enum class AttackOrder {
    random,  ///< drawn anew in each replicate
    degree,  ///< most channels at its vertices first; a link: at both of its ends
    load     ///< what passes through it with ECMP and all parts in service, most first
};
/// "random", "degree", "load".
const char* name_of(AttackOrder order);

struct AttackPoint {
    int taken = 0;       ///< parts
    double share = 0.0;  ///< of all parts
    /// Share of the traffic that still has both hosts and a path, times the throughput of that with
    /// ECMP over the throughput before, at most 1: what is still carried of what was.
    double left = 0.0;
    double giant = 0.0;  ///< hosts in service in the largest component / all hosts
};

/// Means over the replicates.
struct AttackCurve {
    AttackOrder order = AttackOrder::random;
    std::vector<AttackPoint> points;
    double r_index = 0.0;    ///< mean of what is left over the points
    double threshold = 0.0;  ///< share taken at which the giant component falls most steeply
};

struct AttackOptions {
    int points = 10;     ///< of a curve; the last takes all parts
    int replicates = 5;  ///< of the random order
    std::uint64_t seed = 1;
};

/// Takes `parts` (not empty) away in as many steps as there are points. Usage error: `check` of the
/// traffic.
AttackCurve attack(const FabricGraph& graph, const Traffic& traffic,
                   const std::vector<Failure>& parts, AttackOrder order,
                   const AttackOptions& options);

}  // namespace motley::fabric

// The exact Pareto front of price, power, throughput and throughput after the loss of a node, by
// listing every fleet of whole nodes.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "motley/redesign/fleet/fleet.hpp"

namespace motley::fleet {

struct ParetoPoint {
    Fleet fleet;
    double price = 0.0;      ///< per hour
    double power = 0.0;      ///< W with every device busy
    double theta = 0.0;      ///< share of the demand that it serves
    double n_minus_1 = 0.0;  ///< theta after the worst loss of one node
};

/// The number of fleets of whole nodes within the budget, of at most the devices that are available
/// and at least those that are kept; the empty fleet is none. Nothing where there are more than
/// `most`.
std::optional<std::int64_t> count_fleets(const Problem& problem, const Budget& budget,
                                         std::int64_t most = 200'000);

/// The measures of the fleets number `first` up to `last`, without it, of those that `count_fleets`
/// counts, so that ranks can share them. With `with_n_minus_1` false that measure is 0.
std::vector<ParetoPoint> measured_fleets(const Problem& problem, const Budget& budget,
                                         std::int64_t first, std::int64_t last,
                                         bool with_n_minus_1 = true);

/// The points that no other one dominates: is not worse in any measure and better in one, by more
/// than a relative 1e-9. Points of equal measures all stay. In the order of the points.
std::vector<ParetoPoint> non_dominated(const std::vector<ParetoPoint>& points);

}  // namespace motley::fleet

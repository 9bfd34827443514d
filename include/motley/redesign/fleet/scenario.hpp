// Prices, rates and demands that are not known exactly, and random draws of them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "motley/redesign/fleet/failed_nodes.hpp"
#include "motley/redesign/fleet/fleet.hpp"

namespace motley::fleet {

/// A number with its interval. The number is known where low = high.
struct Uncertain {
    enum class Shape {
        uniform,     ///< between low and high
        triangular,  ///< between low and high with its mode at `value`
        lognormal,   ///< median `value`; low and high are the 2.5 and 97.5 % points
    };
    double value = 0.0;
    double low = 0.0, high = 0.0;
    Shape shape = Shape::uniform;

    bool known() const { return low == high; }
    /// The inverse of the distribution at u in (0, 1). A lognormal number is made from `normal`, a
    /// standard normal number, instead.
    double draw(double u, double normal) const;
};
/// Returns a number that is known.
Uncertain exactly(double value);

/// The uncertain numbers of a problem, in the sizes of `Problem`.
struct Uncertainty {
    std::vector<Uncertain> prices = {};   ///< D
    std::vector<Uncertain> rates = {};    ///< D x K
    std::vector<Uncertain> demands = {};  ///< K
    double drift = 0.0;            ///< sigma: each demand is also multiplied by exp(sigma normal)
    double failure = 0.0;          ///< probability that a node is down
    double straggler_share = 0.0;  ///< probability that a node is slow
    double straggler_speed = 1.0;  ///< relative speed of a slow node

    bool rates_known() const;
    bool demands_known() const;
    bool all_devices_work() const { return failure <= 0.0 && straggler_share <= 0.0; }
};

/// One draw of all uncertain numbers. It depends on (seed, id) only.
struct Scenario {
    std::vector<double> prices, rates, demands;
};
void draw(const Uncertainty& uncertainty, std::uint64_t seed, std::uint64_t id, Scenario& out);

/// Draws the number of devices that work in a scenario; slow ones count by their speed. The nodes
/// of all designs fail by the same random numbers, type by type.
class WorkingDevices {
  public:
    WorkingDevices(const Problem& problem, std::span<const double> fleet,
                   const Uncertainty& uncertainty);
    void draw(std::uint64_t seed, std::uint64_t id, std::vector<double>& left) const;

  private:
    Fleet fleet_;
    std::vector<double> node_;
    double slowed_;
    std::vector<FailedNodes> down_, slow_;
};

}  // namespace motley::fleet

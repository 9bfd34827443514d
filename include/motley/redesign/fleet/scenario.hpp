// Prices, rates and demands that are not known exactly, and draws from them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "motley/redesign/fleet/fleet.hpp"
#include "motley/redesign/fleet/robustness.hpp"

namespace motley::fleet {

/// A number with its interval. low = high: it is known.
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
    /// Inverse of the distribution at u in (0, 1), `normal`: the standard normal number used
    /// instead for `lognormal`.
    double draw(double u, double normal) const;
};
/// A number that is known.
Uncertain exactly(double value);

/// What is uncertain about a problem; sizes as there.
struct Uncertainty {
    std::vector<Uncertain> prices = {};   ///< D
    std::vector<Uncertain> rates = {};    ///< D x K
    std::vector<Uncertain> demands = {};  ///< K
    double drift = 0.0;                   ///< sigma: demands times exp(sigma normal), on top
    double failure = 0.0;                 ///< chance of each node to be down
    double straggler_share = 0.0;         ///< chance of each node to be slow
    double straggler_speed = 1.0;         ///< speed of those

    bool rates_known() const;
    bool demands_known() const;
    bool all_devices_work() const { return failure <= 0.0 && straggler_share <= 0.0; }
};

/// One state of the world. Numbers of a scenario depend on (seed, id) only.
struct Scenario {
    std::vector<double> prices, rates, demands;
};
void draw(const Uncertainty& uncertainty, std::uint64_t seed, std::uint64_t id, Scenario& out);

/// Devices of a fleet that work in a scenario, stragglers counted by their speed. Nodes of all
/// designs fail by the same random numbers, type by type.
class WorkingDevices {
  public:
    WorkingDevices(const Problem& problem, std::span<const double> fleet,
                   const Uncertainty& uncertainty);
    void draw(std::uint64_t seed, std::uint64_t id, std::vector<double>& left) const;

  private:
    Fleet fleet_;
    std::vector<double> node_;
    double slowed_;
    std::vector<Failures> down_, slow_;
};

/// The point below which a share `q` of `sorted` lies, interpolated (Hyndman, Fan 1996, type 7).
double quantile(std::span<const double> sorted, double q);

}  // namespace motley::fleet

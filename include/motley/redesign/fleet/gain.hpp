// The gain of a mixed fleet over the best homogeneous one with its causes, and the prices and
// demands at which the best fleet of a comparison changes.
#pragma once

#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "motley/redesign/fleet/fleet.hpp"

namespace motley::fleet {

inline constexpr double unknown = programme::unknown;

/// Prices per hour of fluid fleets for the demand, at list prices.
struct FluidPrices {
    double mixed = 0.0;        ///< of the types of a fleet, or of all
    double homogeneous = 0.0;  ///< of the best single type of all; infinite where none can do it

    double gain() const { return homogeneous / mixed; }
};
/// Closed forms; where workflows have conditions, linear programmes that keep them. Without `fleet`
/// all types may be mixed.
FluidPrices fluid_prices(const Problem& problem, std::span<const double> fleet = {});

/// Factors whose product is the total. They are infinite where no single type can do all classes,
/// nan where both fleets do nothing.
struct Gain {
    double total = 1.0;
    /// Mixed fleet over homogeneous fleet, both in the fluid limit: the gain by unlike rates.
    double comparative_advantage = 1.0;
    /// Loss of the homogeneous fleet by whole nodes and limited availability, over that of the
    /// mixed fleet. It vanishes as the load grows.
    double granularity = 1.0;
    /// At most 1: loss of the numbers of a given fleet against the best numbers of its types.
    double mix = 1.0;
    double calibration = 1.0;  ///< measured or calibrated rates over those of the roofline
    double network = unknown;  ///< share that the network carries; nan: not computed
    /// Share of the optimum that decentralised dynamics reach; nan: not computed. It is not in the
    /// total, because a central scheduler does better.
    double scheduling = unknown;

    /// The product of the factors that are in the total.
    double product() const;
    /// Whether the product is the total, up to rounding, where both are finite.
    bool consistent() const;
};

/// The gain of the cheapest fleet for the demand: price of the best homogeneous fleet over its
/// price.
Gain gain_at_equal_demand(const Problem& problem, const Purchase& bought,
                          const SearchOptions& options);
/// The gain of a given fleet that reaches `theta`: theta over that of the best homogeneous fleet
/// that the same price buys, both at list prices.
Gain gain_at_equal_price(const Problem& problem, std::span<const double> fleet, double theta,
                         const SearchOptions& options);

/// Value and slope of a function at one x.
struct Tangent {
    double value = 0.0;
    double slope = 0.0;
};
/// A convex or concave piecewise linear function of one number.
using PiecewiseLinear = std::function<Tangent(double)>;
/// The x of all kinks in [low, high], and both ends. They are found where tangents meet, which is
/// exact up to rounding.
std::vector<double> kinks(const PiecewiseLinear& function, double low, double high);

/// A number of the problem whose change can change the best fleet of a comparison.
enum class Parameter { price, demand };
struct Flip {
    Parameter parameter = Parameter::price;
    int index = 0;         ///< index of the device type or of the class
    double nominal = 0.0;  ///< its value now
    double at = 0.0;       ///< its value where the best fleet changes
    std::string becomes;   ///< the better one beyond; "itself" where the contender becomes the best
};

/// A fleet that is compared with others at the demand of the problem.
struct Contender {
    std::string name;
    Fleet fleet = {};
    bool scales = false;  ///< bought in any size: compared at the size that just serves the demand
    double fixed = 0.0;   ///< price per hour beside the devices
    double most = unlimited;  ///< theta that its network lets through, at any demand
};
/// Whether throughput beyond the demand counts.
enum class Surplus { worthless, useful };

/// The price per hour at which a contender serves the demand: price / min(theta, 1), or
/// price / theta where the contender scales or the surplus is useful.
double price_to_serve(const Problem& problem, const Contender& contender, Surplus surplus);

/// The nearest values of each price and each demand, all else equal, at which the contender of
/// index `own` starts or ceases to be the cheapest to serve the demand, within a factor `span` of
/// now. They are exact: the price of each contender is linear in the price of a device, and
/// piecewise linear in the demand of a class (but for workflows with a condition, where the pieces
/// are not straight and the demand is an approximation).
std::vector<Flip> flips(const Problem& problem, const std::vector<Contender>& contenders,
                        std::size_t own, Surplus surplus, double span = 10.0);

/// The flips of all contenders. What is found for a parameter depends on that parameter alone, so
/// that ranks can share the parameters.
class FlipFinder {
  public:
    /// The problem must live as long as the finder.
    FlipFinder(const Problem& problem, std::vector<Contender> contenders, Surplus surplus,
               double span = 10.0);
    ~FlipFinder();
    FlipFinder(FlipFinder&&) noexcept;

    /// The flips by the price of a type or the demand of a class, of each of the first `owners`
    /// contenders against all.
    std::vector<std::vector<Flip>> of(Parameter parameter, std::size_t index,
                                      std::size_t owners = std::numeric_limits<std::size_t>::max());

  private:
    struct State;
    std::unique_ptr<State> state_;
};
/// The flips of one parameter for each contender; `FlipFinder` is quicker for several parameters.
std::vector<std::vector<Flip>> flips_of(const Problem& problem,
                                        const std::vector<Contender>& contenders, Surplus surplus,
                                        Parameter parameter, std::size_t index, double span = 10.0);

/// The interval of the price of `type` in which `bought` stays the cheapest fleet of all for the
/// demand. It is found by searching again at the price where the fleet found last would be cheaper.
struct PriceRange {
    double low = 0.0, high = unlimited;
    Fleet below, above;  ///< the cheapest fleets just outside; empty: there is no such end
    bool proved = true;  ///< every search on the way was proved
};
PriceRange price_range(const Problem& problem, const Purchase& bought, std::size_t type,
                       const SearchOptions& options, double span = 10.0);

}  // namespace motley::fleet

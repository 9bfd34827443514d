// What a mixed fleet gains over the best homogeneous one, and from what; and at which price or
// demand it no longer does.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "motley/redesign/fleet/fleet.hpp"

namespace motley::fleet {

inline constexpr double unknown = programme::unknown;

/// Factors whose product is the total. Infinite where no single type can do all classes, nan where
/// both sides do nothing.
struct Gain {
    double total = 1.0;
    /// Mixed over homogeneous, both in the fluid limit: what unlike rates are worth.
    double comparative_advantage = 1.0;
    /// What a homogeneous fleet loses by whole nodes and by what can be had, over what the mixed
    /// one loses. It vanishes as the load grows.
    double granularity = 1.0;
    /// At most 1: what the numbers of a given fleet lose against the best numbers of its types.
    double mix = 1.0;
    double calibration = 1.0;  ///< measured or calibrated rates over those of the roofline
    double network = unknown;  ///< what the network lets through; nan: not looked at
    /// What decentralised dynamics reach of the optimum; nan: not looked at. Not in the total: a
    /// central scheduler does better.
    double scheduling = unknown;

    /// The product of what is in the total.
    double product() const;
};

/// Of the cheapest fleet for the demand: price of the best homogeneous over its price.
Gain gain_at_equal_demand(const Problem& problem, const Purchase& bought,
                          const SearchOptions& options);
/// Of a given fleet that reaches `theta`: theta over that of the best homogeneous fleet that the
/// same price buys.
Gain gain_at_equal_price(const Problem& problem, std::span<const double> fleet, double theta,
                         const SearchOptions& options);

/// A convex or concave piecewise linear function of one number: a value and a slope at any x.
struct Sample {
    double value = 0.0;
    double slope = 0.0;
};
using Function = std::function<Sample(double)>;
/// x of all kinks in [low, high], with both ends: found by the meeting points of tangents, which
/// are exact up to rounding.
std::vector<double> kinks(const Function& function, double low, double high);

/// A number of the problem whose change turns a comparison.
enum class Parameter { price, demand };
struct Flip {
    Parameter parameter = Parameter::price;
    int index = 0;         ///< of the device type, or the class
    double nominal = 0.0;  ///< its value now
    double at = 0.0;       ///< its value where the comparison turns
    std::string becomes;   ///< what is better beyond; "itself" where it comes to be the best
};

/// A fleet that stands for comparison at the demand of the problem.
struct Contender {
    std::string name;
    Fleet fleet = {};
    bool scales = false;  ///< bought in any size: compared at the size that just serves the demand
    double fixed = 0.0;   ///< per hour, whatever the devices cost
};
/// What a contender costs per hour to serve the demand: price / min(theta, 1), or / theta where it
/// scales or `capped` is false.
double price_to_serve(const Problem& problem, const Contender& contender, bool capped);

/// Nearest values of each price and each demand, all else equal, at which `which` starts or ceases
/// to be the cheapest to serve the demand, within a factor `span` of now. Exact: each contender's
/// price is linear in a device's price, and piecewise linear in a class's demand.
std::vector<Flip> flips(const Problem& problem, const std::vector<Contender>& contenders,
                        std::size_t which, bool capped, double span = 100.0);

/// The interval of the price of `type` in which `bought` stays the cheapest fleet of all for the
/// demand, by searching again at the prices where what was found last would take over.
struct PriceRange {
    double low = 0.0, high = unlimited;
    Fleet below, above;  ///< the cheapest fleets just outside; empty: there is no such end
    bool proved = true;  ///< every search on the way was
};
PriceRange price_range(const Problem& problem, const Purchase& bought, std::size_t type,
                       const SearchOptions& options, double span = 100.0);

}  // namespace motley::fleet

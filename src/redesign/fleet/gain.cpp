#include "motley/redesign/fleet/gain.hpp"

#include <cmath>

namespace motley::fleet {

double Gain::product() const {
    const double let_through = std::isnan(network) ? 1.0 : network;
    return comparative_advantage * granularity * mix * calibration * let_through;
}

bool Gain::consistent() const {
    constexpr double rounding = 1e-9;
    const double both = product();
    if (!std::isfinite(both) || !std::isfinite(total)) return true;
    return std::abs(both - total) <= rounding * std::abs(total);
}

Gain gain_at_equal_demand(const Problem& problem, const Purchase& bought,
                          const SearchOptions& options) {
    SearchOptions cost = options;
    cost.objective = Objective::cost;
    const Homogeneous one = search_homogeneous(problem, cost);
    Gain gain;
    gain.comparative_advantage = fluid_gain(with_demand(problem, options));
    gain.total = one.price / price_of(problem, bought.fleet);
    gain.granularity = gain.total / gain.comparative_advantage;
    return gain;
}

Gain gain_at_equal_price(const Problem& given, std::span<const double> fleet, double theta,
                         const SearchOptions& options) {
    Problem problem = given;
    for (Device& device : problem.devices) device.owned = device.keep = 0.0;
    const double price = price_of(problem, fleet);
    SearchOptions equal = options;
    equal.objective = Objective::throughput;
    equal.budget = {};
    equal.budget.price = price;
    const Homogeneous one = search_homogeneous(problem, equal);
    const double fluid_one = price / cheapest_homogeneous_fluid(problem).price;
    const double fluid_mixed = price / cheapest_fluid(problem, fleet).price;
    Gain gain;
    gain.comparative_advantage = fluid_mixed / fluid_one;
    gain.granularity = fluid_one / one.theta;
    gain.mix = theta / fluid_mixed;
    gain.total = theta / one.theta;
    return gain;
}

}  // namespace motley::fleet

#include "motley/redesign/fleet/gain.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "rounding.hpp"

namespace motley::fleet {

namespace {

/// The price of the fluid fleet of the types with a positive `most` that keeps the conditions of
/// workflows; infinite where there is none.
double fluid_price_of(const Problem& given, std::vector<double> most) {
    Problem problem = given;
    for (Task& task : problem.tasks) {
        task.max_devices = unlimited;
        task.indivisible = false;
    }
    for (Device& device : problem.devices) {
        device.available = unlimited;
        device.owned = device.keep = 0.0;
    }
    SearchOptions options;
    options.integer = false;
    options.most = std::move(most);
    const Purchase bought = search(problem, options);
    return bought.found ? bought.value : unlimited;
}

}  // namespace

FluidPrices fluid_prices(const Problem& problem, std::span<const double> fleet) {
    if (std::ranges::none_of(problem.workflows, &Workflow::conditional)) {
        return {cheapest_fluid(problem, fleet).price, cheapest_homogeneous_fluid(problem).price};
    }
    const auto had = [&](std::size_t d) { return fleet.empty() || fleet[d] > 0.0; };
    FluidPrices out{0.0, unlimited};
    std::vector<double> most(problem.types(), unlimited);
    for (std::size_t d = 0; d < most.size(); ++d) most[d] = had(d) ? unlimited : 0.0;
    out.mixed = fluid_price_of(problem, most);
    for (std::size_t d = 0; d < most.size(); ++d) {
        if (!std::isfinite(devices_for_demand(problem, d))) continue;
        std::vector<double> only(problem.types(), 0.0);
        only[d] = unlimited;
        out.homogeneous = std::min(out.homogeneous, fluid_price_of(problem, only));
    }
    return out;
}

double Gain::product() const {
    const double let_through = std::isnan(network) ? 1.0 : network;
    return comparative_advantage * granularity * mix * calibration * let_through;
}

bool Gain::consistent() const {
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
    gain.comparative_advantage = fluid_prices(with_demand(problem, options)).gain();
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
    const FluidPrices fluid = fluid_prices(problem, fleet);
    const double fluid_one = price / fluid.homogeneous, fluid_mixed = price / fluid.mixed;
    Gain gain;
    gain.comparative_advantage = fluid_mixed / fluid_one;
    gain.granularity = fluid_one / one.theta;
    gain.mix = theta / fluid_mixed;
    gain.total = theta / one.theta;
    return gain;
}

}  // namespace motley::fleet

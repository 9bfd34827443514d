// The accounts of one agent: what its output earns, and what its consumption costs.
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "block.hpp"
#include "motley/model/step_rows.hpp"

namespace motley::model {

template <class Real>
double read_income(const StepArguments<Real>& arguments, LocalId row) {
    const State<Real>& state = *arguments.state;
    const auto tasks = static_cast<std::size_t>(state.tasks);
    const std::size_t at = std::size_t{row} * static_cast<std::size_t>(state.width);
    std::vector<double> value(tasks);
    read_values(arguments, row, value.data());
    double earned = 0.0;
    for (std::size_t k = 0; k < tasks; ++k) {
        const auto capability = static_cast<double>(state.capability[at + k]);
        if (!(capability > 0.0)) continue;
        const double share = static_cast<double>(state.allocation[at + k]);
        earned += value[k] * capability * std::pow(share, arguments.parameters.returns);
    }
    return state.resource_of(row) * earned;
}

template <class Real>
double read_expenditure(const StepArguments<Real>& arguments, LocalId row) {
    if (arguments.graph->is_relay(row)) return 0.0;
    const State<Real>& state = *arguments.state;
    const Parameters& parameters = arguments.parameters;
    const auto tasks = static_cast<std::size_t>(state.tasks);
    std::vector<double> consumed(tasks);
    read_consumption(arguments, row, consumed.data());
    const double log_utility = std::log(read_utility(arguments, row));
    const double clamp = price_clamp<Real>;
    const auto limited = [clamp](double exponent) { return std::clamp(exponent, -clamp, clamp); };
    const double weight =
        parameters.flows.log_welfare
            ? std::exp(limited(std::log(parameters.flows.mean_utility) - log_utility))
            : 1.0;
    double spent = 0.0;
    for (std::size_t k = 0; k < tasks; ++k) {
        const double wanted = static_cast<double>(state.demand_of(row)[k]);
        if (!(wanted > 0.0)) continue;
        constexpr double least = std::numeric_limits<Real>::min();
        const double relative = std::log(std::max(consumed[k] / wanted, least));
        const double exponent = (log_utility - relative) / parameters.elasticity;
        spent += weight * std::exp(limited(exponent)) * consumed[k];
    }
    return spent;
}

#define MOTLEY_INSTANTIATE(Real)                                            \
    template double read_income<Real>(const StepArguments<Real>&, LocalId); \
    template double read_expenditure<Real>(const StepArguments<Real>&, LocalId);
MOTLEY_INSTANTIATE(double)
MOTLEY_INSTANTIATE(float)
#undef MOTLEY_INSTANTIATE

}  // namespace motley::model

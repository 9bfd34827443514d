// Costs per unit from measured times: non-negative least squares with two unknowns.
#pragma once

#include <span>

namespace motley::measure {

/// `seconds` were spent on `first` units of one kind and `second` units of another.
struct CostSample {
    double first = 0.0;
    double second = 0.0;
    double seconds = 0.0;
};

/// seconds ~ first per_first + second per_second, both costs >= 0.
struct Costs {
    double per_first = 0.0;
    double per_second = 0.0;
    double residual = 0.0;  ///< root mean square of predicted / measured - 1
    double predict(double first, double second) const {
        return first * per_first + second * per_second;
    }
};

/// The costs with the least sum of squared relative errors. If the samples cannot tell the two
/// apart (proportional columns), or one would be negative, that one is 0. Samples of no time are
/// left out; without samples all members are 0.
Costs fit_costs(std::span<const CostSample> samples);

}  // namespace motley::measure

// Costs per unit from measured times: non-negative least squares with few unknowns; and how much of
// the work on interior rows messages travel behind.
#pragma once

#include <span>
#include <vector>

namespace motley::measure {

/// `seconds` were spent on `first` units of one kind and `second` units of another.
struct CostSample {
    double first = 0.0;
    double second = 0.0;
    double seconds = 0.0;
};

/// seconds ~ constant + first per_first + second per_second, all costs >= 0.
struct Costs {
    double constant = 0.0;  ///< of every sample, however much it holds
    double per_first = 0.0;
    double per_second = 0.0;
    double residual = 0.0;  ///< root mean square of predicted / measured - 1
    double predict(double first, double second) const {
        return constant + first * per_first + second * per_second;
    }
};

/// The costs with the least sum of squared relative errors. Of costs that are as good the first of
/// these is taken: both kinds, the first kind, the second kind. Samples of no time are left out;
/// without samples all members are 0.
Costs fit_costs(std::span<const CostSample> samples);

/// The same where each sample may also have a constant cost. It is 0 where it makes nothing better.
Costs fit_costs_with_constant(std::span<const CostSample> samples);

/// What one rank does in a step, seconds.
struct StepWork {
    double compute = 0.0;   ///< all rows
    double interior = 0.0;  ///< of `compute`, what can go on while messages travel
    double messages = 0.0;  ///< what messages cost the processor
    double way = 0.0;       ///< what they and their bytes cost on their way
    /// Seconds when messages travel during the share `overlap` of the work on interior rows.
    double seconds(double overlap) const;
};

/// Seconds of the slowest rank.
double step_seconds(std::span<const StepWork> ranks, double overlap);

/// A step of all ranks, and how long it took.
struct OverlapSample {
    std::vector<StepWork> ranks;
    double seconds = 0.0;
};

/// The share in {0, 0.01, ..., 1} with the least sum of squared relative errors of `step_seconds`,
/// the least such share; 0 without samples.
double fit_overlap(std::span<const OverlapSample> samples);

}  // namespace motley::measure

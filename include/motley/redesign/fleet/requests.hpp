// The time that a request of several steps takes, from the times of its steps.
#pragma once

#include <span>
#include <vector>

#include "motley/redesign/fleet/fleet.hpp"

namespace motley::fleet {

/// The quality at the end of a request, from the mean qualities of the classes (K).
double quality_of(const Workflow& workflow, std::span<const double> qualities);

/// The steps of a longest path, first to last, where step i takes `seconds[i]`.
std::vector<std::size_t> critical_path(const std::vector<Step>& steps,
                                       std::span<const double> seconds);
/// The time from the start of a request to the end of its last step, in seconds.
double time_of_request(const std::vector<Step>& steps, std::span<const double> seconds);

/// A time that a step takes with some probability, because engines differ.
struct StepTime {
    double seconds = 0.0, probability = 1.0;
};

/// The mean time of a request, proved to lie between two numbers, which are equal where it is
/// exact.
struct MeanTime {
    double low = 0.0, high = 0.0;
};
/// The mean time of a request whose steps draw their times independently of one another; `times[i]`
/// are those of step i, with probabilities that sum to 1.
///
/// A step that every path passes adds its mean. Of the steps between two of these all combinations
/// of times are listed, up to `most_cases`; beyond, the mean of their longest path is at least the
/// longest path of means (Jensen's inequality), and at most both the longest path of the longest
/// times and the sum of all means.
MeanTime mean_time(const std::vector<Step>& steps, const std::vector<std::vector<StepTime>>& times,
                   double most_cases = 1e5);

}  // namespace motley::fleet

// The definition of a quantile of a sample, which all of motley uses.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "motley/core/expect.hpp"

namespace motley {

/// The order statistic with the number floor(q (n + 1)), counted from 1 and kept within 1..n, of n
/// values in rising order: a value of the sample, never one between two. The position is that of
/// type 6 of R. J. Hyndman and Y. Fan, Am. Stat. 50 (1996) 361-365, rounded down where they
/// interpolate; where q (n + 1) is an integer, both agree. It is the rule for the ends of bootstrap
/// intervals (A. C. Davison and D. V. Hinkley, Bootstrap Methods and their Application, 1997,
/// section 2.4). No arithmetic is done with the values, so they may be infinite. The result is not
/// a number if there are no values or q is not a number.
inline double quantile(std::span<const double> sorted, double q) {
    if (sorted.empty() || std::isnan(q)) return std::numeric_limits<double>::quiet_NaN();
    MOTLEY_EXPECT_STEP(std::ranges::is_sorted(sorted),
                       "the values of a quantile are in rising order");
    const double at = std::floor(q * static_cast<double>(sorted.size() + 1)) - 1.0;
    const double last = static_cast<double>(sorted.size() - 1);
    return sorted[static_cast<std::size_t>(std::clamp(at, 0.0, last))];
}

}  // namespace motley

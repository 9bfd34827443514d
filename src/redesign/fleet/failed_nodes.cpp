#include "motley/redesign/fleet/failed_nodes.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>

namespace motley::fleet {

FailedNodes::FailedNodes(std::int64_t count, double p) {
    constexpr double certain = 1.0 - 1e-15;
    const boost::math::binomial_distribution<double> failures(static_cast<double>(count), p);
    for (std::int64_t k = 0; k <= count; ++k) {
        cumulative_.push_back(boost::math::cdf(failures, static_cast<double>(k)));
        if (cumulative_.back() >= certain) return;
    }
}

std::int64_t FailedNodes::operator()(double u) const {
    const auto found = std::ranges::lower_bound(cumulative_, u);
    const auto last = std::ssize(cumulative_) - 1;
    return std::min<std::int64_t>(found - cumulative_.begin(), last);
}

}  // namespace motley::fleet

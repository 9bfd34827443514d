#include "motley/redesign/fleet/failed_nodes.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>

namespace motley::fleet {
namespace {

using boost::math::binomial_distribution;
namespace policies = boost::math::policies;
/// Quantiles are rounded up to the least k that reaches the probability.
using RoundUp = policies::policy<policies::discrete_quantile<policies::integer_round_up>>;

}  // namespace

FailedNodes::FailedNodes(std::int64_t count, double p) : count_(count), p_(p) {
    constexpr double small_mean = 1000.0, widest = 1e5, deviations = 9.0;
    const double mean = static_cast<double>(count) * p, deviation = std::sqrt(mean * (1.0 - p));
    if (mean <= small_mean) {
        tabulate();
    } else if (deviation <= widest && p < 1.0) {
        tabulate_around_the_mode(static_cast<std::int64_t>(deviations * deviation) + 1);
    }
}

void FailedNodes::tabulate() {
    constexpr double certain = 1.0 - 1e-15;
    const binomial_distribution<double> failures(static_cast<double>(count_), p_);
    for (std::int64_t k = 0; k <= count_; ++k) {
        cumulative_.push_back(boost::math::cdf(failures, static_cast<double>(k)));
        if (cumulative_.back() >= certain) return;
    }
}

/// The probabilities follow from that of the mode by their ratios, (n - k) p / ((k + 1) (1 - p)).
void FailedNodes::tabulate_around_the_mode(std::int64_t reach) {
    const auto n = static_cast<double>(count_);
    const auto mode = static_cast<std::int64_t>((n + 1.0) * p_);
    first_ = std::max<std::int64_t>(0, mode - reach);
    const std::int64_t last = std::min(count_, mode + reach);
    const double odds = p_ / (1.0 - p_);
    std::vector<double> each(static_cast<std::size_t>(last - first_ + 1), 0.0);
    const auto at = [&](std::int64_t k) -> double& {
        return each[static_cast<std::size_t>(k - first_)];
    };
    at(mode) = 1.0;
    for (std::int64_t k = mode; k < last; ++k) {
        const auto x = static_cast<double>(k);
        at(k + 1) = at(k) * (n - x) / (x + 1.0) * odds;
    }
    for (std::int64_t k = mode; k > first_; --k) {
        const auto x = static_cast<double>(k);
        at(k - 1) = at(k) * x / ((n - x + 1.0) * odds);
    }
    double sum = 0.0;
    for (const double weight : each) cumulative_.push_back(sum += weight);
    for (double& value : cumulative_) value /= sum;
}

std::int64_t FailedNodes::operator()(double u) const {
    if (cumulative_.empty()) {
        if (p_ >= 1.0) return count_;
        const binomial_distribution<double, RoundUp> failures(static_cast<double>(count_), p_);
        const double found = u < 0.5 ? boost::math::quantile(failures, u)
                                     : boost::math::quantile(complement(failures, 1.0 - u));
        return std::clamp<std::int64_t>(static_cast<std::int64_t>(found), 0, count_);
    }
    const auto found = std::ranges::lower_bound(cumulative_, u);
    const auto last = std::ssize(cumulative_) - 1;
    return first_ + std::min<std::int64_t>(found - cumulative_.begin(), last);
}

}  // namespace motley::fleet

// Means, paired differences and Holm's correction.
#include "motley/measure/replicate_statistics.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numeric>

#include "motley/core/error.hpp"
#include "motley/core/exact_sum.hpp"
#include "motley/core/nan.hpp"
#include "motley/core/quantile.hpp"
#include "motley/core/random.hpp"

namespace motley::measure {
namespace {

double mean_of_replicates(std::span<const double> values) {
    ExactSum sum;
    for (const double value : values) sum.add(value);
    return values.empty() ? nan : sum.value() / static_cast<double>(values.size());
}

/// sum (value - centre)^power
double moment_sum(std::span<const double> values, double centre, int power) {
    ExactSum sum;
    for (const double value : values) {
        const double off = value - centre;
        sum.add(power == 2 ? off * off : off * off * off);
    }
    return sum.value();
}

double sample_deviation(std::span<const double> values, double mean) {
    if (values.size() < 2) return nan;
    return std::sqrt(moment_sum(values, mean, 2) / static_cast<double>(values.size() - 1));
}

bool all_equal(std::span<const double> values) {
    return std::ranges::all_of(values, [&](double value) { return value == values.front(); });
}

/// Means of resamples with replacement, in rising order.
std::vector<double> resampled_means(std::span<const double> values, const Bootstrap& bootstrap) {
    std::vector<double> means(static_cast<std::size_t>(bootstrap.resamples));
    const auto count = static_cast<std::uint64_t>(values.size());
    for (std::size_t b = 0; b < means.size(); ++b) {
        const Random random(bootstrap.seed, Stream::bootstrap, (bootstrap.id << 32U) + b);
        double sum = 0.0;
        for (std::uint64_t i = 0; i < count; ++i) {
            sum += values[random.below(count, static_cast<std::uint32_t>(i))];
        }
        means[b] = sum / static_cast<double>(count);
    }
    std::ranges::sort(means);
    return means;
}

/// The share of `sorted` below `value`. Equal values count half; the share is never 0 or 1.
double share_below(const std::vector<double>& sorted, double value) {
    const auto [first, last] = std::ranges::equal_range(sorted, value);
    const double below =
        static_cast<double>(first - sorted.begin()) + 0.5 * static_cast<double>(last - first);
    const auto count = static_cast<double>(sorted.size());
    return std::clamp(below / count, 0.5 / count, 1.0 - 0.5 / count);
}

}  // namespace

MeanEstimate estimate_mean(std::span<const double> values, double confidence) {
    MeanEstimate estimate;
    estimate.count = std::ssize(values);
    estimate.mean = mean_of_replicates(values);
    estimate.deviation = sample_deviation(values, estimate.mean);
    if (values.size() < 2 || !std::isfinite(estimate.deviation)) {
        estimate.interval = {nan, nan};
        return estimate;
    }
    const auto count = static_cast<double>(values.size());
    const boost::math::students_t student(count - 1.0);
    const double half = boost::math::quantile(student, 0.5 + confidence / 2.0) *
                        estimate.deviation / std::sqrt(count);
    estimate.interval = {estimate.mean - half, estimate.mean + half};
    return estimate;
}

Interval bootstrap_mean(std::span<const double> values, const Bootstrap& bootstrap) {
    const double mean = mean_of_replicates(values);
    if (values.size() < 2 || !std::isfinite(mean)) return {nan, nan};
    if (all_equal(values)) return {values.front(), values.front()};
    const std::vector<double> means = resampled_means(values, bootstrap);
    const boost::math::normal normal;
    const double bias = boost::math::quantile(normal, share_below(means, mean));
    const double squares = moment_sum(values, mean, 2);
    const double acceleration = moment_sum(values, mean, 3) / (6.0 * squares * std::sqrt(squares));
    const auto end = [&](double level) {
        const double z = bias + boost::math::quantile(normal, level);
        return quantile(means, boost::math::cdf(normal, bias + z / (1.0 - acceleration * z)));
    };
    const double tail = (1.0 - bootstrap.confidence) / 2.0;
    return {end(tail), end(1.0 - tail)};
}

PairedDifference compare_pairs(std::span<const double> a, std::span<const double> b,
                               const Bootstrap& bootstrap) {
    if (a.size() != b.size()) throw internal_error("paired values differ in number");
    std::vector<double> differences(a.size());
    for (std::size_t i = 0; i < a.size(); ++i) differences[i] = a[i] - b[i];
    PairedDifference result;
    result.count = std::ssize(differences);
    result.mean = mean_of_replicates(differences);
    result.interval = bootstrap_mean(differences, bootstrap);
    const double deviation = sample_deviation(differences, result.mean);
    result.t = result.p = result.effect = nan;
    if (!std::isfinite(deviation) || all_equal(differences)) return result;
    const auto count = static_cast<double>(differences.size());
    result.effect = result.mean / deviation;
    result.t = result.effect * std::sqrt(count);
    const boost::math::students_t student(count - 1.0);
    result.p = 2.0 * boost::math::cdf(boost::math::complement(student, std::abs(result.t)));
    return result;
}

std::vector<double> correct_holm(std::span<const double> p) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < p.size(); ++i) {
        if (!std::isnan(p[i])) order.push_back(i);
    }
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return p[i]; });
    std::vector<double> corrected(p.size(), nan);
    double highest = 0.0;
    for (std::size_t k = 0; k < order.size(); ++k) {
        highest = std::max(highest, static_cast<double>(order.size() - k) * p[order[k]]);
        corrected[order[k]] = std::min(highest, 1.0);
    }
    return corrected;
}

}  // namespace motley::measure

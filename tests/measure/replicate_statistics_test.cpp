// Statistics against published examples, hand calculation, enumeration, and their own promise: that
// 95 % intervals hold the truth 95 times in 100.
#include "motley/measure/replicate_statistics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "motley/core/error.hpp"
#include "motley/core/random.hpp"

namespace motley::measure {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;

const double nan_value = std::nan("");

// Hours of sleep gained by ten patients with two drugs: Student, "The probable error of a mean",
// Biometrika 6 (1908) 1-25; the data set `sleep` of R, whose manual shows the paired test.
const std::vector<double> first_drug = {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};
const std::vector<double> second_drug = {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};

TEST(Mean, StudentsSleepData) {
    std::vector<double> gains;
    for (std::size_t i = 0; i < 10; ++i) gains.push_back(first_drug[i] - second_drug[i]);

    const MeanEstimate estimate = estimate_mean(gains);

    EXPECT_EQ(estimate.count, 10);
    EXPECT_NEAR(estimate.mean, -1.58, 1e-12);
    EXPECT_NEAR(estimate.deviation, 1.229995, 1e-6);
    EXPECT_NEAR(estimate.interval.low, -2.4598858, 1e-7);
    EXPECT_NEAR(estimate.interval.high, -0.7001142, 1e-7);
}

TEST(Mean, OfFewValues) {
    EXPECT_TRUE(std::isnan(estimate_mean({}).mean));
    const double one[] = {3.0};
    EXPECT_EQ(estimate_mean(one).mean, 3.0);
    EXPECT_TRUE(std::isnan(estimate_mean(one).interval.low));
    // t(1) at 0.975 is tan(0.475 pi) = 12.7062; s / sqrt(2) of {0, 2} is 1.
    const double two[] = {0.0, 2.0};
    EXPECT_NEAR(estimate_mean(two).interval.high, 1.0 + std::tan(0.475 * std::acos(-1.0)), 1e-9);
    const double odd[] = {0.0, nan_value};
    EXPECT_TRUE(std::isnan(estimate_mean(odd).mean));
    EXPECT_TRUE(std::isnan(estimate_mean(odd).interval.high));
}

TEST(Paired, StudentsSleepData) {
    const PairedDifference result = compare_pairs(first_drug, second_drug, {});

    EXPECT_EQ(result.count, 10);
    EXPECT_NEAR(result.mean, -1.58, 1e-12);
    EXPECT_NEAR(result.t, -4.0621, 5e-5);
    EXPECT_NEAR(result.p, 0.002833, 5e-7);
    EXPECT_NEAR(result.effect, -1.58 / 1.229995, 1e-6);
    EXPECT_LT(result.interval.low, result.mean);
    EXPECT_GT(result.interval.high, result.mean);
    EXPECT_LT(result.interval.high, 0.0);
    const PairedDifference turned = compare_pairs(second_drug, first_drug, {});
    EXPECT_EQ(turned.p, result.p);
    EXPECT_EQ(turned.effect, -result.effect);
}

TEST(Paired, WithoutSpreadThereIsNothingToTest) {
    const double a[] = {1.5, 2.5, 3.5}, b[] = {1.0, 2.0, 3.0}, one[] = {1.0};
    const PairedDifference shifted = compare_pairs(a, b, {});
    EXPECT_EQ(shifted.mean, 0.5);
    EXPECT_EQ(shifted.interval.low, 0.5);
    EXPECT_EQ(shifted.interval.high, 0.5);
    EXPECT_TRUE(std::isnan(shifted.p));
    EXPECT_TRUE(std::isnan(shifted.effect));
    EXPECT_TRUE(std::isnan(compare_pairs(one, one, {}).p));
    EXPECT_TRUE(std::isnan(compare_pairs({}, {}, {}).mean));
    EXPECT_THROW(compare_pairs(a, one, {}), Error);
}

/// The standard normal distribution and its inverse, by bisection.
double normal_cdf(double z) {
    return 0.5 * std::erfc(-z / std::sqrt(2.0));
}
double normal_quantile(double level) {
    double low = -40.0, high = 40.0;
    for (int i = 0; i < 200; ++i) {
        const double middle = 0.5 * (low + high);
        (normal_cdf(middle) < level ? low : high) = middle;
    }
    return low;
}

/// BCa of the mean over all n^n resamples of five values, written out from Efron (1987).
Interval exhaustive(const std::vector<double>& values) {
    const std::size_t n = values.size();
    std::vector<double> means;
    std::vector<std::size_t> at(n, 0);
    for (std::size_t digit = 0; digit < n;) {
        double sum = 0.0;
        for (const std::size_t i : at) sum += values[i];
        means.push_back(sum / static_cast<double>(n));
        for (digit = 0; digit < n && ++at[digit] == n; ++digit) at[digit] = 0;
    }
    std::ranges::sort(means);
    double mean = 0.0, below = 0.0, second = 0.0, third = 0.0;
    for (const double value : values) mean += value / static_cast<double>(n);
    for (const double each : means) {
        below += std::abs(each - mean) < 1e-12 ? 0.5 : (each < mean ? 1.0 : 0.0);
    }
    for (const double value : values) {
        second += std::pow(value - mean, 2);
        third += std::pow(value - mean, 3);
    }
    const double bias = normal_quantile(below / static_cast<double>(means.size()));
    const double a = third / (6.0 * std::pow(second, 1.5));
    const auto end = [&](double level) {
        const double z = bias + normal_quantile(level);
        const double share = normal_cdf(bias + z / (1.0 - a * z));
        return means[static_cast<std::size_t>(share * static_cast<double>(means.size()))];
    };
    return {end(0.025), end(0.975)};
}

TEST(BootstrapOfTheMean, ApproachesTheEnumerationOfAllResamples) {
    const std::vector<double> values = {0.0, 1.0, 1.5, 4.0, 11.0};
    const Interval exact = exhaustive(values);

    const Interval drawn = bootstrap_mean(values, {.seed = 7, .id = 3, .resamples = 200000});

    EXPECT_NEAR(drawn.low, exact.low, 0.1);
    EXPECT_NEAR(drawn.high, exact.high, 0.1);
    // Skewed to the right: the longer side of the interval is the upper one.
    EXPECT_GT(drawn.high - 3.5, 1.2 * (3.5 - drawn.low));
}

TEST(BootstrapOfTheMean, DependsOnItsKeyOnly) {
    const Bootstrap key{.seed = 5, .id = 2};
    const Interval first = bootstrap_mean(second_drug, key);
    const Interval again = bootstrap_mean(second_drug, key);
    const Interval other = bootstrap_mean(second_drug, {.seed = 6, .id = 2});
    const Interval next = bootstrap_mean(second_drug, {.seed = 5, .id = 3});
    EXPECT_EQ(first.low, again.low);
    EXPECT_EQ(first.high, again.high);
    EXPECT_NE(first.low, other.low);
    EXPECT_NE(first.low, next.low);
    const Interval narrow = bootstrap_mean(second_drug, {.confidence = 0.5});
    EXPECT_LT(narrow.high - narrow.low, 0.5 * (first.high - first.low));
}

/// How often `interval` of `size` drawn values holds `truth`, out of `trials`.
double coverage(int trials, int size, double truth,
                const std::function<double(const Random&, std::uint32_t)>& draw,
                const std::function<Interval(std::span<const double>, std::uint64_t)>& interval) {
    int held = 0;
    for (int trial = 0; trial < trials; ++trial) {
        const Random random(11, Stream::test, static_cast<std::uint64_t>(trial));
        std::vector<double> values;
        for (int i = 0; i < size; ++i)
            values.push_back(draw(random, static_cast<std::uint32_t>(i)));
        const Interval found = interval(values, static_cast<std::uint64_t>(trial));
        held += found.low <= truth && truth <= found.high ? 1 : 0;
    }
    return static_cast<double>(held) / trials;
}

double normal_draw(const Random& random, std::uint32_t i) {
    return 2.0 + 3.0 * random.normal(i);
}
double skewed_draw(const Random& random, std::uint32_t i) {
    return -std::log(random.uniform(i));
}

TEST(Coverage, OfStudentsInterval) {
    const auto student = [](double confidence) {
        return [=](std::span<const double> values, std::uint64_t) {
            return estimate_mean(values, confidence).interval;
        };
    };
    // Standard error of a share of 0.95 in 4,000: 0.0034.
    EXPECT_THAT(coverage(4000, 5, 2.0, normal_draw, student(0.95)), DoubleNear(0.95, 0.012));
    EXPECT_THAT(coverage(4000, 5, 2.0, normal_draw, student(0.8)), DoubleNear(0.8, 0.022));
}

TEST(Coverage, OfTheBootstrapInterval) {
    const auto bootstrap = [](std::span<const double> values, std::uint64_t id) {
        return bootstrap_mean(values, {.seed = 3, .id = id, .resamples = 999});
    };
    EXPECT_THAT(coverage(1500, 40, 2.0, normal_draw, bootstrap), DoubleNear(0.945, 0.02));
    // Exponential values: BCa stays near its promise where the sample is skewed.
    EXPECT_THAT(coverage(1500, 40, 1.0, skewed_draw, bootstrap), DoubleNear(0.935, 0.025));
    // The documented limit: five values are too few.
    EXPECT_LT(coverage(1500, 5, 2.0, normal_draw, bootstrap), 0.9);
}

TEST(Coverage, PValuesOfEqualSystemsAreUniform) {
    int low = 0, middle = 0;
    constexpr int trials = 4000;
    for (int trial = 0; trial < trials; ++trial) {
        const Random random(12, Stream::test, static_cast<std::uint64_t>(trial));
        std::vector<double> a, b;
        for (std::uint32_t i = 0; i < 6; ++i) {
            a.push_back(random.normal(2 * i));
            b.push_back(random.normal(2 * i + 1));
        }
        const double p = compare_pairs(a, b, {.resamples = 1}).p;
        low += p < 0.05 ? 1 : 0;
        middle += p < 0.5 ? 1 : 0;
    }
    EXPECT_NEAR(low / double{trials}, 0.05, 0.012);
    EXPECT_NEAR(middle / double{trials}, 0.5, 0.03);
}

TEST(Holm, ByHand) {
    // Sorted 0.005, 0.01, 0.03, 0.04 times 4, 3, 2, 1; never falling.
    const double p[] = {0.01, 0.04, 0.03, 0.005};
    EXPECT_THAT(correct_holm(p), ElementsAre(DoubleNear(0.03, 1e-15), DoubleNear(0.06, 1e-15),
                                             DoubleNear(0.06, 1e-15), DoubleNear(0.02, 1e-15)));
    const double large[] = {0.6, nan_value, 0.9};
    EXPECT_THAT(correct_holm(large), ElementsAre(1.0, testing::IsNan(), 1.0));
    EXPECT_TRUE(correct_holm({}).empty());
}

TEST(Holm, KeepsTheErrorOfTheFamily) {
    // With 20 true hypotheses at most 5 of 100 families may reject any; without the correction 64
    // would.
    int corrected = 0, uncorrected = 0;
    constexpr int families = 4000;
    for (int family = 0; family < families; ++family) {
        const Random random(13, Stream::test, static_cast<std::uint64_t>(family));
        std::vector<double> p;
        for (std::uint32_t i = 0; i < 20; ++i) p.push_back(random.uniform(i));
        corrected += std::ranges::min(correct_holm(p)) < 0.05 ? 1 : 0;
        uncorrected += std::ranges::min(p) < 0.05 ? 1 : 0;
    }
    EXPECT_NEAR(corrected / double{families}, 1.0 - std::pow(1.0 - 0.05 / 20, 20), 0.014);
    EXPECT_GT(uncorrected, families / 2);
}

TEST(Ranks, TiesShareTheirMean) {
    const double values[] = {3.0, 1.0, 4.0, 1.0, 5.0, 1.0, nan_value};
    EXPECT_THAT(rank_values(values), ElementsAre(4.0, 2.0, 5.0, 2.0, 6.0, 2.0, testing::IsNan()));
}

// Intelligence quotient and hours of television per week of ten people: the worked example of
// "Spearman's rank correlation coefficient", Wikipedia; rho = -29/165, p = 0.627188.
TEST(Spearman, PublishedExample) {
    const double quotient[] = {106, 100, 86, 101, 99, 103, 97, 113, 112, 110};
    const double hours[] = {7, 27, 2, 50, 28, 29, 20, 12, 6, 17};
    const Correlation result = correlate_ranks(quotient, hours);
    EXPECT_EQ(result.count, 10);
    EXPECT_NEAR(result.rho, -29.0 / 165.0, 1e-15);
    EXPECT_NEAR(result.p, 0.627188, 1e-6);
}

TEST(Spearman, SmallSamplesByAllPermutations) {
    // Only two of the 24 orders of four values reach |rho| = 1.
    const double x[] = {1, 2, 3, 4}, same[] = {10, 20, 30, 40}, swapped[] = {1, 3, 2, 4};
    EXPECT_EQ(correlate_ranks(x, same).rho, 1.0);
    EXPECT_NEAR(correlate_ranks(x, same).p, 2.0 / 24.0, 1e-15);
    EXPECT_NEAR(correlate_ranks(x, swapped).rho, 0.8, 1e-15);
    // |rho| >= 0.8: identity, three swaps of neighbours, and their four mirror images.
    EXPECT_NEAR(correlate_ranks(x, swapped).p, 8.0 / 24.0, 1e-15);
}

TEST(Spearman, TiesMissingAndConstantValues) {
    // Mid-ranks 1.5 1.5 3 and 1 2 3: Pearson's r = 1.5 / sqrt(1.5 * 2) = sqrt(3) / 2.
    const double tied[] = {1, 1, 2, nan_value}, other[] = {1, 2, 3, 4}, constant[] = {2, 2, 2, 2};
    EXPECT_NEAR(correlate_ranks(tied, other).rho, std::sqrt(3.0) / 2.0, 1e-15);
    EXPECT_EQ(correlate_ranks(tied, other).count, 3);
    EXPECT_TRUE(std::isnan(correlate_ranks(constant, other).rho));
    EXPECT_TRUE(std::isnan(correlate_ranks(constant, other).p));
    EXPECT_TRUE(std::isnan(correlate_ranks({}, {}).rho));
}

}  // namespace
}  // namespace motley::measure

// Ticks and scales against their definitions.
#include "report/ticks.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "motley/core/random.hpp"

namespace motley::report::test {
namespace {

using testing::ElementsAre;

std::vector<std::string> labels(const Ticks& ticks) {
    std::vector<std::string> out;
    for (const auto& tick : ticks.major) {
        out.push_back(tick.base + (tick.power.empty() ? "" : "^" + tick.power));
    }
    return out;
}

TEST(LinearTicks, StandAtRoundNumbersWithEvenDecimals) {
    EXPECT_THAT(labels(linear_ticks({0.0, 1.0}, 5)),
                ElementsAre("0.0", "0.2", "0.4", "0.6", "0.8", "1.0"));
    EXPECT_THAT(labels(linear_ticks({-1.0, 1.0}, 2)), ElementsAre("\u22121", "0", "1"));
    EXPECT_THAT(labels(linear_ticks({0.0, 20000.0}, 2)),
                ElementsAre("0", "10\u2009000", "20\u2009000"));
    EXPECT_THAT(labels(linear_ticks({1.41, 1.45}, 4)),
                ElementsAre("1.41", "1.42", "1.43", "1.44", "1.45"));
}

TEST(LinearTicks, TakeAPowerOfTenOutOfVeryLargeAndSmallNumbers) {
    const Ticks large = linear_ticks({0.0, 3.1e9}, 3);
    EXPECT_EQ(large.exponent, 9);
    EXPECT_THAT(labels(large), ElementsAre("0", "2"));
    const Ticks small = linear_ticks({0.0, 2.4e-7}, 2);
    EXPECT_EQ(small.exponent, -7);
    EXPECT_THAT(labels(small), ElementsAre("0", "2"));
}

/// Steps are 1, 2 or 5 times a power of ten, all ticks are inside, and none is left out.
TEST(LinearTicks, AreMultiplesOfANiceStepInsideAnyRange) {
    const Random random(1, Stream::test, 0);
    for (std::uint32_t trial = 0; trial < 500; ++trial) {
        const double size = std::pow(10.0, 12.0 * random.uniform(3 * trial) - 6.0);
        const double low = size * (random.uniform(3 * trial + 1) - 0.5);
        const AxisRange range{low, low + size * random.uniform(3 * trial + 2)};
        const Ticks ticks = linear_ticks(range, 6);
        ASSERT_GE(ticks.major.size(), 2u);
        ASSERT_LE(ticks.major.size(), 8u);
        const double step = ticks.major[1].value - ticks.major[0].value;
        const double mantissa = step / std::pow(10.0, std::floor(std::log10(step * 1.0001)));
        EXPECT_TRUE(std::abs(mantissa - 1) < 1e-3 || std::abs(mantissa - 2) < 1e-3 ||
                    std::abs(mantissa - 5) < 1e-3)
            << step;
        const double slack = 1e-6 * step;
        EXPECT_GE(ticks.major.front().value, range.low - slack);
        EXPECT_LT(ticks.major.front().value - step, range.low + slack);
        EXPECT_LE(ticks.major.back().value, range.high + slack);
        EXPECT_GT(ticks.major.back().value + step, range.high - slack);
    }
}

TEST(LogarithmicTicks, StandAtPowersOfTen) {
    EXPECT_THAT(labels(logarithmic_ticks({0.5, 2000.0}, 6)), ElementsAre("1", "10", "100", "1000"));
    EXPECT_THAT(labels(logarithmic_ticks({1e-6, 1.0}, 8)),
                ElementsAre("10^\u22126", "10^\u22125", "10^\u22124", "10^\u22123", "10^\u22122",
                            "10^\u22121", "10^0"));
    EXPECT_THAT(labels(logarithmic_ticks({1e-8, 1.0}, 5)),
                ElementsAre("10^\u22128", "10^\u22126", "10^\u22124", "10^\u22122", "10^0"));
    EXPECT_THAT(labels(logarithmic_ticks({0.9, 6.0}, 5)), ElementsAre("1", "2", "5"));
    // Linear ticks would stand on each other at the upper end.
    EXPECT_THAT(labels(logarithmic_ticks({60000, 700000}, 5)),
                ElementsAre("100\u2009000", "200\u2009000", "500\u2009000"));
    EXPECT_THAT(labels(logarithmic_ticks({1.0, 1.2}, 2)), ElementsAre("1.0", "1.1", "1.2"));
}

TEST(Domain, HoldsTheDataAndIsNeverDegenerate) {
    const Axis linear{"x"}, logarithmic{"x", "", Scale::logarithmic};
    for (const AxisRange data : {AxisRange{3.0, 3.0}, AxisRange{0.0, 0.0}, AxisRange{-2.0, 5.0},
                                 AxisRange{1e-300, 1e300}}) {
        const AxisRange range = domain(linear, data);
        EXPECT_LT(range.low, range.high);
        EXPECT_LE(range.low, data.low);
        EXPECT_GE(range.high, data.high);
    }
    const AxisRange one = domain(logarithmic, {7.0, 7.0});
    EXPECT_LT(one.low, 7.0);
    EXPECT_GT(one.high, 7.0);
    const AxisRange none = domain(logarithmic, {1.0, 0.0});
    EXPECT_GT(none.low, 0.0);
    EXPECT_LT(none.low, none.high);
    EXPECT_EQ(domain(linear, {0.0, 10.0}).low, 0.0);
    Axis zero = linear;
    zero.from_zero = true;
    EXPECT_EQ(domain(zero, {5.0, 6.0}).low, 0.0);
}

TEST(Scaler, MapsEndsToEndsAndKeepsRatiosOnLogarithmicAxes) {
    const Scaler linear(Scale::linear, {2.0, 4.0}, 100.0, 200.0);
    EXPECT_DOUBLE_EQ(linear(2.0), 100.0);
    EXPECT_DOUBLE_EQ(linear(3.0), 150.0);
    const Scaler logarithmic(Scale::logarithmic, {1.0, 10000.0}, 400.0, 0.0);
    EXPECT_DOUBLE_EQ(logarithmic(1.0), 400.0);
    EXPECT_DOUBLE_EQ(logarithmic(100.0), 200.0);
    EXPECT_TRUE(std::isnan(logarithmic(0.0)));
    EXPECT_TRUE(std::isnan(logarithmic(-1.0)));
}

}  // namespace
}  // namespace motley::report::test

// The rule by hand on small samples, and its edges.
#include "motley/core/quantile.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace motley {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

TEST(Quantile, TakesTheValueWhosePositionIsRoundedDown) {
    // n + 1 = 8: the positions are 8 q.
    const std::vector<double> sorted{1, 2, 3, 4, 5, 6, 7};
    EXPECT_EQ(quantile(sorted, 0.125), 1);
    EXPECT_EQ(quantile(sorted, 0.25), 2);
    EXPECT_EQ(quantile(sorted, 0.374), 2);
    EXPECT_EQ(quantile(sorted, 0.375), 3);
    EXPECT_EQ(quantile(sorted, 0.5), 4) << "the median of an odd number of values";
    EXPECT_EQ(quantile(sorted, 0.875), 7);
}

TEST(Quantile, IsSymmetricWhereThePositionsAreIntegers) {
    // 9999 resamples are a usual number because (n + 1) q is an integer at 2.5 and 97.5 %.
    std::vector<double> sorted(9999);
    for (std::size_t i = 0; i < sorted.size(); ++i) sorted[i] = static_cast<double>(i + 1);
    EXPECT_EQ(quantile(sorted, 0.025), 250);
    EXPECT_EQ(quantile(sorted, 0.975), 10000 - 250);
}

TEST(Quantile, StaysWithinTheSample) {
    const std::vector<double> sorted{-2.5, 0, 9};
    EXPECT_EQ(quantile(sorted, 0.0), -2.5);
    EXPECT_EQ(quantile(sorted, 1.0), 9);
    const std::vector<double> one{4.25};
    for (const double q : {0.0, 0.3, 0.5, 1.0}) EXPECT_EQ(quantile(one, q), 4.25);
}

TEST(Quantile, InfiniteValuesAreAsGoodAsOthers) {
    const std::vector<double> sorted{-infinity, -infinity, 1, infinity, infinity};
    EXPECT_EQ(quantile(sorted, 0.0), -infinity);
    EXPECT_EQ(quantile(sorted, 0.34), -infinity);
    EXPECT_EQ(quantile(sorted, 0.5), 1);
    EXPECT_EQ(quantile(sorted, 0.9), infinity);
}

TEST(Quantile, IsNotANumberWhereThereIsNone) {
    EXPECT_TRUE(std::isnan(quantile({}, 0.5)));
    EXPECT_TRUE(std::isnan(quantile(std::vector<double>{1, 2}, nan)));
}

}  // namespace
}  // namespace motley

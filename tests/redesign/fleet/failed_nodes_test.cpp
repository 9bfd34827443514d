// The number of failed nodes against the binomial distribution.
#include "motley/redesign/fleet/failed_nodes.hpp"

#include <gtest/gtest.h>

#include <boost/math/special_functions/beta.hpp>
#include <cmath>

#include "motley/core/random.hpp"

namespace motley::fleet {
namespace {

TEST(FailedNodes, AreBinomial) {
    const FailedNodes failures(20, 0.1);
    const Random random(4, Stream::test, 0);
    double mean = 0.0, none = 0.0;
    constexpr std::uint32_t count = 40000;
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto down = failures(random.uniform(i));
        mean += static_cast<double>(down) / count;
        none += down == 0 ? 1.0 / count : 0.0;
    }
    EXPECT_NEAR(mean, 2.0, 0.03);
    EXPECT_NEAR(none, std::pow(0.9, 20), 0.01);
}

TEST(FailedNodes, StepWhereTheClosedFormSays) {
    const double none = std::pow(0.9, 20), one = none + 20 * 0.1 * std::pow(0.9, 19);
    const FailedNodes failures(20, 0.1);
    EXPECT_EQ(failures(none * (1.0 - 1e-12)), 0);
    EXPECT_EQ(failures(none * (1.0 + 1e-12)), 1);
    EXPECT_EQ(failures(one * (1.0 - 1e-12)), 1);
    EXPECT_EQ(failures(one * (1.0 + 1e-12)), 2);
}

TEST(FailedNodes, NoneWhereNothingFailsOrNothingIsThere) {
    EXPECT_EQ(FailedNodes(20, 0.0)(0.999999), 0);
    EXPECT_EQ(FailedNodes(0, 0.5)(0.999999), 0);
}

TEST(FailedNodes, OfManyAreThoseOfTheIncompleteBetaFunction) {
    for (const std::int64_t count : {std::int64_t{200'000}, std::int64_t{1'000'000'000}}) {
        const double p = 0.03, n = static_cast<double>(count);
        const FailedNodes failures(count, p);
        for (const double u : {1e-6, 0.01, 0.2, 0.5, 0.9, 1.0 - 1e-6}) {
            // P(X <= k) = 1 - I_p(k + 1, n - k).
            const auto k = static_cast<double>(failures(u));
            EXPECT_GE(boost::math::ibetac(k + 1.0, n - k, p), u * (1.0 - 1e-9));
            EXPECT_LE(boost::math::ibetac(k, n - k + 1.0, p), u * (1.0 + 1e-9));
        }
    }
}

TEST(FailedNodes, OfAnyNumberAreFoundAtOnce) {
    const double p = 0.01;
    for (const double count : {1e12, 1e15}) {
        const FailedNodes failures(static_cast<std::int64_t>(count), p);
        const double deviation = std::sqrt(count * p * (1.0 - p));
        const auto standard = [&](double u) {
            return (static_cast<double>(failures(u)) - count * p) / deviation;
        };
        EXPECT_NEAR(standard(0.5), 0.0, 1e-3);
        EXPECT_NEAR(standard(0.975), 1.959963984540054, 1e-3);
        EXPECT_NEAR(standard(0.025), -1.959963984540054, 1e-3);
    }
    EXPECT_EQ(FailedNodes(std::int64_t{1} << 50, 1.0)(0.3), std::int64_t{1} << 50);
}

}  // namespace
}  // namespace motley::fleet

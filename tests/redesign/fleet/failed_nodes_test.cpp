// The number of failed nodes against the binomial distribution.
#include "motley/redesign/fleet/failed_nodes.hpp"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace motley::fleet

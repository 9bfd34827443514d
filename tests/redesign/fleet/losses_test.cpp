// Single losses, each against a fleet that is smaller by it.
#include "motley/redesign/fleet/losses.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "problems.hpp"

namespace motley::fleet {
namespace {

TEST(NMinusOne, IsTheWorstOfAllSmallerFleets) {
    const Problem problem = random_problem(4, 3, 1);
    const Fleet fleet = {4, 6, 3, 5};
    const Throughput whole = best_throughput(problem, fleet);
    const NMinusOne lost = n_minus_1(problem, fleet, whole);
    double worst = unlimited;
    for (std::size_t d = 0; d < 4; ++d) {
        Fleet left = fleet;
        left[d] -= 1.0;
        worst = std::min(worst, best_throughput(problem, left).theta);
    }
    EXPECT_NEAR(lost.device.theta, worst, 1e-12);
    EXPECT_LT(lost.device.theta, whole.theta);
    EXPECT_LE(lost.node.theta, lost.device.theta);
    for (const Loss& loss : lost.devices) EXPECT_LE(loss.theta_fixed, loss.theta + 1e-12);
}

TEST(NMinusOne, OfOneTypeIsItsShare) {
    const Problem problem = random_problem(1, 3, 2);
    const Fleet fleet = {10.0};
    const Throughput whole = best_throughput(problem, fleet);
    const NMinusOne lost = n_minus_1(problem, fleet, whole);
    EXPECT_NEAR(lost.device.theta / whole.theta, 0.9, 1e-12);
    EXPECT_NEAR(lost.device.theta_fixed / whole.theta, 0.9, 1e-12);
}

}  // namespace
}  // namespace motley::fleet

// Single losses, each against a fleet that is smaller by it.
#include "motley/redesign/fleet/losses.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

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

TEST(NMinusOne, OfManyOptionsIsThatOfEverySmallerFleet) {
    const Problem problem = random_problem(70, 40, 3);  // more options than are solved at once
    Fleet fleet(70, 0.0);
    for (std::size_t d = 0; d < 70; ++d) fleet[d] = static_cast<double>(d % 5) * 2.0;
    const NMinusOne lost = n_minus_1(problem, fleet, best_throughput(problem, fleet));
    ASSERT_EQ(lost.devices.size(), 56U);
    for (std::size_t i = 0; i < lost.devices.size(); ++i) {
        const auto d = static_cast<std::size_t>(lost.devices[i].type);
        Fleet left = fleet;
        left[d] -= 1.0;
        EXPECT_NEAR(lost.devices[i].theta, best_throughput(problem, left).theta, 1e-9);
        const auto node = static_cast<double>(problem.devices[d].node_size);
        left[d] = std::max(0.0, fleet[d] - node);
        EXPECT_NEAR(lost.nodes[i].theta, best_throughput(problem, left).theta, 1e-9);
    }
}

TEST(WorstShare, AsByEveryLoss) {
    for (std::uint64_t id = 0; id < 10; ++id) {
        const Problem problem = random_problem(4, 3, id);
        const Fleet fleet = {3, 5, 2, 4};
        const Throughput whole = best_throughput(problem, fleet);
        for (const double share : {0.05, 0.25, 0.5, 0.9}) {
            const double count = std::ceil(14.0 * share);
            double worst = unlimited;
            for (double a = 0; a <= 3; ++a) {
                for (double b = 0; b <= 5; ++b) {
                    for (double c = 0; c <= 2; ++c) {
                        const double d = count - a - b - c;
                        if (d < 0 || d > 4) continue;
                        const Fleet left = {3 - a, 5 - b, 2 - c, 4 - d};
                        worst = std::min(worst, best_throughput(problem, left).theta);
                    }
                }
            }
            const ShareLoss found = worst_share(problem, fleet, whole, share);
            EXPECT_TRUE(found.exact);
            EXPECT_NEAR(found.theta, worst, 1e-9);
            EXPECT_LE(found.theta_fixed, found.theta + 1e-9);
            double lost = 0.0;
            for (const double each : found.lost) lost += each;
            EXPECT_EQ(lost, count);
        }
    }
}

TEST(WorstShare, OfOneTypeAndOfMany) {
    const Problem one = random_problem(1, 3, 2);
    const Throughput whole = best_throughput(one, Fleet{40.0});
    EXPECT_NEAR(worst_share(one, Fleet{40.0}, whole, 0.1).theta / whole.theta, 0.9, 1e-12);
    EXPECT_EQ(worst_share(one, Fleet{40.0}, whole, 0.0).theta, whole.theta);
    EXPECT_EQ(worst_share(one, Fleet{40.0}, whole, 1.0).theta, 0.0);
    const Problem many = random_problem(8, 3, 3);
    const Fleet fleet(8, 4.0);
    const Throughput all = best_throughput(many, fleet);
    const ShareLoss loss = worst_share(many, fleet, all, 0.3);
    EXPECT_FALSE(loss.exact);
    EXPECT_LT(loss.theta, all.theta);
}

}  // namespace
}  // namespace motley::fleet

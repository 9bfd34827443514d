// The front against every pair of fleets.
#include "motley/redesign/fleet/pareto.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "motley/redesign/fleet/losses.hpp"
#include "problems.hpp"

namespace motley::fleet {
namespace {

/// Three types and one class: the numbers of the case in which 62 points were found.
Problem three_types() {
    Problem problem{.tasks = {{"x", 10.0}},
                    .devices = {{.name = "a", .price = 1.0},
                                {.name = "b", .price = 2.3},
                                {.name = "c", .price = 3.7}},
                    .rates = {1.0, 2.6, 4.5}};
    problem.devices[0].power_busy = 100.0;
    problem.devices[1].power_busy = 180.0;
    problem.devices[2].power_busy = 350.0;
    return problem;
}

TEST(Pareto, CountsTheFleetsWithinABudget) {
    const Problem problem = three_types();
    std::int64_t count = 0;
    for (int a = 0; a <= 15; ++a) {
        for (int b = 0; b <= 6; ++b) {
            for (int c = 0; c <= 4; ++c) count += a + 2.3 * b + 3.7 * c <= 15.0 + 1e-9 ? 1 : 0;
        }
    }
    EXPECT_EQ(count_fleets(problem, {.price = 15.0}), count - 1);  // without the empty one
    EXPECT_EQ(count_fleets(problem, {.price = 15.0}, count - 2), std::nullopt);
    EXPECT_EQ(count_fleets(problem, {}), std::nullopt);
    EXPECT_EQ(count_fleets(problem, {.price = 0.5}), 0);
}

TEST(Pareto, NodesAvailabilityAndWhatIsKeptCount) {
    Problem problem = three_types();
    problem.devices[0].node_size = 4;
    problem.devices[1].available = 2.0;
    problem.devices[2].keep = 1.0;
    const auto all = measured_fleets(problem, {.price = 15.0}, 0, 1000);
    std::size_t count = 0;
    for (int a = 0; a <= 12; a += 4) {
        for (int b = 0; b <= 2; ++b) {
            for (int c = 1; c <= 4; ++c) count += a + 2.3 * b + 3.7 * c <= 15.0 + 1e-9 ? 1 : 0;
        }
    }
    EXPECT_EQ(all.size(), count);
}

TEST(Pareto, TheFrontOfThreeTypes) {
    const Problem problem = three_types();
    const Budget budget{.price = 15.0};
    const auto front = non_dominated(measured_fleets(problem, budget, 0, 200'000));
    EXPECT_EQ(front.size(), 78u);  // by the brute force of those who tried it
    const auto plain = non_dominated(measured_fleets(problem, budget, 0, 200'000, false));
    EXPECT_LT(plain.size(), front.size());
}

TEST(Pareto, NoPointIsDominatedAndEveryOtherOneIs) {
    const Problem problem = random_problem(3, 2, 4, 2.0);
    const Budget budget{.devices = 14.0};
    const auto count = count_fleets(problem, budget);
    ASSERT_TRUE(count);
    const auto all = measured_fleets(problem, budget, 0, *count);
    ASSERT_EQ(static_cast<std::int64_t>(all.size()), *count);
    const auto measures = [](const ParetoPoint& p) {
        return std::array{p.price, p.power, -p.theta, -p.n_minus_1};
    };
    std::vector<Fleet> expected;
    for (const ParetoPoint& point : all) {
        const Throughput whole = best_throughput(problem, point.fleet);
        EXPECT_NEAR(point.theta, whole.theta, 1e-12);
        EXPECT_NEAR(point.n_minus_1, n_minus_1(problem, point.fleet, whole).node.theta, 1e-12);
        const bool dominated = std::ranges::any_of(all, [&](const ParetoPoint& other) {
            const auto a = measures(other), b = measures(point);
            bool not_worse = true, better = false;
            for (std::size_t i = 0; i < 4; ++i) {
                not_worse = not_worse && a[i] <= b[i] + 1e-9 * std::abs(b[i]);
                better = better || a[i] < b[i] - 1e-9 * std::abs(b[i]);
            }
            return not_worse && better;
        });
        if (!dominated) expected.push_back(point.fleet);
    }
    std::vector<ParetoPoint> parts;
    for (const auto& [first, last] :
         {std::pair{std::int64_t{0}, *count / 3}, std::pair{*count / 3, *count}}) {
        for (auto& point : measured_fleets(problem, budget, first, last)) parts.push_back(point);
    }
    std::vector<Fleet> found;
    for (const ParetoPoint& point : non_dominated(parts)) found.push_back(point.fleet);
    EXPECT_EQ(found, expected);
}

}  // namespace
}  // namespace motley::fleet

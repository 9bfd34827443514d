// Fluid fleets against closed forms, finite differences and the theory of comparative advantage.
#include <gtest/gtest.h>

#include <cmath>

#include "motley/redesign/fleet/gain.hpp"
#include "problems.hpp"

namespace motley::fleet {
namespace {

constexpr double tight = 1e-9;

class Sizes : public testing::TestWithParam<std::pair<std::size_t, std::size_t>> {};

TEST_P(Sizes, TheCheapestFleetByProgrammeIsTheClosedForm) {
    const auto [types, classes] = GetParam();
    const Problem problem = random_problem(types, classes, 1);
    const Purchase bought = search(problem, {.integer = false});
    ASSERT_TRUE(bought.proved());
    double closed = 0.0;
    for (std::size_t k = 0; k < classes; ++k) {
        double least = unlimited;
        for (std::size_t d = 0; d < types; ++d) {
            least = std::min(least, problem.devices[d].price / problem.rate(d, k));
        }
        closed += problem.tasks[k].demand * least;
    }
    EXPECT_NEAR(bought.value / closed, 1.0, tight);
    EXPECT_NEAR(cheapest_fluid(problem).price / closed, 1.0, tight);
    EXPECT_LE(types_in(bought.fleet), static_cast<std::int64_t>(classes));
    EXPECT_LE(types_in(cheapest_fluid(problem).fleet), static_cast<std::int64_t>(classes));
}

TEST_P(Sizes, TheCheapestFleetServesExactlyTheDemand) {
    const auto [types, classes] = GetParam();
    const Problem problem = random_problem(types, classes, 2);
    const FluidFleet fluid = cheapest_fluid(problem);
    EXPECT_NEAR(best_throughput(problem, fluid.fleet).theta, 1.0, tight);
    EXPECT_NEAR(price_of(problem, fluid.fleet) / fluid.price, 1.0, tight);
}

TEST_P(Sizes, TaskPricesPayForEveryDevice) {
    const auto [types, classes] = GetParam();
    const Problem problem = random_problem(types, classes, 3);
    const Fleet fleet(types, 3.0);
    const Throughput now = best_throughput(problem, fleet);
    double prices = 0.0, worth = 0.0;
    for (const double price : now.task_prices) prices += price;
    for (std::size_t d = 0; d < types; ++d) worth += fleet[d] * now.device_worth[d];
    EXPECT_NEAR(prices, 1.0, tight);
    EXPECT_NEAR(worth / now.theta, 1.0, tight);  // strong duality
}

INSTANTIATE_TEST_SUITE_P(Instances, Sizes,
                         testing::Values(std::pair{1, 1}, std::pair{3, 2}, std::pair{2, 7},
                                         std::pair{20, 30}, std::pair{60, 60},
                                         std::pair{200, 200}));

TEST(Fluid, WorthOfADeviceIsADerivative) {
    const Problem problem = random_problem(6, 5, 4);
    const Fleet fleet = {3, 5, 2, 4, 1, 6};
    const Throughput now = best_throughput(problem, fleet);
    for (std::size_t d = 0; d < 6; ++d) {
        Fleet more = fleet, less = fleet;
        more[d] += 1e-5;
        less[d] -= 1e-5;
        const double slope =
            (best_throughput(problem, more).theta - best_throughput(problem, less).theta) / 2e-5;
        EXPECT_NEAR(now.device_worth[d] / slope, 1.0, 1e-6);
    }
}

TEST(Fluid, TaskPricesAreDerivativesByTheDemand) {
    const Problem problem = random_problem(6, 5, 5);
    const Fleet fleet = {3, 5, 2, 4, 1, 6};
    const Throughput now = best_throughput(problem, fleet);
    for (std::size_t k = 0; k < 5; ++k) {
        Problem more = problem, less = problem;
        more.tasks[k].demand *= 1.0 + 1e-6;
        less.tasks[k].demand *= 1.0 - 1e-6;
        const double slope = (std::log(best_throughput(more, fleet).theta) -
                              std::log(best_throughput(less, fleet).theta)) /
                             2e-6;
        EXPECT_NEAR(now.task_prices[k], -slope, 1e-6);
    }
}

TEST(Fluid, UnitsDoNotMatter) {
    Problem problem = random_problem(5, 4, 6);
    const Fleet fleet = {100, 2, 3000, 40, 5};
    const double before = best_throughput(problem, fleet).theta;
    for (std::size_t k = 0; k < 4; ++k) {
        const double unit = std::pow(10.0, 4.0 * static_cast<double>(k) - 6.0);
        problem.tasks[k].demand *= unit;
        for (std::size_t d = 0; d < 5; ++d) problem.rate(d, k) *= unit;
    }
    EXPECT_NEAR(best_throughput(problem, fleet).theta / before, 1.0, tight);
}

TEST(Gains, ProportionalRatesGainNothing) {
    for (std::uint64_t id = 0; id < 20; ++id) {
        Problem problem = random_problem(10, 8, id);
        for (std::size_t d = 1; d < 10; ++d) {
            for (std::size_t k = 0; k < 8; ++k) {
                problem.rate(d, k) = problem.rate(0, k) * (0.1 + 0.37 * static_cast<double>(d));
            }
        }
        EXPECT_NEAR(fluid_prices(problem).gain(), 1.0, tight);
    }
}

TEST(Gains, OneClassIsServedByOneType) {
    const Problem problem = random_problem(30, 1, 7);
    EXPECT_EQ(types_in(cheapest_fluid(problem).fleet), 1);
    EXPECT_EQ(types_in(search(problem, {.integer = false}).fleet), 1);
    EXPECT_NEAR(fluid_prices(problem).gain(), 1.0, tight);
}

TEST(Gains, TwoSpecialistsByHand) {
    // Each does one class at 2 and the other at 1 unit per second: 1 + 1 devices against 1.5 x 2.
    Problem problem{.tasks = {{"a", 2.0}, {"b", 2.0}},
                    .devices = {{.name = "x", .price = 1.0}, {.name = "y", .price = 1.0}},
                    .rates = {2.0, 1.0, 1.0, 2.0}};
    EXPECT_NEAR(cheapest_fluid(problem).price, 2.0, tight);
    EXPECT_NEAR(cheapest_homogeneous_fluid(problem).price, 3.0, tight);
    EXPECT_NEAR(fluid_prices(problem).gain(), 1.5, tight);
    const Fleet fleet = {1.0, 1.0};
    EXPECT_NEAR(best_throughput(problem, fleet).theta, 1.0, tight);
}

TEST(Gains, FactorsMultiplyToTheTotal) {
    for (std::uint64_t id = 0; id < 10; ++id) {
        const Problem problem = random_problem(5, 4, id, 10.0);
        const SearchOptions options;
        const Purchase bought = search(problem, options);
        ASSERT_TRUE(bought.proved());
        for (const Gain& gain :
             {gain_at_equal_demand(problem, bought, options),
              gain_at_equal_price(problem, Fleet{8, 8, 8, 8, 8},
                                  best_throughput(problem, Fleet{8, 8, 8, 8, 8}).theta, options)}) {
            EXPECT_NEAR(gain.product(), gain.total, tight * gain.total);
            EXPECT_GE(gain.comparative_advantage, 1.0 - tight);
            EXPECT_LE(gain.mix, 1.0 + tight);
        }
        EXPECT_GE(gain_at_equal_demand(problem, bought, options).total, 1.0 - tight);
    }
}

TEST(Gains, GranularityVanishesAsTheLoadGrows) {
    double last = unlimited;
    for (const double demand : {1.0, 100.0, 10000.0}) {
        const Problem problem = random_problem(4, 3, 11, demand);
        const Purchase bought = search(problem, {.seconds = 20.0});
        const double fluid = cheapest_fluid(problem).price;
        const double excess = bought.value / fluid - 1.0;
        EXPECT_LT(excess, last);
        last = excess;
    }
    EXPECT_LT(last, 1e-3);
}

TEST(Fluid, VeryManyTypesAndClassesAreSolvedOverTheOptionsThatMatter) {
    const Problem problem = random_problem(250, 120, 9);
    const Fleet fleet(250, 3.0);
    const Throughput now = best_throughput(problem, fleet);
    // Any prices bound theta from above, the allocation bounds it from below.
    double above = 0.0, prices = 0.0;
    for (const double price : now.task_prices) prices += price;
    for (std::size_t d = 0; d < 250; ++d) {
        double worth = 0.0, busy = 0.0;
        for (std::size_t k = 0; k < 120; ++k) {
            worth =
                std::max(worth, now.task_prices[k] * problem.rate(d, k) / problem.tasks[k].demand);
            busy += now.allocated(d, k, 120);
        }
        above += fleet[d] * worth / prices;
        EXPECT_LE(busy, fleet[d] * (1.0 + tight));
    }
    EXPECT_NEAR(now.theta / above, 1.0, tight);
    for (std::size_t k = 0; k < 120; ++k) {
        double served = 0.0;
        for (std::size_t d = 0; d < 250; ++d)
            served += now.allocated(d, k, 120) * problem.rate(d, k);
        EXPECT_GE(served / problem.tasks[k].demand, now.theta * (1.0 - tight));
    }
}

TEST(Fluid, AClassThatNobodyCanDoIsTheBottleneck) {
    Problem problem = random_problem(3, 3, 8);
    for (std::size_t d = 0; d < 3; ++d) problem.rate(d, 1) = 0.0;
    const Throughput now = best_throughput(problem, Fleet{1, 1, 1});
    EXPECT_EQ(now.theta, 0.0);
    EXPECT_EQ(now.bottleneck, 1);
    EXPECT_TRUE(std::isinf(cheapest_fluid(problem).price));
    EXPECT_TRUE(std::isinf(cheapest_homogeneous_fluid(problem).price));
}

}  // namespace
}  // namespace motley::fleet

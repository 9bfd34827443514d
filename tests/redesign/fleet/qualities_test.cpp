// Qualities of engines and workflows against grids of allocations and finite
// differences.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "motley/redesign/fleet/gain.hpp"
#include "problems.hpp"

namespace motley::fleet {
namespace {

/// Two classes and two engines: the small one is fast and worse.
Problem engines_of_quality(Workflow::Quality combine, double least) {
    Problem problem{
        .tasks = {{"plan", 1.0}, {"read", 6.0}},
        .devices = {{.name = "frontier", .price = 10.0}, {.name = "small", .price = 1.0}},
        .rates = {1.0, 2.0, 3.0, 5.0}};
    problem.qualities = {0.95, 0.97, 0.70, 0.92};
    problem.workflows = {{.counts = {1.0, 3.0}, .combine = combine, .least_quality = least}};
    return problem;
}

double end_quality(const Problem& problem, double first, double second) {
    // The share of each class that the first engine serves.
    const double plan = first * problem.quality(0, 0) + (1.0 - first) * problem.quality(1, 0);
    const double read = second * problem.quality(0, 1) + (1.0 - second) * problem.quality(1, 1);
    const bool mean = problem.workflows[0].combine == Workflow::Quality::mean;
    return mean ? (plan + 3.0 * read) / 4.0 : plan * std::pow(read, 3.0);
}

/// Calls `visit` with all pairs of shares on a grid.
void every_mix_of_engines(const auto& visit) {
    constexpr int steps = 2000;
    for (int i = 0; i <= steps; ++i) {
        for (int j = 0; j <= steps; ++j) visit(i / double{steps}, j / double{steps});
    }
}

TEST(Qualities, FluidPricesKeepThem) {
    // A mean of 0.9 over one plan and three reads, at 10 or 1/3 $ a plan, 5 or 1/5 $ a read. The
    // small engine alone reaches (0.70 + 3 x 0.92) / 4 = 0.865. What lacks, 0.14 over the four, is
    // bought at (10 - 1/3) / 0.25 per unit of quality for plans, (5 - 1/5) / 0.05 for reads.
    const Problem problem = engines_of_quality(Workflow::Quality::mean, 0.9);
    const FluidPrices fluid = fluid_prices(problem);
    const double share = 0.14 / 0.25;
    EXPECT_NEAR(fluid.mixed, share * 10.0 + (1.0 - share) / 3.0 + 6.0 / 5.0, 1e-9);
    EXPECT_NEAR(fluid.homogeneous, 10.0 + 6.0 * 5.0, 1e-9);  // the small one alone does not do it
    EXPECT_NEAR(fluid_prices(engines_of_quality(Workflow::Quality::mean, 0.86)).homogeneous,
                1.0 / 3.0 + 6.0 / 5.0, 1e-9);
}

TEST(Qualities, AnEngineBelowTheLeastQualityCannotServe) {
    Problem problem = engines_of_quality(Workflow::Quality::mean, 0.0);
    const Fleet fleet = {3.0, 4.0};
    problem.tasks[0].least_quality = 0.9;
    Problem without = problem;
    without.rate(1, 0) = 0.0;
    without.tasks[0].least_quality = 0.0;
    EXPECT_EQ(best_throughput(problem, fleet).theta, best_throughput(without, fleet).theta);
    EXPECT_EQ(cheapest_fluid(problem).price, cheapest_fluid(without).price);
    problem.tasks[0].least_quality = 0.99;
    EXPECT_EQ(best_throughput(problem, fleet).bottleneck, 0);
}

TEST(Qualities, ThroughputOfAWorkflowAsOnAGrid) {
    for (const auto combine : {Workflow::Quality::mean, Workflow::Quality::product}) {
        const double least = combine == Workflow::Quality::mean ? 0.92 : 0.75;
        const Problem problem = engines_of_quality(combine, least);
        const Fleet fleet = {2.0, 3.0};
        double best = 0.0;
        every_mix_of_engines([&](double first, double second) {
            if (end_quality(problem, first, second) < least) return;
            const double frontier = first * 1.0 / 1.0 + second * 6.0 / 2.0;
            const double small = (1.0 - first) * 1.0 / 3.0 + (1.0 - second) * 6.0 / 5.0;
            best = std::max(best, 1.0 / std::max(frontier / 2.0, small / 3.0));
        });
        const Throughput now = best_throughput(problem, fleet);
        EXPECT_GE(now.theta, best * (1.0 - 1e-9));
        EXPECT_NEAR(now.theta, best, 2e-3 * best);
        const auto share = [&](std::size_t k) {
            const double a = now.allocated(0, k, 2) * problem.rate(0, k);
            return a / (a + now.allocated(1, k, 2) * problem.rate(1, k));
        };
        EXPECT_NEAR(end_quality(problem, share(0), share(1)), least, 1e-8);
        EXPECT_LT(now.theta, best_throughput(engines_of_quality(combine, 0.0), fleet).theta);
    }
}

TEST(Qualities, TaskPricesAreDerivativesByTheDemand) {
    for (const auto combine : {Workflow::Quality::mean, Workflow::Quality::product}) {
        const Problem problem =
            engines_of_quality(combine, combine == Workflow::Quality::mean ? 0.92 : 0.75);
        const Fleet fleet = {2.0, 3.0};
        const Throughput now = best_throughput(problem, fleet);
        for (std::size_t k = 0; k < 2; ++k) {
            Problem more = problem, less = problem;
            more.tasks[k].demand *= 1.001;
            less.tasks[k].demand *= 0.999;
            const double slope = (std::log(best_throughput(more, fleet).theta) -
                                  std::log(best_throughput(less, fleet).theta)) /
                                 0.002;
            EXPECT_NEAR(now.task_prices[k], -slope, 1e-5);
        }
        for (std::size_t d = 0; d < 2; ++d) {
            Fleet more = fleet, less = fleet;
            more[d] += 1e-4;
            less[d] -= 1e-4;
            const double slope =
                (best_throughput(problem, more).theta - best_throughput(problem, less).theta) /
                2e-4;
            EXPECT_NEAR(now.device_worth[d], slope, 1e-5);
        }
    }
}

TEST(Qualities, TheCheapestFluidFleetAsOnAGrid) {
    for (const auto combine : {Workflow::Quality::mean, Workflow::Quality::product}) {
        const double least = combine == Workflow::Quality::mean ? 0.92 : 0.75;
        const Problem problem = engines_of_quality(combine, least);
        double best = unlimited;
        every_mix_of_engines([&](double first, double second) {
            if (end_quality(problem, first, second) < least) return;
            const double frontier = first * 1.0 / 1.0 + second * 6.0 / 2.0;
            const double small = (1.0 - first) * 1.0 / 3.0 + (1.0 - second) * 6.0 / 5.0;
            best = std::min(best, 10.0 * frontier + small);
        });
        const Purchase bought = search(problem, {.integer = false});
        ASSERT_TRUE(bought.proved());
        EXPECT_LE(bought.value, best * (1.0 + 1e-9));
        EXPECT_NEAR(bought.value, best, 2e-3 * best);
        EXPECT_NEAR(best_throughput(problem, bought.fleet).theta, 1.0, 1e-8);
    }
}

TEST(Qualities, TheCheapestFleetAsByExhaustiveSearch) {
    for (std::uint64_t id = 0; id < 6; ++id) {
        Problem problem = random_problem(3, 3, id, 4.0);
        const Random random(5, Stream::test, id);
        for (std::uint32_t i = 0; i < 9; ++i) {
            problem.qualities.push_back(0.6 + 0.4 * random.uniform(i));
        }
        problem.workflows = {
            {.counts = {1.0, 2.0, 0.0}, .least_quality = 0.55},
            {.counts = {1.0, 0.0, 3.0}, .combine = Workflow::Quality::mean, .least_quality = 0.8}};
        double least = unlimited;
        every_fleet(problem, 8, [&](const Fleet& fleet) {
            if (price_of(problem, fleet) >= least) return;
            if (best_throughput(problem, fleet).theta >= 1.0 - 1e-9) {
                least = price_of(problem, fleet);
            }
        });
        const Purchase bought = search(problem, {.most = nodes(problem, 8)});
        EXPECT_EQ(bought.found, std::isfinite(least)) << id;
        if (bought.found) {
            EXPECT_NEAR(bought.value, least, 1e-9 * least) << id;
        }
    }
}

TEST(Qualities, SayWhichConditionCannotBeMet) {
    const Problem problem = engines_of_quality(Workflow::Quality::mean, 0.99);
    const Purchase bought = search(problem, {});
    EXPECT_EQ(bought.status, programme::SolverStatus::infeasible);
    ASSERT_FALSE(bought.causes.empty());
    bool named = false;
    for (const auto& cause : bought.causes) {
        named |= cause == "the quality of workflow 1 is at least 0.99";
    }
    EXPECT_TRUE(named);
    EXPECT_EQ(best_throughput(problem, Fleet{2.0, 3.0}).theta, 0.0);
}

}  // namespace
}  // namespace motley::fleet

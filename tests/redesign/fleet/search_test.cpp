// Fleets of whole nodes against exhaustive search, and the causes where there is none.
#include <gtest/gtest.h>

#include <chrono>
#include <cmath>

#include "motley/redesign/fleet/losses.hpp"
#include "problems.hpp"

namespace motley::fleet {
namespace {

double seconds_of(const auto& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

TEST(Search, TwentyTypesThirtyClassesThousandsOfDevicesAreProved) {
    for (std::uint64_t id = 0; id < 3; ++id) {
        const Problem problem = random_problem(20, 30, id, 100.0);
        Purchase bought;
        const double seconds = seconds_of([&] { bought = search(problem, {.seconds = 30.0}); });
        double devices = 0.0;
        for (const double each : bought.fleet) devices += each;
        EXPECT_TRUE(bought.proved());
        EXPECT_EQ(bought.gap, 0.0);
        EXPECT_GT(devices, 1000.0);
        EXPECT_GE(bought.value, cheapest_fluid(problem).price);
        EXPECT_GE(best_throughput(problem, bought.fleet).theta, 1.0 - 1e-9);
        EXPECT_LT(seconds, 10.0);
    }
}

TEST(Search, TheCheapestFleetAsByExhaustiveSearch) {
    for (std::uint64_t id = 0; id < 15; ++id) {
        const Problem problem = random_problem(3, 3, id, 4.0);
        double least = unlimited;
        every_fleet(problem, 12, [&](const Fleet& fleet) {
            if (price_of(problem, fleet) < least &&
                best_throughput(problem, fleet).theta >= 1.0 - 1e-9) {
                least = price_of(problem, fleet);
            }
        });
        const Purchase bought = search(problem, {.most = nodes(problem, 12)});
        ASSERT_TRUE(bought.proved());
        EXPECT_NEAR(bought.value, least, 1e-9 * least);
    }
}

TEST(Search, TheMostWithinABudgetAsByExhaustiveSearch) {
    for (std::uint64_t id = 0; id < 10; ++id) {
        const Problem problem = random_problem(3, 2, id, 4.0);
        const Budget budget{.price = 30.0, .power = 20000.0, .devices = 40.0};
        double most = 0.0;
        every_fleet(problem, 10, [&](const Fleet& fleet) {
            if (!within(problem, fleet, budget)) return;
            most = std::max(most, best_throughput(problem, fleet).theta);
        });
        const SearchOptions options{
            .budget = budget, .objective = Objective::throughput, .most = nodes(problem, 10)};
        const Purchase bought = search(problem, options);
        ASSERT_TRUE(bought.proved());
        EXPECT_TRUE(within(problem, bought.fleet, budget));
        EXPECT_NEAR(bought.value, most, 1e-8 * most);
    }
}

TEST(Search, OneTypeByArithmeticAsByProgramme) {
    for (std::uint64_t id = 0; id < 10; ++id) {
        const Problem problem = random_problem(4, 3, id, 20.0);
        for (const Objective objective : {Objective::cost, Objective::throughput}) {
            SearchOptions options{.objective = objective};
            if (objective == Objective::throughput) options.budget.price = 100.0;
            const Homogeneous one = search_homogeneous(problem, options);
            double best = objective == Objective::cost ? unlimited : 0.0;
            for (std::size_t d = 0; d < 4; ++d) {
                options.most.assign(4, 0.0);
                options.most[d] = 1e6;
                const Purchase bought = search(problem, options);
                if (!bought.found) continue;
                best = objective == Objective::cost ? std::min(best, bought.value)
                                                    : std::max(best, bought.value);
            }
            EXPECT_NEAR(objective == Objective::cost ? one.price : one.theta, best, 1e-8 * best);
        }
    }
}

TEST(Search, SaysWhichLimitsExcludeEachOther) {
    Problem problem = random_problem(2, 2, 1, 50.0);
    problem.devices[0].available = 0.0;
    SearchOptions options{.budget = {.price = 0.5}};
    const Purchase bought = search(problem, options);
    EXPECT_EQ(bought.status, programme::SolverStatus::infeasible);
    EXPECT_FALSE(bought.found);
    ASSERT_GE(bought.causes.size(), 2u);
    EXPECT_NE(bought.causes[0].find("the demand of 't"), std::string::npos) << bought.causes[0];
    bool budget = false;
    for (const auto& cause : bought.causes) budget |= cause == "the budget is 0.5 per hour";
    EXPECT_TRUE(budget);
}

TEST(Search, KeepsWhatIsThere) {
    const Problem problem = random_problem(3, 3, 2, 20.0);
    Fleet least(3, 0.0);
    least[2] = 4.0 * static_cast<double>(problem.devices[2].node_size);
    const Purchase bought = search(problem, {.least = least});
    ASSERT_TRUE(bought.proved());
    EXPECT_GE(bought.fleet[2], least[2]);
    EXPECT_GE(bought.value, search(problem, {}).value);
}

TEST(Spare, OneNodeMoreThanNeededAsByExhaustiveSearch) {
    for (std::uint64_t id = 0; id < 8; ++id) {
        const Problem problem = random_problem(3, 2, id, 3.0);
        double least = unlimited;
        every_fleet(problem, 9, [&](const Fleet& fleet) {
            if (price_of(problem, fleet) >= least || types_in(fleet) == 0) return;
            const Throughput whole = best_throughput(problem, fleet);
            if (whole.theta < 1.0 - 1e-9) return;
            if (n_minus_1(problem, fleet, whole).node.theta >= 1.0 - 1e-9) {
                least = price_of(problem, fleet);
            }
        });
        const Purchase bought = search_with_spare(problem, {.most = nodes(problem, 9)});
        ASSERT_TRUE(bought.proved());
        EXPECT_NEAR(bought.value, least, 1e-9 * least);
    }
}

}  // namespace
}  // namespace motley::fleet

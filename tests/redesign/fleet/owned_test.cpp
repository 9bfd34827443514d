// Owned devices, new types in stock, racks and factors of the demand.
#include <gtest/gtest.h>

#include <cmath>

#include "motley/redesign/fleet/losses.hpp"
#include "problems.hpp"

namespace motley::fleet {
namespace {

/// Prefill and decode on two types, of which 100 h100 are there.
Problem brownfield(double demand) {
    return {.tasks = {{"prefill", demand}, {"decode", demand}},
            .devices = {{.name = "h100", .price = 3.0, .owned = 100.0},
                        {.name = "mi300x", .price = 2.0}},
            .rates = {12.0, 8.0, 8.0, 11.0}};
}

TEST(Owned, ThePriceIsWhatIsBoughtAndWhatIsNotSold) {
    Problem problem = brownfield(500.0);
    problem.devices[0].resale = 0.5;
    EXPECT_EQ(price_of(problem, Fleet{80.0, 0.0}), 40.0);
    EXPECT_EQ(price_of(problem, Fleet{120.0, 10.0}), 50.0 + 60.0 + 20.0);
}

TEST(Owned, NothingIsSoldThatBringsNothing) {
    for (const double demand : {100.0, 500.0, 1000.0, 3000.0}) {
        for (const bool integer : {true, false}) {
            const Problem problem = brownfield(demand);
            const Purchase bought = search(problem, {.integer = integer});
            ASSERT_TRUE(bought.proved());
            EXPECT_GE(bought.fleet[0], 100.0 - 1e-9);
            EXPECT_GE(best_throughput(problem, bought.fleet).theta, 1.0 - 1e-9);
        }
    }
    const Purchase limited = search(brownfield(100.0), {.budget = {.devices = 60.0}});
    EXPECT_EQ(limited.fleet[0] + limited.fleet[1], 60.0);
}

TEST(Owned, TheCheapestFleetAsByExhaustiveSearch) {
    for (std::uint64_t id = 0; id < 10; ++id) {
        Problem problem = random_problem(3, 3, id, 4.0);
        problem.devices[0].owned = 5.0;
        problem.devices[0].resale = 0.3 * problem.devices[0].price;
        problem.devices[1].owned = 9.0;
        problem.devices[2].keep = static_cast<double>(problem.devices[2].node_size);
        double least = unlimited, spare = unlimited;
        every_fleet(problem, 9, [&](const Fleet& fleet) {
            const double price = price_of(problem, fleet);
            if (fleet[2] < problem.devices[2].keep || price >= std::max(least, spare)) return;
            const Throughput whole = best_throughput(problem, fleet);
            if (whole.theta < 1.0 - 1e-9) return;
            least = std::min(least, price);
            if (price < spare && n_minus_1(problem, fleet, whole).node.theta >= 1.0 - 1e-9) {
                spare = price;
            }
        });
        const Purchase bought = search(problem, {.most = nodes(problem, 9)});
        ASSERT_TRUE(bought.proved());
        EXPECT_NEAR(bought.value, least, 1e-9 * least);
        EXPECT_NEAR(price_of(problem, bought.fleet), least, 1e-9 * least);
        const Purchase safe = search_with_spare(problem, {.most = nodes(problem, 9)});
        ASSERT_TRUE(safe.proved());
        EXPECT_NEAR(safe.value, spare, 1e-9 * spare);
    }
}

TEST(Owned, ABudgetPaysForWhatIsBought) {
    const Problem problem = brownfield(1000.0);
    const SearchOptions options{.budget = {.price = 50.0}, .objective = Objective::throughput};
    const Purchase bought = search(problem, options);
    ASSERT_TRUE(bought.proved());
    EXPECT_LE(price_of(problem, bought.fleet), 50.0 + 1e-9);
    double best = 0.0;
    for (double h100 = 100.0; h100 <= 116.0; ++h100) {
        for (double mi300x = 0.0; 3.0 * (h100 - 100.0) + 2.0 * mi300x <= 50.0; ++mi300x) {
            best = std::max(best, best_throughput(problem, Fleet{h100, mi300x}).theta);
        }
    }
    EXPECT_NEAR(bought.value, best, 1e-8);
    EXPECT_EQ(search_homogeneous(problem, options).devices, 116.0);
}

TEST(NewTypes, AreBoughtOnlyWhereTheyPayForTheirStock) {
    const Problem problem{
        .tasks = {{"chat", 1000.0}},
        .devices = {{.name = "h100", .price = 3.0}, {.name = "mi300x", .price = 2.9}},
        .rates = {10.0, 10.0}};
    SearchOptions options{.stocked = {true, false}};
    EXPECT_EQ(search(problem, options).fleet, (Fleet{0.0, 100.0}));
    options.type_cost = 1000.0;
    EXPECT_EQ(search(problem, options).fleet, (Fleet{100.0, 0.0}));
    EXPECT_EQ(search_homogeneous(problem, options).type, 0);
    options.type_cost = 9.0;  // of the 10 that the other type saves
    const Purchase bought = search(problem, options);
    EXPECT_EQ(bought.fleet, (Fleet{0.0, 100.0}));
    EXPECT_NEAR(bought.value, 299.0, 1e-9);
    EXPECT_EQ(search_homogeneous(problem, options).type, 1);
}

TEST(NewTypes, AsByExhaustiveSearch) {
    for (std::uint64_t id = 0; id < 8; ++id) {
        const Problem problem = random_problem(3, 3, id, 4.0);
        SearchOptions options{.most = nodes(problem, 9), .stocked = {false, true, false}};
        options.type_cost = 3.0;
        double least = unlimited;
        every_fleet(problem, 9, [&](const Fleet& fleet) {
            const double price = price_of(problem, fleet) + (fleet[0] > 0.0 ? 3.0 : 0.0) +
                                 (fleet[2] > 0.0 ? 3.0 : 0.0);
            if (price < least && best_throughput(problem, fleet).theta >= 1.0 - 1e-9) least = price;
        });
        const Purchase bought = search(problem, options);
        ASSERT_TRUE(bought.proved());
        EXPECT_NEAR(bought.value, least, 1e-9 * least);
    }
}

TEST(Racks, AreABudget) {
    Problem problem = random_problem(2, 2, 3, 20.0);
    for (Device& device : problem.devices) device.rack_units = 2.0;
    const Purchase bought = search(problem, {});
    const double used = rack_units(problem, bought.fleet);
    EXPECT_EQ(used, 2.0 * (bought.fleet[0] + bought.fleet[1]));
    EXPECT_TRUE(within(problem, bought.fleet, {.rack_units = used}));
    EXPECT_FALSE(within(problem, bought.fleet, {.rack_units = used - 1.0}));
    const Purchase none = search(problem, {.budget = {.rack_units = 3.0}});
    EXPECT_FALSE(none.found);
    bool named = false;
    for (const auto& cause : none.causes) named |= cause == "the budget is 3 rack units";
    EXPECT_TRUE(named);
}

TEST(DemandFactor, IsTheSearchForThatDemand) {
    const Problem problem = random_problem(4, 3, 6, 10.0);
    const SearchOptions more{.demand_factor = {2.0, 1.0, 0.5}};
    const Problem changed = with_demand(problem, more);
    EXPECT_EQ(changed.tasks[0].demand, 2.0 * problem.tasks[0].demand);
    EXPECT_EQ(search(problem, more).fleet, search(changed, {}).fleet);
    EXPECT_EQ(search_with_spare(problem, more).fleet, search_with_spare(changed, {}).fleet);
    EXPECT_EQ(search_homogeneous(problem, more).price, search_homogeneous(changed, {}).price);
}

}  // namespace
}  // namespace motley::fleet

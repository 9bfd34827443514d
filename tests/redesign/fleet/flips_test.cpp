// Flips: the cheapest contender is another one on the two sides.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "motley/redesign/fleet/gain.hpp"
#include "problems.hpp"

namespace motley::fleet {
namespace {

/// The name of the cheapest contender.
std::string best_name(const Problem& problem, const std::vector<Contender>& contenders,
                      Surplus surplus) {
    std::size_t best = 0;
    for (std::size_t c = 1; c < contenders.size(); ++c) {
        if (price_to_serve(problem, contenders[c], surplus) <
            price_to_serve(problem, contenders[best], surplus)) {
            best = c;
        }
    }
    return contenders[best].name;
}

std::vector<Contender> contenders_of(const Problem& problem) {
    std::vector<Contender> out = {{"mixed", Fleet(problem.types(), 6.0)}};
    for (std::size_t d = 0; d < problem.types(); ++d) {
        Fleet one(problem.types(), 0.0);
        one[d] = devices_for_demand(problem, d);
        out.push_back({"only " + problem.devices[d].name, one, true});
    }
    return out;
}

TEST(Flips, WhatIsPaidBesideTheDevicesCounts) {
    Problem problem;
    problem.tasks = {{"work", 1.0}};
    problem.devices = {{"a", 1.0}, {"b", 5.0}};
    problem.rates = {1.0, 1.0};
    const std::vector<Contender> contenders = {{"a", {1.0, 0.0}, false, 2.0}, {"b", {0.0, 1.0}}};
    EXPECT_EQ(price_to_serve(problem, contenders[0], Surplus::worthless), 3.0);
    const auto all = flips(problem, contenders, 0, Surplus::worthless);
    const auto found = std::ranges::find_if(
        all, [](const Flip& f) { return f.parameter == Parameter::price && f.index == 0; });
    ASSERT_NE(found, all.end());
    EXPECT_NEAR(found->at, 3.0, 1e-9);  // + 2 = 5
    EXPECT_EQ(found->becomes, "b");
}

TEST(Flips, SolvingOnBothSidesFindsAnotherWinner) {
    int seen = 0;
    for (std::uint64_t id = 0; id < 12; ++id) {
        for (const Surplus surplus : {Surplus::useful, Surplus::worthless}) {
            const Problem problem = random_problem(3, 3, id, 8.0);
            const auto contenders = contenders_of(problem);
            const std::string now = best_name(problem, contenders, surplus);
            for (const Flip& flip : flips(problem, contenders, 0, surplus)) {
                const auto index = static_cast<std::size_t>(flip.index);
                const auto winner_at = [&](double value) {
                    Problem changed = problem;
                    (flip.parameter == Parameter::price ? changed.devices[index].price
                                                        : changed.tasks[index].demand) = value;
                    return best_name(changed, contenders, surplus);
                };
                const double outwards = flip.at > flip.nominal ? 1e-6 : -1e-6;
                const std::string inside = winner_at(flip.at * (1.0 - outwards));
                const std::string outside = winner_at(flip.at * (1.0 + outwards));
                EXPECT_EQ(inside == "mixed", now == "mixed");
                EXPECT_NE(outside == "mixed", now == "mixed");
                EXPECT_EQ(outside, flip.becomes == "itself" ? "mixed" : flip.becomes);
                ++seen;
            }
        }
    }
    EXPECT_GT(seen, 30);
}

TEST(Flips, NoWinnerChangesBetweenNowAndTheFlip) {
    const Problem problem = random_problem(3, 3, 3, 8.0);
    const auto contenders = contenders_of(problem);
    const bool leads = best_name(problem, contenders, Surplus::useful) == "mixed";
    for (std::size_t d = 0; d < 3; ++d) {
        double low = problem.devices[d].price / 100.0, high = problem.devices[d].price * 100.0;
        for (const Flip& flip : flips(problem, contenders, 0, Surplus::useful)) {
            if (flip.parameter != Parameter::price || flip.index != static_cast<int>(d)) continue;
            (flip.at < flip.nominal ? low : high) = flip.at;
        }
        for (int i = 1; i < 200; ++i) {
            Problem changed = problem;
            changed.devices[d].price = low * std::pow(high / low, i / 200.0);
            EXPECT_EQ(best_name(changed, contenders, Surplus::useful) == "mixed", leads);
        }
    }
}

TEST(Flips, OfAParameterDoNotDependOnTheParametersBefore) {
    Problem problem = random_problem(4, 5, 7, 8.0);
    problem.tasks[1].max_devices = 9.0;
    std::vector<Contender> contenders = contenders_of(problem);
    contenders.push_back({"other", {2.0, 9.0, 3.0, 8.0}});
    FlipFinder finder(problem, contenders, Surplus::worthless);
    std::size_t seen = 0;
    for (const Parameter parameter : {Parameter::demand, Parameter::price}) {
        for (std::size_t i = 4; i-- > 0;) {
            const auto all = finder.of(parameter, i);
            const auto alone = flips_of(problem, contenders, Surplus::worthless, parameter, i);
            ASSERT_EQ(all.size(), contenders.size());
            for (std::size_t c = 0; c < all.size(); ++c) {
                ASSERT_EQ(all[c].size(), alone[c].size());
                for (std::size_t f = 0; f < all[c].size(); ++f, ++seen) {
                    EXPECT_EQ(all[c][f].at, alone[c][f].at);
                    EXPECT_EQ(all[c][f].becomes, alone[c][f].becomes);
                    EXPECT_LE(std::abs(std::log(all[c][f].at / all[c][f].nominal)),
                              std::log(10.0) + 1e-9);
                }
            }
        }
    }
    EXPECT_GT(seen, 5u);
}

TEST(Flips, OwnedDevicesHaveNoPrice) {
    Problem problem{
        .tasks = {{"work", 1.0}},
        .devices = {{.name = "a", .price = 2.0, .owned = 1.0}, {.name = "b", .price = 1.0}},
        .rates = {1.0, 1.0}};
    const std::vector<Contender> contenders = {{"a", {1.0, 0.0}}, {"b", {0.0, 1.0}}};
    EXPECT_TRUE(flips_of(problem, contenders, Surplus::worthless, Parameter::price, 0)[0].empty());
    problem.devices[0].owned = 0.0;
    const auto flips = flips_of(problem, contenders, Surplus::worthless, Parameter::price, 0)[0];
    ASSERT_EQ(flips.size(), 1u);
    EXPECT_NEAR(flips[0].at, 1.0, 1e-12);
    EXPECT_EQ(flips[0].becomes, "itself");
}

TEST(PriceRange, TheCheapestFleetChangesExactlyThere) {
    for (std::uint64_t id = 0; id < 6; ++id) {
        const Problem problem = random_problem(4, 3, id, 15.0);
        const SearchOptions options;
        const Purchase bought = search(problem, options);
        ASSERT_TRUE(bought.proved());
        for (std::size_t d = 0; d < 4; ++d) {
            const PriceRange range = price_range(problem, bought, d, options);
            EXPECT_TRUE(range.proved);
            EXPECT_LE(range.low, problem.devices[d].price);
            EXPECT_GE(range.high, problem.devices[d].price);
            const auto gap_at = [&](double price) {
                Problem changed = problem;
                changed.devices[d].price = price;
                return price_of(changed, bought.fleet) / search(changed, options).value - 1.0;
            };
            if (!range.above.empty()) {
                EXPECT_NEAR(gap_at(range.high * (1.0 - 1e-4)), 0.0, 1e-9);
                EXPECT_GT(gap_at(range.high * (1.0 + 1e-3)), 1e-9);
            }
            if (!range.below.empty()) {
                EXPECT_NEAR(gap_at(range.low * (1.0 + 1e-4)), 0.0, 1e-9);
                EXPECT_GT(gap_at(range.low * (1.0 - 1e-3)), 1e-9);
            }
        }
    }
}

TEST(Kinks, OfAMaximumOfLines) {
    const auto lines = [](double x) {
        const std::vector<Tangent> all = {{1.0, 0.0}, {x, 1.0}, {3.0 * x - 6.0, 3.0}};
        return *std::ranges::max_element(all, {}, &Tangent::value);
    };
    const auto found = kinks(lines, 0.0, 10.0);
    const auto has = [&](double x) {
        return std::ranges::any_of(found, [&](double y) { return std::abs(x - y) < 1e-12; });
    };
    EXPECT_TRUE(has(0.0) && has(1.0) && has(3.0) && has(10.0));
}

}  // namespace
}  // namespace motley::fleet

// Linear and integer programmes against known optima, finite differences and exhaustive search.
#include "motley/redesign/programme/programme.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>

#include "motley/core/error.hpp"
#include "motley/core/random.hpp"

namespace motley::programme {
namespace {

/// The brewery: max 13 a + 23 b with corn, hops and malt; optimum 800 at (12, 28).
Programme brewery() {
    Programme programme{.sense = Sense::maximise};
    programme.variables = {{.cost = 13.0, .name = "ale"}, {.cost = 23.0, .name = "beer"}};
    programme.rows = {{.high = 480.0, .terms = {{0, 5.0}, {1, 15.0}}, .name = "corn"},
                      {.high = 160.0, .terms = {{0, 4.0}, {1, 4.0}}, .name = "hops"},
                      {.high = 1190.0, .terms = {{0, 35.0}, {1, 20.0}}, .name = "malt"}};
    return programme;
}

/// A feasible, bounded, not degenerate programme of random numbers.
Programme random_programme(std::uint64_t id, Sense sense) {
    const Random random(7, Stream::test, id);
    std::uint32_t counter = 0;
    const auto draw = [&] { return random.uniform(counter++); };
    Programme programme{.sense = sense};
    const double sign = sense == Sense::minimise ? 1.0 : -1.0;
    for (int v = 0; v < 8; ++v) {
        programme.add(
            ProgrammeVariable{.low = 0.0, .high = 5.0 + draw(), .cost = sign * (1.0 + draw())});
    }
    for (int r = 0; r < 5; ++r) {
        Row row{.low = 2.0 + draw()};
        for (int v = 0; v < 8; ++v) row.terms.push_back({v, 0.1 + draw()});
        programme.add(row);
    }
    return programme;
}

TEST(Linear, KnownOptimumWithItsPrices) {
    const ProgrammeSolution solution = solve(brewery());
    ASSERT_EQ(solution.status, SolverStatus::optimal);
    EXPECT_NEAR(solution.objective, 800.0, 1e-9);
    EXPECT_NEAR(solution.values[0], 12.0, 1e-9);
    EXPECT_NEAR(solution.values[1], 28.0, 1e-9);
    EXPECT_NEAR(solution.duals[0], 1.0, 1e-9);
    EXPECT_NEAR(solution.duals[1], 2.0, 1e-9);
    EXPECT_NEAR(solution.duals[2], 0.0, 1e-9);
    EXPECT_EQ(solution.gap, 0.0);
    EXPECT_EQ(solution.bound, solution.objective);
}

TEST(Linear, DualsAreDerivativesByTheLimits) {
    for (const Sense sense : {Sense::minimise, Sense::maximise}) {
        for (std::uint64_t id = 0; id < 20; ++id) {
            const Programme programme = random_programme(id, sense);
            const ProgrammeSolution solution = solve(programme);
            ASSERT_TRUE(solution.optimal());
            constexpr double step = 1e-6;
            for (std::size_t r = 0; r < programme.rows.size(); ++r) {
                Programme more = programme, less = programme;
                more.rows[r].low += step;
                less.rows[r].low -= step;
                const double slope = (solve(more).objective - solve(less).objective) / (2 * step);
                EXPECT_NEAR(solution.duals[r], slope, 1e-6);
            }
        }
    }
}

TEST(Linear, ReducedCostsAreDerivativesByTheVariables) {
    for (const Sense sense : {Sense::minimise, Sense::maximise}) {
        for (std::uint64_t id = 0; id < 20; ++id) {
            const Programme programme = random_programme(id, sense);
            const ProgrammeSolution solution = solve(programme);
            ASSERT_TRUE(solution.optimal());
            constexpr double step = 1e-6;
            for (std::size_t v = 0; v < programme.variables.size(); ++v) {
                if (std::abs(solution.reduced_costs[v]) < 1e-9) continue;  // basic
                Programme moved = programme;
                moved.variables[v].low = moved.variables[v].high = solution.values[v] + step;
                const double slope = (solve(moved).objective - solution.objective) / step;
                EXPECT_NEAR(solution.reduced_costs[v], slope, 1e-5);
            }
        }
    }
}

TEST(Linear, StrongDuality) {
    const Programme programme = brewery();
    const ProgrammeSolution solution = solve(programme);
    double dual = 0.0;
    for (std::size_t r = 0; r < 3; ++r) dual += solution.duals[r] * programme.rows[r].high;
    EXPECT_NEAR(dual, solution.objective, 1e-9);
}

TEST(Linear, SaysUnboundedAndInfeasible) {
    Programme unbounded{.sense = Sense::maximise};
    unbounded.add(ProgrammeVariable{.cost = 1.0});
    unbounded.add(ProgrammeVariable{.cost = 1.0});
    unbounded.add(Row{.high = 1.0, .terms = {{0, 1.0}, {1, -1.0}}});
    const ProgrammeSolution none = solve(unbounded);
    EXPECT_EQ(none.status, SolverStatus::unbounded);
    EXPECT_FALSE(none.found);
    EXPECT_TRUE(std::isnan(none.objective));

    Programme infeasible = brewery();
    infeasible.rows[0].low = 601.0;
    infeasible.rows[0].high = infinity;
    EXPECT_EQ(solve(infeasible).status, SolverStatus::infeasible);
    infeasible.variables[0].integer = true;
    EXPECT_EQ(solve(infeasible).status, SolverStatus::infeasible);
}

TEST(Linear, NumbersThatAreNoneAreAnInternalError) {
    Programme programme = brewery();
    programme.rows[0].terms[0].variable = 2;
    EXPECT_THROW(solve(programme), Error);
    programme = brewery();
    programme.variables[0].cost = unknown;
    EXPECT_THROW(solve(programme), Error);
}

TEST(LinearSolver, AgreesWithFreshSolutionsAfterEveryChange) {
    Programme programme = random_programme(3, Sense::minimise);
    LinearSolver solver(programme);
    solver.solve();
    solver.remember();
    const Programme remembered = programme;
    for (std::uint32_t i = 0; i < 30; ++i) {
        const Random random(11, Stream::test, i);
        if (i % 3 == 0) {
            solver.restart();
            programme = remembered;
        }
        const auto v = static_cast<int>(random.below(8, 0));
        const auto r = static_cast<int>(random.below(5, 1));
        programme.variables[static_cast<std::size_t>(v)].cost = 1.0 + random.uniform(2);
        programme.rows[static_cast<std::size_t>(r)].low = 1.0 + 3.0 * random.uniform(3);
        programme.rows[static_cast<std::size_t>(r)].terms[2].coefficient = random.uniform(4);
        programme.variables[static_cast<std::size_t>(v)].high = 4.0 + random.uniform(5);
        solver.set_cost(v, programme.variables[static_cast<std::size_t>(v)].cost);
        solver.set_bounds(v, 0.0, programme.variables[static_cast<std::size_t>(v)].high);
        solver.set_limits(r, programme.rows[static_cast<std::size_t>(r)].low, infinity);
        solver.set_coefficient(r, 2,
                               programme.rows[static_cast<std::size_t>(r)].terms[2].coefficient);
        EXPECT_NEAR(solver.solve().objective, solve(programme).objective, 1e-9);
    }
}

/// max value within the weight; items are taken or not.
Programme knapsack(std::uint64_t id, int items) {
    const Random random(5, Stream::test, id);
    Programme programme{.sense = Sense::maximise};
    Row row{.high = 0.0, .name = "weight"};
    for (int i = 0; i < items; ++i) {
        const auto at = static_cast<std::uint32_t>(i);
        const double weight = 10.0 + static_cast<double>(random.below(90, 2 * at));
        const double value = weight + static_cast<double>(random.below(20, 2 * at + 1));
        programme.add(ProgrammeVariable{.high = 1.0, .cost = value, .integer = true});
        row.terms.push_back({i, weight});
        row.high += weight / 2.0;
    }
    programme.add(row);
    return programme;
}

double best_by_hand(const Programme& programme) {
    const auto capacity = static_cast<std::size_t>(programme.rows[0].high);
    std::vector<double> best(capacity + 1, 0.0);
    for (std::size_t i = 0; i < programme.variables.size(); ++i) {
        const auto weight = static_cast<std::size_t>(programme.rows[0].terms[i].coefficient);
        for (std::size_t c = capacity; c >= weight; --c) {
            best[c] = std::max(best[c], best[c - weight] + programme.variables[i].cost);
        }
    }
    return best[capacity];
}

TEST(Integer, KnapsacksAsByDynamicProgramming) {
    for (std::uint64_t id = 0; id < 10; ++id) {
        const Programme programme = knapsack(id, 40);
        const ProgrammeSolution solution = solve(programme);
        ASSERT_EQ(solution.status, SolverStatus::optimal);
        EXPECT_NEAR(solution.objective, best_by_hand(programme), 1e-9);
        EXPECT_EQ(solution.gap, 0.0);
        EXPECT_TRUE(solution.duals.empty());
        for (const double value : solution.values) EXPECT_EQ(value, std::round(value));
    }
}

TEST(Integer, TheRelaxationMayBeFeasibleWhereNoIntegerIs) {
    Programme programme;
    programme.add(ProgrammeVariable{.high = 10.0, .cost = 1.0, .integer = true, .name = "x"});
    programme.add(Row{.low = 0.4, .high = 0.6, .terms = {{0, 1.0}}, .name = "half"});
    EXPECT_EQ(solve(programme).status, SolverStatus::infeasible);
}

/// 50 rows on 50 items, whose proof takes far longer than the limit (Cornuejols, Dawande 1998).
Programme market_split() {
    Programme programme;
    constexpr int products = 6, retailers = 50;
    for (int v = 0; v < retailers; ++v)
        programme.add(ProgrammeVariable{.high = 1.0, .integer = true});
    for (int r = 0; r < products; ++r) {
        const Random random(9, Stream::test, static_cast<std::uint64_t>(r));
        const int over = programme.add(ProgrammeVariable{.cost = 1.0});
        const int under = programme.add(ProgrammeVariable{.cost = 1.0});
        Row row{.terms = {{over, -1.0}, {under, 1.0}}};
        double sum = 0.0;
        for (int v = 0; v < retailers; ++v) {
            const auto share =
                static_cast<double>(random.below(100, static_cast<std::uint32_t>(v)));
            row.terms.push_back({v, share});
            sum += share;
        }
        row.low = row.high = std::floor(sum / 2.0);
        programme.add(row);
    }
    return programme;
}

TEST(Integer, ATimeLimitGivesTheBestFoundAndItsBound) {
    const auto start = std::chrono::steady_clock::now();
    const ProgrammeSolution solution = solve(market_split(), {.seconds = 1.0});
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    EXPECT_EQ(solution.status, SolverStatus::time_limit);
    EXPECT_STREQ(name_of(solution.status), "time limit: not proved");
    EXPECT_TRUE(solution.found);
    EXPECT_LE(solution.bound, solution.objective);
    EXPECT_GT(solution.gap, 0.0);
    EXPECT_LT(taken.count(), 15.0);
}

TEST(Integer, SolvingSaysNothing) {
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    solve(knapsack(1, 30));
    solve(brewery());
    solve(market_split(), {.seconds = 0.2});
    std::fflush(nullptr);
    EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

TEST(Integer, TheSameBitsEveryTime) {
    const ProgrammeSolution first = solve(knapsack(2, 40));
    const ProgrammeSolution second = solve(knapsack(2, 40));
    EXPECT_EQ(first.values, second.values);
}

TEST(Causes, AreIrreducible) {
    Programme programme = brewery();
    programme.add(Row{.low = 30.0, .terms = {{1, 1.0}}, .name = "beer wanted"});
    programme.add(Row{.low = 3.0, .terms = {{0, 1.0}}, .name = "ale wanted"});
    programme.add(Row{.low = 8.0, .terms = {{0, 1.0}}, .name = "more ale wanted"});
    ASSERT_EQ(solve(programme).status, SolverStatus::infeasible);
    const auto causes = irreducible_causes(programme);
    ASSERT_EQ(causes.size(), 3u);
    EXPECT_EQ(causes[0].name, "corn");
    EXPECT_EQ(causes[0].kind, Cause::Limit::row_high);
    EXPECT_EQ(causes[1].name, "beer wanted");
    EXPECT_EQ(causes[2].name, "more ale wanted");
    EXPECT_EQ(causes[2].limit, 8.0);
}

TEST(Causes, NameBoundsOfVariablesToo) {
    Programme programme = brewery();
    programme.variables[0].high = 4.0;
    programme.variables[1].high = 4.0;
    programme.add(Row{.low = 9.0, .terms = {{0, 1.0}, {1, 1.0}}, .name = "drinks"});
    const auto causes = irreducible_causes(programme);
    ASSERT_EQ(causes.size(), 3u);
    EXPECT_EQ(causes[1].kind, Cause::Limit::variable_high);
    EXPECT_EQ(causes[1].name, "ale");
    EXPECT_EQ(causes[2].name, "beer");
}

TEST(Causes, OfIntegersOnly) {
    Programme programme;
    programme.add(ProgrammeVariable{.high = 10.0, .integer = true, .name = "x"});
    programme.add(Row{.low = 0.4, .terms = {{0, 1.0}}, .name = "more"});
    programme.add(Row{.high = 0.6, .terms = {{0, 1.0}}, .name = "less"});
    const auto causes = irreducible_causes(programme);
    ASSERT_EQ(causes.size(), 2u);
    EXPECT_EQ(causes[0].name, "more");
    EXPECT_EQ(causes[1].name, "less");
}

TEST(Causes, NoneWhereItIsFeasible) {
    EXPECT_TRUE(irreducible_causes(brewery()).empty());
}

}  // namespace
}  // namespace motley::programme

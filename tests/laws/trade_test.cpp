// Facts 6 and 7 of docs/model.md, section 4: comparative advantage, and the linear programme to
// which strict complements reduce.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "support/simulations.hpp"

namespace motley::test {
namespace {

using Rows = std::vector<std::array<double, 2>>;

struct Outcome {
    simulation::Solution solution;
    std::vector<AgentRow> rows;
};

/// Two tasks needed in equal parts, agents with the given capabilities, all linked.
Outcome trade(const Rows& capabilities, double openness, double elasticity, double gap,
              std::int64_t max_steps = 100000) {
    Tables tables;
    for (const auto& row : capabilities) {
        tables["able"].insert(tables["able"].end(), row.begin(), row.end());
    }
    model::Spec spec;
    spec.tasks = 2;
    spec.openness = openness;
    spec.elasticity = elasticity;
    spec.capability = from_table("able");
    const ArcTopology topology(static_cast<AgentId>(capabilities.size()), {}, complete_traits());
    auto simulation = serial_simulation(topology, spec, 1, tables);
    const auto solution = optimum(simulation, spec, gap, max_steps);
    return {solution, rows_of(simulation)};
}

TEST(Fact6Ricardo, TheWeakerAgentSpecialisesInItsComparativeAdvantage) {
    const Outcome end = trade({{6.0, 3.0}, {2.0, 1.8}}, 0.95, 1.0, 1e-9);
    ASSERT_TRUE(end.solution.certified);
    EXPECT_GT(end.rows[1].allocation[1], 0.999) << "2 / 1.8 < 6 / 3: task 1";
    EXPECT_GT(end.rows[0].allocation[0], 0.5) << "the better agent does more of its best task";
}

TEST(Fact6Ricardo, TogetherTheyGainOverIsolation) {
    // Alone at sigma = 1: u = prod a^D.
    const double alone = std::sqrt(6.0 * 3.0), weaker_alone = std::sqrt(2.0 * 1.8);
    const Outcome end = trade({{6.0, 3.0}, {2.0, 1.8}}, 0.95, 1.0, 1e-9);
    EXPECT_GT(end.solution.measures.productivity, 1.1 * (alone + weaker_alone));
    EXPECT_GT(end.rows[1].utility, weaker_alone);
}

/// Value of what an agent makes, sum_k q y: its income at the prices of the system.
double income(const AgentRow& row) {
    double total = 0.0;
    for (std::size_t k = 0; k < 2; ++k) {
        total += row.value[k] * row.resource * row.capability[k] * row.allocation[k];
    }
    return total;
}

TEST(Fact6Ricardo, IncomesAreThoseOfTheTextbook) {
    // The stronger agent does both tasks, so prices stay at its own rate of exchange. It is as well
    // off as alone, and the weaker agent gets the whole gain, 1.8 units at the price 2 : 1.
    const Outcome end = trade({{6.0, 3.0}, {2.0, 1.8}}, 0.99, 1.0, 1e-8);
    ASSERT_TRUE(end.solution.certified);
    const double alone = std::sqrt(18.0);
    EXPECT_NEAR(income(end.rows[0]), alone, 1e-3);
    EXPECT_NEAR(income(end.rows[1]), alone * 1.8 / 3.0, 1e-3);
    EXPECT_GT(income(end.rows[1]), 1.3 * std::sqrt(3.6));
    // Stock is shared, not sold: the stronger agent's own consumption falls below isolation.
    EXPECT_LT(end.rows[0].utility, alone);
}

TEST(Fact6Ricardo, BothGainWhereAdvantagesMirrorEachOther) {
    const Outcome end = trade({{6.0, 3.0}, {3.0, 6.0}}, 0.95, 1.0, 1e-9);
    for (const auto& row : end.rows) EXPECT_GT(row.utility, 1.3 * std::sqrt(18.0));
    // Both specialise: they make 6 units of each task and share them equally up to the delay.
    EXPECT_GT(end.rows[0].allocation[0], 0.999);
    EXPECT_GT(end.rows[1].allocation[1], 0.999);
    const double kept = 1.0 / (1.0 + 0.95);  // share of its own product that an agent consumes
    EXPECT_NEAR(end.rows[0].utility, 2.0 * 6.0 * std::sqrt(kept * (1.0 - kept)), 1e-6);
}

/// max theta: sum_i a_ik x_ik >= theta D_k, D = (1/2, 1/2), by its dual: the least over prices
/// p of sum_i max_k a_ik p_k, sum_k p_k D_k = 1. It is convex and piecewise linear in p, and its
/// slope changes only at prices at which some agent is indifferent.
double linear_programme(const Rows& capabilities) {
    std::vector<double> candidates{0.0, 2.0};
    for (const auto& a : capabilities) candidates.push_back(2.0 * a[1] / (a[0] + a[1]));
    double best = INFINITY;
    for (const double p0 : candidates) {
        double total = 0.0;
        for (const auto& a : capabilities) total += std::max(a[0] * p0, a[1] * (2.0 - p0));
        best = std::min(best, total);
    }
    return best;
}

Rows random_capabilities(std::size_t agents, std::uint64_t seed) {
    Rows rows(agents);
    for (std::size_t i = 0; i < agents; ++i) {
        const Random random(seed, Stream::test, i);
        rows[i] = {std::exp(0.7 * random.normal(0)), std::exp(0.7 * random.normal(1))};
    }
    return rows;
}

TEST(Fact7LinearProgramme, OracleOfTheTestIsRight) {
    // By hand: the weaker agent makes 1.8 of task 1, the stronger one spends x on task 0 so that
    // both tasks come out alike: 6 x = 3 (1 - x) + 1.8.
    const double x = 4.8 / 9.0;
    EXPECT_NEAR(linear_programme({{6.0, 3.0}, {2.0, 1.8}}), 2.0 * 6.0 * x, 1e-12);
    EXPECT_NEAR(linear_programme({{1.0, 1.0}}), 1.0, 1e-12);
}

TEST(Fact7LinearProgramme, StrongComplementsComeCloseToIt) {
    std::vector<Rows> cases{{{6.0, 3.0}, {2.0, 1.8}}};
    for (std::uint64_t seed = 1; seed <= 4; ++seed) cases.push_back(random_capabilities(12, seed));
    for (std::size_t i = 0; i < cases.size(); ++i) {
        const double theta = linear_programme(cases[i]);
        const Outcome end = trade(cases[i], 0.99, 0.05, 1e-3);
        const double ratio = end.solution.measures.productivity / theta;
        RecordProperty("ratio_" + std::to_string(i), std::to_string(ratio));
        std::printf("case %zu: productivity / linear programme = %.5f, gap %.1e, %lld steps\n", i,
                    ratio, end.solution.measures.gap, static_cast<long long>(end.solution.steps));
        EXPECT_NEAR(ratio, 1.0, 0.02);
    }
}

}  // namespace
}  // namespace motley::test

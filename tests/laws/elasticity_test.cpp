// The search for the optimum over elasticities and topologies: it certifies optima from complements
// to substitutes, and reports the gap that remains when complements are nearly strict.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

#include "support/simulations.hpp"

namespace motley::test {
namespace {

struct Case {
    const char* generator;
    double elasticity;
    double openness = 0.9;
};

simulation::Solution solve(const Case& given, double gap, std::int64_t max_steps) {
    const auto topology = generated(given.generator, 256);
    model::Spec spec;
    spec.tasks = 8;
    spec.openness = given.openness;
    spec.elasticity = given.elasticity;
    auto simulation = serial_simulation(*topology, spec);
    const auto solution = optimum(simulation, spec, gap, max_steps);
    std::printf("  %s, sigma %.2f, lambda %.2f: gap %.2e in %lld steps\n", given.generator,
                given.elasticity, given.openness, solution.measures.gap,
                static_cast<long long>(solution.steps));
    testing::Test::RecordProperty(std::string(given.generator) + "_" +
                                      std::to_string(given.elasticity) + "_" +
                                      std::to_string(given.openness),
                                  static_cast<int>(solution.steps));
    for (const auto& row : rows_of(simulation)) {
        double total = 0.0;
        for (const double x : row.allocation) total += x;
        EXPECT_NEAR(total, 1.0, 1e-12);
        EXPECT_TRUE(std::isfinite(row.utility));
    }
    return solution;
}

TEST(ElasticitySweep, IsCertifiedToOneInTenThousand) {
    for (const char* generator : {"ring", "watts-strogatz", "complete"}) {
        for (const double elasticity : {0.3, 0.7, 1.0, 2.0, 5.0}) {
            const auto solution = solve({generator, elasticity}, 1e-4, 20000);
            EXPECT_TRUE(solution.certified);
            EXPECT_LE(solution.measures.gap, 1e-4);
        }
    }
}

TEST(ElasticitySweep, SlowFlowsDoNotMisleadTheSearch) {
    // Flows lag by 1 / (1 - lambda) steps. A search that evaluates its gap more often diverges.
    for (const char* generator : {"ring", "complete"}) {
        for (const double elasticity : {0.7, 2.0}) {
            EXPECT_TRUE(solve({generator, elasticity, 0.99}, 1e-4, 20000).certified);
        }
    }
}

TEST(ElasticitySweep, StaysFiniteWhereComplementsAreNearlyStrict) {
    for (const char* generator : {"ring", "watts-strogatz", "complete"}) {
        for (const double elasticity : {0.05, 0.1, 0.2}) {
            const auto solution = solve({generator, elasticity}, 1e-4, 20000);
            EXPECT_TRUE(std::isfinite(solution.measures.productivity));
            EXPECT_TRUE(std::isfinite(solution.measures.gap));
            EXPECT_LE(solution.measures.gap, 1e-2);
            EXPECT_EQ(solution.certified, solution.measures.gap <= 1e-4);
        }
    }
}

}  // namespace
}  // namespace motley::test

// Facts 4 and 5 of docs/model.md, section 4: the environment bounds heterogeneity from above, and
// without communication nobody specialises beyond its own needs.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "support/simulations.hpp"

namespace motley::test {
namespace {

constexpr double rounding = 1e-12;

model::Spec model_with(double elasticity, double exponent) {
    model::Spec spec;
    spec.tasks = 6;
    spec.openness = 0.9;
    spec.elasticity = elasticity;
    spec.capability.sigma = 0.5;
    spec.demand.kind = model::Distribution::Kind::zipf;
    spec.demand.exponent = exponent;
    return spec;
}

TEST(Fact4Environment, ValueHeterogeneityIsAtMostTheEntropyOfExpenditure) {
    for (const double elasticity : {0.3, 0.7, 1.0, 2.0, 5.0}) {
        for (const char* generator : {"ring", "watts-strogatz", "complete"}) {
            const auto topology = generated(generator, 60);
            const auto spec = model_with(elasticity, 1.0);
            auto simulation = serial_simulation(*topology, spec);
            for (int look = 0; look < 4; ++look) {
                for (int step = 0; step < 40; ++step) simulation.step(0.1 * elasticity, nullptr);
                const auto m = simulation.settle(1e-13, 3000);
                EXPECT_LE(m.heterogeneity_value, m.expenditure_entropy + rounding);
                EXPECT_LE(m.heterogeneity_value, m.value_entropy + rounding);
                EXPECT_LE(m.heterogeneity_effort,
                          std::min(std::log(60.0), m.task_entropy) + rounding);
                EXPECT_LE(m.heterogeneity_value,
                          std::min(std::log(60.0), m.value_entropy) + rounding);
                EXPECT_GE(m.heterogeneity_effort, 0.0);
            }
        }
    }
}

TEST(Fact4Environment, ExpenditureSharesAreTheDemandWhenElasticityIsOne) {
    for (const double exponent : {0.0, 0.5, 1.5}) {
        const auto topology = generated("ring", 60);
        const auto spec = model_with(1.0, exponent);
        auto simulation = serial_simulation(*topology, spec);
        for (int step = 0; step < 50; ++step) {
            const auto m = simulation.measured_step(0.1);
            EXPECT_NEAR(m.expenditure_entropy, m.demand_entropy, rounding) << "step " << step;
            double total = 0.0;
            for (int k = 0; k < 6; ++k) total += std::pow(k + 1.0, -exponent);
            for (int k = 0; k < 6; ++k) {
                EXPECT_NEAR(m.expenditure_by_task[static_cast<std::size_t>(k)] / m.productivity,
                            std::pow(k + 1.0, -exponent) / total, rounding);
            }
        }
    }
}

TEST(Fact4Environment, DemandBoundsValueHeterogeneityWhenElasticityIsOne) {
    for (const double exponent : {0.0, 0.5, 1.5, 4.0}) {
        const auto topology = generated("complete", 60);
        const auto spec = model_with(1.0, exponent);
        auto simulation = serial_simulation(*topology, spec);
        const auto solution = optimum(simulation, spec, 1e-6, 20000);
        EXPECT_TRUE(solution.certified);
        EXPECT_LE(solution.measures.heterogeneity_value,
                  solution.measures.demand_entropy + rounding);
        // The bound is nearly reached, because specialists serve nearly all of the demand.
        EXPECT_GE(solution.measures.heterogeneity_value, 0.7 * solution.measures.demand_entropy);
    }
}

TEST(Fact5Isolation, AllocationIsTheDemandExactlyWhenElasticityIsOne) {
    // The first system has no edges; the second has edges over which nothing is passed on.
    for (const bool edges : {false, true}) {
        const auto topology = generated(edges ? "ring" : "isolated", 40);
        auto spec = model_with(1.0, 1.0);
        if (edges) spec.openness = 0.0;
        spec.noise = 0.5;
        auto simulation = serial_simulation(*topology, spec);
        const auto solution = dynamics(simulation, spec, 1500, 0.05);
        for (const auto& row : rows_of(simulation)) {
            for (std::size_t k = 0; k < 6; ++k) {
                EXPECT_NEAR(row.allocation[k], row.demand[k], 1e-12) << "agent " << row.agent;
            }
        }
        EXPECT_NEAR(solution.measures.heterogeneity_effort, 0.0, 1e-12);
        EXPECT_NEAR(solution.measures.traffic, 0.0, 0.0);
    }
}

TEST(Fact5Isolation, IdenticalAgentsStayIdenticalForEveryElasticity) {
    for (const double elasticity : {0.3, 1.0, 5.0}) {
        auto spec = model_with(elasticity, 1.0);
        spec.capability.kind = model::Distribution::Kind::constant;
        spec.noise = 0.5;
        const auto topology = generated("isolated", 40);
        auto simulation = serial_simulation(*topology, spec);
        const auto solution = dynamics(simulation, spec, 8000, 0.02 * std::min(elasticity, 1.0));
        EXPECT_NEAR(solution.measures.heterogeneity_effort, 0.0, 1e-9) << elasticity;
    }
}

TEST(Fact5Isolation, SpecialisingIsTheEffectOfCommunication) {
    const auto spec = model_with(0.7, 0.0);
    const auto alone_topology = generated("isolated", 60), linked_topology = generated("ring", 60);
    auto alone = serial_simulation(*alone_topology, spec);
    auto linked = serial_simulation(*linked_topology, spec);
    const auto alone_end = optimum(alone, spec, 1e-5, 20000);
    const auto linked_end = optimum(linked, spec, 1e-5, 20000);
    ASSERT_TRUE(alone_end.certified && linked_end.certified);
    EXPECT_LT(alone_end.measures.heterogeneity_effort, 0.05);
    EXPECT_GT(linked_end.measures.heterogeneity_effort, 1.0);
    EXPECT_GT(linked_end.measures.productivity, 1.1 * alone_end.measures.productivity);
}

}  // namespace
}  // namespace motley::test

// Fact 3 of docs/model.md, section 4: with gamma <= 1 and fixed capabilities and resources the gap
// bounds how far productivity is from its optimum, settled or not.
#include <gtest/gtest.h>

#include <cmath>

#include "support/simulations.hpp"

namespace motley::test {
namespace {

struct Instance {
    ArcTopology topology;
    model::Spec spec;
    std::uint64_t seed;
};

/// Small random systems over all couplings, elasticities and returns.
std::vector<Instance> instances(double returns) {
    std::vector<Instance> list;
    std::uint64_t seed = 10;
    for (const double elasticity : {0.3, 0.7, 1.0, 2.0}) {
        for (int graph = 0; graph < 3; ++graph) {
            model::Spec spec;
            spec.tasks = 3 + graph;
            spec.openness = 0.75;
            spec.elasticity = elasticity;
            spec.returns = returns;
            spec.capability.sigma = 0.6;
            spec.noise = 0.5;
            spec.resource.kind = model::Distribution::Kind::lognormal;
            spec.demand.kind = model::Distribution::Kind::dirichlet;
            spec.demand.concentration = 2.0;
            const AgentId agents = 12 + 2 * graph;
            ++seed;
            ArcTopology topology = graph == 0   ? random_weighted(agents, 40, seed)
                                   : graph == 1 ? random_uniform(agents, 30, seed, 0.9)
                                                : ArcTopology(agents, {}, complete_traits());
            list.push_back({std::move(topology), spec, seed});
        }
    }
    return list;
}

double best_productivity(const Instance& instance) {
    auto simulation = serial_simulation(instance.topology, instance.spec, instance.seed);
    const auto solution = optimum(simulation, instance.spec, 1e-9, 200000);
    EXPECT_TRUE(solution.certified)
        << "gap " << solution.measures.gap << " at sigma " << instance.spec.elasticity;
    return solution.measures.productivity;
}

class Fact3Certificate : public testing::TestWithParam<double> {};

TEST_P(Fact3Certificate, SettledProductivityIsBelowTheOptimumAndWithTheGapAboveIt) {
    for (const auto& instance : instances(GetParam())) {
        const double best = best_productivity(instance);
        auto simulation = serial_simulation(instance.topology, instance.spec, instance.seed);
        for (int look = 0; look < 4; ++look) {
            const auto m = simulation.settle(1e-12, 3000);
            ASSERT_TRUE(m.certifiable);
            EXPECT_LE(m.productivity, best * (1.0 + 2e-9)) << "look " << look;
            EXPECT_GE(m.productivity * (1.0 + m.gap), best) << "look " << look;
            for (int step = 0; step < 15; ++step) simulation.step(0.05, nullptr);
        }
    }
}

TEST_P(Fact3Certificate, HoldsInEveryStepWhileFlowsAreStillMoving) {
    for (const auto& instance : instances(GetParam())) {
        const double best = best_productivity(instance);
        auto simulation = serial_simulation(instance.topology, instance.spec, instance.seed);
        int certifiable = 0;
        for (int step = 0; step < 120; ++step) {
            const auto m = simulation.measured_step(0.05);
            if (!m.certifiable) {
                EXPECT_TRUE(std::isnan(m.gap));
                continue;
            }
            ++certifiable;
            EXPECT_GE(m.productivity * (1.0 + m.gap), best) << "step " << step;
            EXPECT_GE(m.gap, m.flow_residual);
            EXPECT_GT(m.flow_residual, 0.0) << "allocations still change in step " << step;
        }
        EXPECT_GT(certifiable, 100);
    }
}

TEST_P(Fact3Certificate, FlowResidualFadesAsFlowsSettle) {
    const auto all = instances(GetParam());
    auto simulation = serial_simulation(all[0].topology, all[0].spec, all[0].seed);
    const auto first = simulation.measured_step(0.0);
    const auto last = simulation.settle(1e-13, 3000);
    EXPECT_GT(first.flow_residual, 1e-2);
    EXPECT_LT(last.flow_residual, 1e-12);
}

INSTANTIATE_TEST_SUITE_P(Returns, Fact3Certificate, testing::Values(1.0, 0.7),
                         [](const testing::TestParamInfo<double>& parameter) {
                             return parameter.param == 1.0 ? "constant" : "diminishing";
                         });

TEST(Fact3, FrankWolfeGapIsTheDualBoundWhenReturnsAreConstant) {
    for (const auto& instance : instances(1.0)) {
        auto simulation = serial_simulation(instance.topology, instance.spec, instance.seed);
        for (int step = 0; step < 10; ++step) simulation.step(0.05, nullptr);
        const auto m = simulation.settle(1e-14, 3000);
        EXPECT_NEAR(m.frank_wolfe_gap, (m.gap - m.flow_residual) * m.productivity,
                    1e-11 * m.productivity);
    }
}

TEST(Fact3, DualBoundIsTighterThanFrankWolfeWhenReturnsDiminish) {
    for (const auto& instance : instances(0.7)) {
        auto simulation = serial_simulation(instance.topology, instance.spec, instance.seed);
        for (int step = 0; step < 10; ++step) simulation.step(0.05, nullptr);
        const auto m = simulation.settle(1e-14, 3000);
        EXPECT_LE((m.gap - m.flow_residual) * m.productivity,
                  m.frank_wolfe_gap + 1e-11 * m.productivity);
    }
}

TEST(Fact3, NoCertificateWithIncreasingReturnsOrPlasticity) {
    const ArcTopology topology = random_uniform(12, 30, 3);
    for (int variant = 0; variant < 3; ++variant) {
        model::Spec spec;
        spec.tasks = 3;
        if (variant == 0) spec.returns = 1.2;
        if (variant == 1) spec.learning_rate = 0.05;
        if (variant == 2) {
            spec.growth_rate = 0.05;
            spec.growth_scope = model::GrowthScope::local;
        }
        auto simulation = serial_simulation(topology, spec);
        EXPECT_FALSE(simulation.certificate()) << variant;
        const auto solution = optimum(simulation, spec, 1e-3, 50);
        EXPECT_FALSE(solution.certified) << variant;
        EXPECT_FALSE(solution.measures.certifiable) << variant;
        EXPECT_TRUE(std::isnan(solution.measures.gap)) << variant;
    }
}

TEST(Fact3, NoCertificateWhileAPriceIsAtItsLimit) {
    // Nobody can do task 1, which everybody needs.
    const ArcTopology topology = random_uniform(4, 6, 3);
    model::Spec spec;
    spec.tasks = 2;
    spec.elasticity = 0.5;
    spec.capability = from_table("able");
    auto simulation = serial_simulation(topology, spec, 1, {{"able", {1, 0, 1, 0, 1, 0, 1, 0}}});
    const auto m = simulation.settle(1e-9, 200);
    EXPECT_FALSE(m.certifiable);
    EXPECT_TRUE(std::isnan(m.gap));
    EXPECT_TRUE(std::isfinite(m.productivity));
}

}  // namespace
}  // namespace motley::test

// Figures that docs/model.md quotes from an independent prototype. Each comes from one run of it;
// this program runs many seeds, and the test checks that the figure lies among their results.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>

#include "support/simulations.hpp"

namespace motley::test {
namespace {

struct Spread {
    double mean = 0.0, deviation = 0.0;
};

Spread spread(const std::vector<double>& values) {
    Spread s;
    for (const double v : values) s.mean += v / static_cast<double>(values.size());
    for (const double v : values) s.deviation += (v - s.mean) * (v - s.mean);
    s.deviation = std::sqrt(s.deviation / static_cast<double>(values.size() - 1));
    return s;
}

constexpr AgentId agents = 256;

/// Identical agents with a little noise and plastic capabilities.
measure::Measures broken_symmetry(const std::string& generator, std::uint64_t seed) {
    topology::Spec shape;
    shape.generator = generator;
    shape.agents = agents;
    shape.set("degree", 4);
    if (generator == "torus") shape.set("shape", {16, 16});
    const auto topology = topology::make(shape);
    model::Spec spec;
    spec.tasks = 8;
    spec.openness = 0.9;
    spec.elasticity = 0.7;
    spec.capability.kind = model::Distribution::Kind::constant;
    spec.noise = 0.01;
    spec.learning_rate = 0.05;
    auto simulation = serial_simulation(*topology, spec, seed);
    return dynamics(simulation, spec, 4000, 0.03).measures;
}

/// P/N over seeds; every run must end with I close to ln K.
Spread productivity(const std::string& generator) {
    std::vector<double> values;
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        const auto m = broken_symmetry(generator, seed);
        values.push_back(m.productivity / static_cast<double>(agents));
        EXPECT_NEAR(m.heterogeneity_effort, std::log(8.0), 0.02) << generator;
        EXPECT_NEAR(m.heterogeneity_value, std::log(8.0), 0.02) << generator;
        EXPECT_NEAR(m.heterogeneity_capability, std::log(8.0), 0.02) << generator;
    }
    const Spread s = spread(values);
    std::printf("  %s: P/N %.3f, standard deviation over seeds %.3f\n", generator.c_str(), s.mean,
                s.deviation);
    return s;
}

TEST(SymmetryBreaking, ConnectedIdenticalAgentsBecomeSpecialists) {
    // On the ring defects remain, and runs differ by 2 %. The figure must lie in that spread.
    const Spread ring = productivity("ring");
    EXPECT_NEAR(ring.mean, 6.57, 2.5 * ring.deviation);
    EXPECT_NEAR(ring.mean, 6.57, 0.04 * 6.57);
    EXPECT_NEAR(productivity("torus").mean, 7.02, 0.02 * 7.02);
    EXPECT_NEAR(productivity("complete").mean, 7.56, 0.02 * 7.56);
}

TEST(SymmetryBreaking, IsolatedAgentsStayGeneralists) {
    const auto m = broken_symmetry("isolated", 1);
    EXPECT_NEAR(m.productivity / static_cast<double>(agents), 1.0, 1e-6);
    EXPECT_NEAR(m.heterogeneity_effort, 0.0, 1e-6);
    EXPECT_NEAR(m.heterogeneity_value, 0.0, 1e-6);
}

struct Levels {
    double between = 0.0, within = 0.0;
};

/// 16 groups in a ring; each is a complete graph of 16 members, whose capabilities share a part.
Levels nested_heterogeneity(double share_between, std::uint64_t seed) {
    topology::Spec shape, outer, inner;
    shape.generator = "nested";
    outer.generator = "ring";
    outer.agents = 16;
    outer.set("degree", 2);
    outer.share = share_between;
    inner.generator = "complete";
    inner.agents = 16;
    inner.share = 1.0 - share_between;
    shape.levels = {outer, inner};
    const auto topology = topology::make(shape);
    model::Spec spec;
    spec.tasks = 8;
    spec.openness = 0.9;
    spec.elasticity = 0.7;
    spec.capability.sigma = 0.3;
    spec.capability.group_sigma = 0.3;
    spec.capability.groups = 16;
    auto simulation = serial_simulation(*topology, spec, seed);
    const auto solution = optimum(simulation, spec, 1e-5, 50000);
    EXPECT_TRUE(solution.certified);
    const auto rows = rows_of(simulation);
    const auto levels = measure::by_level(
        topology->levels(), simulation.graph().ids(), 8,
        [&](std::size_t i, double* out) {
            std::copy(rows[i].allocation.begin(), rows[i].allocation.end(), out);
        },
        solution.measures.heterogeneity_effort, mpi::Communicator::self());
    return {levels[0].effort, levels[1].effort};
}

void expect_levels(double share_between, Levels quoted) {
    std::vector<double> between, within;
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        const Levels levels = nested_heterogeneity(share_between, seed);
        between.push_back(levels.between);
        within.push_back(levels.within);
    }
    const Spread outer = spread(between), inner = spread(within);
    std::printf("  share between groups %.2f: between %.4f (+- %.4f), within %.3f (+- %.3f)\n",
                share_between, outer.mean, outer.deviation, inner.mean, inner.deviation);
    EXPECT_NEAR(outer.mean, quoted.between, 2.5 * outer.deviation);
    EXPECT_NEAR(inner.mean, quoted.within, 2.5 * inner.deviation);
}

TEST(NestedSystem, HeterogeneityMovesBetweenGroupsAsTheyOpenUp) {
    expect_levels(0.02, {0.007, 1.785});
    expect_levels(0.1, {0.108, 1.700});
    expect_levels(0.3, {0.443, 1.443});
}

}  // namespace
}  // namespace motley::test

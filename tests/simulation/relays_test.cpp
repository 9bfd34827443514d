// Relays pass everything on: a switch is the routing that it realises.
#include <gtest/gtest.h>

#include <cmath>

#include "support/simulations.hpp"

namespace motley::test {
namespace {

using topology::Arc;

/// Every host linked to one switch, both ways.
ArcTopology switched(AgentId hosts, double survival, bool weighted) {
    std::vector<Arc> arcs;
    for (AgentId i = 0; i < hosts; ++i) {
        arcs.push_back({i, hosts, 1.0, survival});
        arcs.push_back({hosts, i, 1.0, survival});
    }
    return {hosts + 1, std::move(arcs), weighted ? weighted_traits() : uniform_traits(survival), 1};
}

/// What the switch does: every host sends the same share to every host, itself included.
ArcTopology direct(AgentId hosts, double survival) {
    std::vector<Arc> arcs;
    for (AgentId i = 0; i < hosts; ++i) {
        for (AgentId j = 0; j < hosts; ++j) arcs.push_back({i, j, 1.0, survival * survival});
    }
    return {hosts, std::move(arcs), weighted_traits()};
}

model::Spec spec_of(double openness, double elasticity) {
    model::Spec spec;
    spec.tasks = 4;
    spec.openness = openness;
    spec.elasticity = elasticity;
    spec.demand.kind = model::Distribution::Kind::dirichlet;
    return spec;
}

struct Found {
    simulation::Solution solution;
    std::uint64_t hash = 0;
    double contraction = 0.0;
};

Found optimum(const topology::Topology& topology, const partition::Partition& partition,
              const model::Spec& spec) {
    const auto world = mpi::Communicator::world();
    auto simulation = simulation_of<double>(topology, partition, spec, 3, world);
    simulation::SolveOptions solve;
    solve.gap = 1e-7;
    Found found;
    found.solution = simulation::solve_optimum<double>(
        simulation, spec, solve, 10, [](std::int64_t, const measure::Measures*, bool) {});
    found.hash = simulation.state_hash();
    found.contraction = simulation.contraction();
    return found;
}

Found optimum(const topology::Topology& topology, const model::Spec& spec) {
    const int ranks = mpi::Communicator::world().size();
    return optimum(topology, partition::Partition::block(topology.agents(), ranks), spec);
}

TEST(RelaysTest, ASwitchIsTheRoutingThatItRealises) {
    for (const double survival : {1.0, 0.9}) {
        for (const double openness : {0.0, 0.5, 0.9}) {
            const auto spec = spec_of(openness, 0.7);
            const auto expected = optimum(direct(9, survival), spec).solution;
            ASSERT_TRUE(expected.certified);
            for (const bool weighted : {false, true}) {
                SCOPED_TRACE(testing::Message() << survival << " " << openness << " " << weighted);
                const auto found = optimum(switched(9, survival, weighted), spec).solution;
                EXPECT_TRUE(found.certified);
                const double p = expected.measures.productivity;
                EXPECT_NEAR(found.measures.productivity, p, 2e-7 * p);
                EXPECT_NEAR(found.measures.value, p, 1e-6 * p);  // Euler
                EXPECT_NEAR(found.measures.heterogeneity_effort,
                            expected.measures.heterogeneity_effort, 1e-3);
                EXPECT_DOUBLE_EQ(found.measures.resource, 9.0);
            }
        }
    }
}

TEST(RelaysTest, FlowsSettleAsFastAsTheBoundSays) {
    // Host to switch and back: M^2 is lambda times an average, so that the sum over t of M^t 1 is
    // at most 2 / (1 - lambda) + 1 at the switch; the bound may exceed it, but not by more than
    // twice.
    const auto found = optimum(switched(9, 1.0, false), spec_of(0.9, 1.0));
    const double lag = 1.0 / (1.0 - found.contraction);
    EXPECT_GE(lag, 2.0 / 0.1 - 1.0);
    EXPECT_LE(lag, 2.0 * (2.0 / 0.1 + 1.0));
    EXPECT_EQ(optimum(direct(9, 1.0), spec_of(0.9, 1.0)).contraction, 0.9);
}

TEST(RelaysTest, TheSameBitsForEveryPartition) {
    const auto topology = switched(21, 0.95, false);
    const int ranks = mpi::Communicator::world().size();
    const auto spec = spec_of(0.8, 2.0);
    const auto block = optimum(topology, spec);
    const auto random = optimum(topology, partition::Partition::random(22, ranks, 5), spec);
    EXPECT_EQ(block.hash, random.hash);
    EXPECT_EQ(block.solution.steps, random.solution.steps);
    EXPECT_EQ(block.solution.measures.productivity, random.solution.measures.productivity);
}

}  // namespace
}  // namespace motley::test

// Bitwise the same state on any number of ranks: every topology, partitioner and exchange gives the
// hash of the same system run by one rank alone.
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "motley/partition/distributed.hpp"
#include "systems.hpp"

namespace motley::test {
namespace {

constexpr int steps = 30;

/// Results of a run that must be equal to the last bit.
struct Trace {
    std::uint64_t hash = 0;
    double productivity = 0.0, heterogeneity = 0.0, gap = 0.0;
    bool operator==(const Trace& other) const {
        const bool same_gap = gap == other.gap || (std::isnan(gap) && std::isnan(other.gap));
        return hash == other.hash && productivity == other.productivity &&
               heterogeneity == other.heterogeneity && same_gap;
    }
};

template <class Real>
Trace run(const System& system, const partition::Partition& partition,
          const mpi::Communicator& comm, const simulation::ExchangeOptions& exchange) {
    auto simulation =
        simulation_of<Real>(*system.topology, partition, system.model, 5, comm, {}, exchange);
    for (int step = 1; step < steps; ++step) simulation.step(0.05, nullptr);
    const auto m = simulation.measured_step(0.05);
    return {simulation.state_hash(), m.productivity, m.heterogeneity_effort, m.gap};
}

template <class Real>
Trace run_alone(const System& system) {
    const auto self = mpi::Communicator::self();
    return run<Real>(system, partition::Partition::block(system.topology->agents(), 1), self, {});
}

std::vector<partition::Method> built_in() {
    using enum partition::Method;
    if (partition::has_scotch()) return {block, random, metis, scotch};
    return {block, random, metis};
}
const std::vector<partition::Method> methods = built_in();

class SamenessTest : public testing::Test {
  protected:
    const mpi::Communicator world = mpi::Communicator::world();

    partition::Partition partition_of(const System& system, partition::Method method) {
        partition::Spec spec;
        spec.method = method;
        return partition::make(spec, *system.topology, world);
    }
};

TEST_F(SamenessTest, StateIsBitwiseTheSameForEveryPartitionAndExchange) {
    for (const auto& system : systems(world.rank())) {
        const Trace alone = run_alone<double>(system);
        for (const auto method : methods) {
            const auto partition = partition_of(system, method);
            for (const auto kind : {mpi::ExchangeKind::persistent, mpi::ExchangeKind::neighbour,
                                    mpi::ExchangeKind::dense, mpi::ExchangeKind::node}) {
                for (const bool overlap : {true, false}) {
                    // Nodes of two ranks, so that some rows stay within a node.
                    EXPECT_EQ(run<double>(system, partition, world, {kind, overlap, 2}), alone)
                        << system.name << ", " << partition::name(method) << ", exchange "
                        << static_cast<int>(kind) << ", overlap " << overlap;
                }
            }
        }
    }
}

TEST_F(SamenessTest, SinglePrecisionIsTheSameToo) {
    for (const auto& system : systems(world.rank())) {
        const Trace alone = run_alone<float>(system);
        for (const auto method : methods) {
            EXPECT_EQ(run<float>(system, partition_of(system, method), world, {}), alone)
                << system.name << ", " << partition::name(method);
        }
    }
}

TEST_F(SamenessTest, FewerAgentsThanRanksAndEmptyRanks) {
    for (const AgentId agents : {1, 2, 3}) {
        std::vector<System> small;
        small.push_back({"complete", topology::make(shape("complete", agents)), plastic_model()});
        small.push_back({"isolated", topology::make(shape("isolated", agents)), plain_model()});
        small.push_back(
            {"arcs",
             std::make_unique<ArcTopology>(
                 agents, std::vector<topology::Arc>{{0, agents - 1, 1.0, 0.5}}, weighted_traits()),
             local_growth_model()});
        for (const auto& system : small) {
            const Trace alone = run_alone<double>(system);
            for (const auto method : {partition::Method::block, partition::Method::random}) {
                EXPECT_EQ(run<double>(system, partition_of(system, method), world, {}), alone)
                    << system.name << ", " << agents << " agents, " << partition::name(method);
            }
            // All agents on the last rank: the others own nothing.
            const std::vector<std::int32_t> owners(static_cast<std::size_t>(agents),
                                                   world.size() - 1);
            EXPECT_EQ(run<double>(system, partition::Partition::from_owners(owners, world.size()),
                                  world, {}),
                      alone)
                << system.name << ", " << agents << " agents on the last rank";
        }
    }
}

TEST_F(SamenessTest, TheSearchForTheOptimumTakesTheSameStepsEverywhere) {
    const auto system = std::move(systems(world.rank())[0]);
    simulation::SolveOptions solve;
    solve.gap = 1e-4;
    const auto ignore = [](std::int64_t, const measure::Measures*, bool) {};
    const auto self = mpi::Communicator::self();
    auto alone = simulation_of<double>(*system.topology,
                                       partition::Partition::block(system.topology->agents(), 1),
                                       system.model, 5, self);
    auto spread = simulation_of<double>(
        *system.topology, partition_of(system, partition::Method::random), system.model, 5, world);
    const auto expected =
        simulation::solve_optimum<double>(alone, system.model, solve, 100, ignore);
    const auto found = simulation::solve_optimum<double>(spread, system.model, solve, 100, ignore);
    EXPECT_TRUE(found.certified);
    EXPECT_EQ(found.steps, expected.steps);
    EXPECT_EQ(found.measures.gap, expected.measures.gap);
    EXPECT_EQ(found.measures.productivity, expected.measures.productivity);
    EXPECT_EQ(spread.state_hash(), alone.state_hash());
}

}  // namespace
}  // namespace motley::test

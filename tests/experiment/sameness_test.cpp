// Bitwise the same state on any number of ranks: every topology, partitioner and exchange gives the
// hash of the same system run by one rank alone.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>

#include "motley/partition/distributed.hpp"
#include "support/simulations.hpp"

namespace motley::test {
namespace {

constexpr int steps = 30;

struct System {
    std::string name;
    std::unique_ptr<topology::Topology> topology;
    model::Spec model;
};

topology::Spec shape(const std::string& generator, AgentId agents) {
    topology::Spec spec;
    spec.generator = generator;
    spec.agents = agents;
    spec.seed = 3;
    return spec;
}

/// A directed weighted graph with loops, parallel arcs and survivals, as a CSV file in the test's
/// own folder, one per rank.
std::unique_ptr<topology::Topology> file_topology(int rank) {
    const auto path =
        std::filesystem::temp_directory_path() /
        ("motley_sameness_" + std::to_string(getpid()) + "_" + std::to_string(rank) + ".csv");
    const ArcTopology drawn = random_weighted(70, 260, 9);
    {
        std::ofstream file(path);
        file << "source,target,weight,survival\n";
        for (const auto& arc : drawn.list()) {
            file << arc.source << ',' << arc.target << ',' << arc.weight << ',' << arc.survival
                 << '\n';
        }
        file << "0,0,1.0,0.5\n";
    }
    topology::Spec spec;
    spec.file = path.string();
    spec.directed = true;
    spec.edge_weights = true;
    auto topology = topology::make(spec);
    std::filesystem::remove(path);
    return topology;
}

model::Spec plain_model() {
    model::Spec spec;
    spec.tasks = 5;
    spec.elasticity = 0.7;
    spec.noise = 0.1;
    spec.demand.kind = model::Distribution::Kind::dirichlet;
    return spec;
}

model::Spec plastic_model() {
    model::Spec spec = plain_model();
    spec.tasks = 8;
    spec.elasticity = 1.0;
    spec.learning_rate = 0.05;
    spec.growth_rate = 0.02;
    spec.resource.kind = model::Distribution::Kind::lognormal;
    return spec;
}

model::Spec local_growth_model() {
    model::Spec spec = plastic_model();
    spec.growth_local = true;
    spec.returns = 0.8;
    return spec;
}

std::vector<System> systems(int rank) {
    std::vector<System> list;
    const auto add = [&](const topology::Spec& spec, const model::Spec& model) {
        list.push_back({spec.generator, topology::make(spec), model});
    };
    add(shape("ring", 67), plain_model());
    add(shape("ring", 5), plain_model());
    topology::Spec torus = shape("torus", -1);
    torus.shape = {8, 9};
    add(torus, plastic_model());
    add(shape("watts-strogatz", 70), local_growth_model());
    topology::Spec random = shape("erdos-renyi", 70);
    random.edges = 150;
    add(random, plain_model());
    add(shape("barabasi-albert", 70), plastic_model());
    add(shape("random-regular", 70), plain_model());
    topology::Spec blocks = shape("stochastic-block", 72);
    blocks.p_inside = 0.3;
    blocks.p_between = 0.02;
    add(blocks, plain_model());
    add(shape("star", 40), local_growth_model());
    add(shape("complete", 50), plastic_model());
    topology::Spec nested = shape("nested", -1);
    nested.levels = {shape("ring", 6), shape("complete", 5), shape("star", 3)};
    nested.levels[0].degree = 2;
    nested.levels[0].share = 0.2;
    nested.levels[1].share = 0.3;
    nested.levels[2].share = 0.5;
    nested.levels[2].survival = 0.9;
    add(nested, plastic_model());
    list.push_back({"file", file_topology(rank), local_growth_model()});
    return list;
}

/// What a run leaves behind, to the last bit.
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
          const mpi::Communicator& comm, const experiment::ExchangeOptions& exchange) {
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

const std::vector<partition::Method> methods{partition::Method::block, partition::Method::random,
                                             partition::Method::metis, partition::Method::scotch};

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
                                    mpi::ExchangeKind::dense}) {
                for (const bool overlap : {true, false}) {
                    EXPECT_EQ(run<double>(system, partition, world, {kind, overlap}), alone)
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
    job::Solve solve;
    solve.gap = 1e-4;
    const auto ignore = [](std::int64_t, const measure::Measures*, bool) {};
    const auto self = mpi::Communicator::self();
    auto alone = simulation_of<double>(*system.topology,
                                       partition::Partition::block(system.topology->agents(), 1),
                                       system.model, 5, self);
    auto spread = simulation_of<double>(
        *system.topology, partition_of(system, partition::Method::random), system.model, 5, world);
    const auto expected =
        experiment::solve_optimum<double>(alone, system.model, solve, 100, ignore);
    const auto found = experiment::solve_optimum<double>(spread, system.model, solve, 100, ignore);
    EXPECT_TRUE(found.certified);
    EXPECT_EQ(found.steps, expected.steps);
    EXPECT_EQ(found.measures.gap, expected.measures.gap);
    EXPECT_EQ(found.measures.productivity, expected.measures.productivity);
    EXPECT_EQ(spread.state_hash(), alone.state_hash());
}

}  // namespace
}  // namespace motley::test

// The giant component against a search from every agent, and against the theory of percolation.
#include "motley/measure/giant_component.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <queue>
#include <set>

#include "motley/core/random.hpp"
#include "support/arc_topology.hpp"

namespace motley::test {
namespace {

using partition::Partition;

std::int64_t found(const topology::Topology& topology, const Partition& partition,
                   const std::set<AgentId>& gone) {
    const auto world = mpi::Communicator::world();
    const auto graph = network::DistributedGraph<double>::build(topology, partition, world);
    return measure::giant_component(
        graph, [&](LocalId row) { return !gone.contains(graph.ids()[row]); }, world);
}

std::int64_t searched(const ArcTopology& topology, const std::set<AgentId>& gone) {
    std::vector<std::vector<AgentId>> linked(static_cast<std::size_t>(topology.agents()));
    for (const auto& arc : topology.list()) {
        linked[static_cast<std::size_t>(arc.source)].push_back(arc.target);
        linked[static_cast<std::size_t>(arc.target)].push_back(arc.source);
    }
    std::set<AgentId> seen = gone;
    std::int64_t most = 0;
    for (AgentId i = 0; i < topology.agents(); ++i) {
        if (!seen.insert(i).second) continue;
        std::int64_t size = 0;
        for (std::queue<AgentId> next({i}); !next.empty(); next.pop()) {
            size += 1;
            for (const AgentId j : linked[static_cast<std::size_t>(next.front())]) {
                if (seen.insert(j).second) next.push(j);
            }
        }
        most = std::max(most, size);
    }
    return most;
}

std::set<AgentId> some_of(AgentId agents, double share, std::uint64_t seed) {
    std::set<AgentId> gone;
    for (AgentId i = 0; i < agents; ++i) {
        if (Random(seed, Stream::test, static_cast<std::uint64_t>(i)).uniform(0) < share) {
            gone.insert(i);
        }
    }
    return gone;
}

TEST(GiantComponentTest, IsWhatASearchFinds) {
    const int ranks = mpi::Communicator::world().size();
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        const ArcTopology weighted = random_weighted(80, 90, seed);
        const ArcTopology ring(90, ring_arcs(90, 2), uniform_traits());
        for (const ArcTopology* topology : {&weighted, &ring}) {
            for (const double share : {0.0, 0.1, 0.5, 1.0}) {
                const auto gone = some_of(topology->agents(), share, seed);
                const std::int64_t expected = searched(*topology, gone);
                EXPECT_EQ(found(*topology, Partition::block(topology->agents(), ranks), gone),
                          expected);
                EXPECT_EQ(
                    found(*topology, Partition::random(topology->agents(), ranks, seed), gone),
                    expected);
            }
        }
    }
}

TEST(GiantComponentTest, OfACompleteGraphIsAllThatLive) {
    topology::Spec spec;
    spec.generator = "complete";
    spec.agents = 40;
    const auto complete = topology::make(spec);
    const int ranks = mpi::Communicator::world().size();
    EXPECT_EQ(found(*complete, Partition::block(40, ranks), {1, 2, 39}), 37);
}

/// Random 4-regular graphs: with a share phi left, phi (1 - u^4) of all are in the giant component,
/// u = 1 - phi + phi u^3 (generating functions of the configuration model).
TEST(GiantComponentTest, OfRandomRegularGraphsIsThatOfPercolation) {
    const int ranks = mpi::Communicator::world().size();
    const AgentId agents = 20000;
    topology::Spec spec;
    spec.generator = "random-regular";
    spec.agents = agents;
    spec.set("degree", std::int64_t{4});
    spec.seed = 5;
    const auto graph = topology::make(spec);
    for (const double removed : {0.3, 0.5, 0.6}) {
        const double left = 1.0 - removed;
        double u = 0.0;
        for (int i = 0; i < 10000; ++i) u = 1.0 - left + left * u * u * u;
        const double expected = left * (1.0 - u * u * u * u);
        const auto size =
            found(*graph, Partition::block(agents, ranks), some_of(agents, removed, 3));
        EXPECT_NEAR(static_cast<double>(size) / static_cast<double>(agents), expected,
                    6.0 / std::sqrt(static_cast<double>(agents)))
            << removed;
    }
}

}  // namespace
}  // namespace motley::test

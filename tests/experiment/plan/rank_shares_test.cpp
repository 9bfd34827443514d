// What parts would hold and exchange, against the graphs that ranks build.
#include "motley/experiment/plan/rank_shares.hpp"

#include <gtest/gtest.h>

#include "motley/network/distributed_graph.hpp"
#include "motley/partition/partition.hpp"
#include "motley/topology/topology.hpp"

namespace motley::test {
namespace {

using partition::Partition;

topology::Spec spec_of(const std::string& generator) {
    topology::Spec spec;
    spec.generator = generator;
    spec.seed = 5;
    if (generator == "torus") {
        spec.set("shape", {12, 8});
    } else if (generator == "barabasi-albert") {
        spec.agents = 200;
        spec.set("degree", std::int64_t{4});
    } else {
        spec.agents = 97;
        if (generator == "erdos-renyi") spec.set("edge_probability", 0.02);
        if (generator == "de-bruijn") {  // directed
            spec.agents.reset();
            spec.set("base", std::int64_t{3});
            spec.set("length", std::int64_t{4});
        }
    }
    return spec;
}

TEST(RankSharesTest, EveryCountIsThatOfTheGraphThatTheRankBuilds) {
    const auto comm = mpi::Communicator::world();
    constexpr int ranks_per_node = 2;
    const auto node = comm.split_by_node(ranks_per_node);
    struct Machine {
        int ranks_per_node;
        std::int64_t nodes_per_island;
        bool shared_link;
    };
    const std::vector<Machine> machines = {{1, 1, false}, {1, 1, true}, {1, 2, false},
                                           {1, 2, true},  {2, 1, true}, {2, 0, false}};
    for (const char* generator :
         {"torus", "barabasi-albert", "erdos-renyi", "de-bruijn", "isolated", "star", "complete"}) {
        const auto topology = topology::make(spec_of(generator));
        for (const bool blocks : {true, false}) {
            const auto partition = blocks ? Partition::block(topology->agents(), comm.size())
                                          : Partition::random(topology->agents(), comm.size(), 3);
            const auto share = experiment::rank_shares(*topology, partition, ranks_per_node,
                                                       {})[static_cast<std::size_t>(comm.rank())];
            const auto graph = network::DistributedGraph<double>::build(*topology, partition, comm);
            SCOPED_TRACE(std::string(generator) + (blocks ? ", blocks" : ", random"));
            EXPECT_EQ(share.agents, graph.owned());
            if (!graph.has_arcs()) {
                EXPECT_EQ(share.interior, 0);
                EXPECT_EQ(share.leaving, 0);
                continue;
            }
            EXPECT_EQ(share.arcs, graph.arcs());
            EXPECT_EQ(share.interior, graph.interior());
            EXPECT_EQ(share.ghosts, graph.ghosts());
            EXPECT_EQ(share.sent, graph.plan().sent_units());
            EXPECT_EQ(share.messages, std::ssize(graph.plan().send_ranks));
            EXPECT_EQ(share.leaving, mpi::units_leaving_node(comm, node, graph.plan()));
            EXPECT_EQ(experiment::rank_shares(*topology, partition, 0, {}).front().leaving, 0);
            for (const auto& [per_node, nodes, shared] : machines) {
                const measure::Islands islands = {.nodes = nodes, .shared_link = shared};
                const auto counts =
                    experiment::rank_shares(*topology, partition, per_node, islands);
                const auto load = measure::exchange_load(graph.plan(), 1, comm,
                                                         comm.split_by_node(per_node), islands);
                EXPECT_EQ(
                    static_cast<double>(counts[static_cast<std::size_t>(comm.rank())].crossing),
                    load.crossing)
                    << per_node << " ranks per node, " << nodes << " nodes per island";
            }
        }
    }
}

TEST(RankSharesTest, IslandsOfARingSendARowToEachOfTheirTwoNeighbours) {
    topology::Spec spec;
    spec.generator = "ring";
    spec.agents = 64;
    spec.set("degree", std::int64_t{2});
    const auto topology = topology::make(spec);
    const auto partition = Partition::block(64, 16);
    const auto crossing = [&](std::int64_t nodes, bool shared) {
        const auto shares = experiment::rank_shares(*topology, partition, 2,
                                                    {.nodes = nodes, .shared_link = shared});
        for (const auto& share : shares) EXPECT_EQ(share.crossing, shares.front().crossing);
        return shares.front().crossing;
    };
    EXPECT_EQ(crossing(0, false), 0);
    EXPECT_EQ(crossing(1, false), 1);
    EXPECT_EQ(crossing(2, false), 1);
    EXPECT_EQ(crossing(2, true), 2);
    // Two islands of 4 nodes have one link, over both ends of which the ring goes.
    EXPECT_EQ(crossing(4, false), 2);
    EXPECT_EQ(crossing(4, true), 2);
    EXPECT_EQ(crossing(8, true), 0);
}

}  // namespace
}  // namespace motley::test

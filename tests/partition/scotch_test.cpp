// PT-Scotch on all ranks: good cuts, one result for all ranks, odd inputs.
#include <cstdio>

#include "graphs.hpp"
#include "motley/partition/distributed.hpp"

// Scotch's headers use FILE and int64_t without including them: last.
// clang-format off
#include <ptscotch.h>
// clang-format on

namespace motley {
namespace {

using mpi::Communicator;
using partition::by_scotch;
using partition::Partition;
using test::ListTopology;
using test::owners_of;

std::string as_text(const Partition& partition) {
    std::string text;
    for (const auto owner : owners_of(partition)) text += std::to_string(owner) + " ";
    return text;
}

/// The result, after a check that it is whole and the same on every rank.
Partition scotch(const topology::Topology& topology, int parts, std::uint64_t seed = 1) {
    const auto world = Communicator::world();
    Partition partition = by_scotch(topology, world, parts, seed);
    EXPECT_EQ(partition.agents(), topology.agents());
    EXPECT_EQ(partition.parts(), parts);
    test::expect_whole(partition);
    const std::string mine = as_text(partition);
    for (const auto& other : world.all_gather(mine)) EXPECT_EQ(mine, other);
    return partition;
}

test::Pairs shuffled_grid() {
    return test::shuffled(test::grid(64, 64), 64 * 64, 3);
}

TEST(Scotch, FindsAShuffledGridAgain) {
    const auto pairs = shuffled_grid();
    const auto rows = test::simple_rows(64 * 64, pairs);
    const auto found = partition::quality(rows, scotch(ListTopology(64 * 64, pairs), 16), "scotch");
    // Sixteen squares cut 6 lines of 64 edges.
    EXPECT_LT(static_cast<double>(found.edge_cut), 1.3 * 6 * 64);
    EXPECT_LT(static_cast<double>(found.ghosts), 1.3 * 2 * 6 * 64);
    EXPECT_LE(found.imbalance, 1.05);
}

TEST(Scotch, SameInputSameResult) {
    const ListTopology topology(3000, test::random_pairs(3000, 9000, 5));
    const auto owners = owners_of(scotch(topology, 6));
    for (int again = 0; again < 3; ++again) EXPECT_EQ(owners_of(scotch(topology, 6)), owners);
    EXPECT_NE(owners_of(scotch(topology, 6, 2)), owners);
}

TEST(Scotch, DirectionLoopsAndDuplicatesDoNotMatter) {
    const auto pairs = shuffled_grid();
    const auto owners = owners_of(scotch(ListTopology(64 * 64, pairs), 5));
    test::Pairs both = pairs;
    for (const auto& [a, b] : pairs) both.emplace_back(b, a);
    ListTopology symmetric(64 * 64, both);
    symmetric.traits_.symmetric_uniform = true;
    EXPECT_EQ(owners_of(scotch(symmetric, 5)), owners);
    for (AgentId i = 0; i < 64; ++i) both.emplace_back(i, i);
    // Only some pairs repeat: as parallel edges they would weigh more than the others.
    for (int copy = 0; copy < 5; ++copy) {
        both.insert(both.end(), pairs.begin(), pairs.begin() + 3000);
    }
    EXPECT_EQ(owners_of(scotch(ListTopology(64 * 64, both), 5)), owners);
}

TEST(Scotch, IsolatedAgentsAndSeparateComponents) {
    const auto pairs = test::ring(20);
    const auto rows = test::simple_rows(100, pairs);
    const auto found = partition::quality(rows, scotch(ListTopology(100, pairs), 4), "scotch");
    EXPECT_LE(found.imbalance, 1.05);
    EXPECT_LE(found.edge_cut, 8);
}

TEST(Scotch, SmallAndEmptyGraphs) {
    const auto expect_block = [](AgentId agents, const test::Pairs& pairs, int parts) {
        EXPECT_EQ(owners_of(scotch(ListTopology(agents, pairs), parts)),
                  owners_of(Partition::block(agents, parts)));
    };
    expect_block(12, test::ring(12), 1);
    expect_block(12, test::ring(12), 12);
    expect_block(12, test::ring(12), 40);
    expect_block(50, {}, 3);
    expect_block(50, {{3, 3}}, 3);  // a loop is no edge
    expect_block(1, {}, 1);
    expect_block(1, {}, 3);
    // Fewer arcs than ranks: some chunks and some blocks of rows are empty.
    const auto two = scotch(ListTopology(3, {{0, 2}}), 2);
    EXPECT_EQ(two.owner(0), two.owner(2));
}

TEST(Scotch, WorksOnACommunicatorOfItsOwn) {
    const auto self = Communicator::self();
    const auto pairs = shuffled_grid();
    const Partition partition = by_scotch(ListTopology(64 * 64, pairs), self, 8, 1);
    test::expect_whole(partition);
    const auto quality = partition::quality(test::simple_rows(64 * 64, pairs), partition, "scotch");
    EXPECT_LT(quality.edge_cut, 400);  // eight rectangles of 16 x 32: 4 lines of 64 edges, 256
}

/// Fails in its last chunk, as a file with a bad line near its end does.
class BrokenRows final : public topology::Topology {
  public:
    AgentId agents() const override { return 100; }
    topology::Traits traits() const override { return {}; }
    void arcs(std::int64_t chunk, std::int64_t chunks, const topology::ArcSink&) const override {
        if (chunk == chunks - 1) throw input_error("bad arc", Where{"graph.txt", 17, 2});
    }
};

TEST(Scotch, FailureOfOneRankReachesAll) {
    const auto world = Communicator::world();
    try {
        by_scotch(BrokenRows(), world, 4, 1);
        ADD_FAILURE() << "nothing was thrown";
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::input);
        EXPECT_STREQ(error.what(), "graph.txt:17:2: bad arc");
        EXPECT_EQ(error.rank(), world.size() - 1);
    }
}

TEST(Scotch, TooLargeGraphsAreRefused) {
    if (sizeof(SCOTCH_Num) > 4) GTEST_SKIP() << "this Scotch has 64-bit ids";
    test::expect_error(
        ErrorKind::usage, "the graph has 3000000000 agents, too many for this build",
        [] { by_scotch(ListTopology(3000000000, {}), Communicator::world(), 4, 1); });
    test::expect_error(ErrorKind::internal, "PT-Scotch over 0 parts",
                       [] { by_scotch(ListTopology(3, {}), Communicator::world(), 0, 1); });
}

TEST(Scotch, ItsComplaintsAreNotPrinted) {
    SCOTCH_Strat strategy;
    ASSERT_EQ(SCOTCH_stratInit(&strategy), 0);
    testing::internal::CaptureStderr();
    const int code = SCOTCH_stratDgraphMap(&strategy, "no strategy {");
    std::fflush(stderr);
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
    EXPECT_NE(code, 0);
    SCOTCH_stratExit(&strategy);
}

}  // namespace
}  // namespace motley

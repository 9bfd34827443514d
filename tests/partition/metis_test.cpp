// METIS on grids whose best cut is known, and where METIS alone would fail.
#include "graphs.hpp"

namespace motley {
namespace {

using partition::by_metis;
using partition::Partition;
using test::owners_of;
using test::simple_rows;

TEST(Metis, FindsAShuffledGridAgain) {
    const AgentId agents = 64 * 64;
    const auto rows = simple_rows(agents, test::shuffled(test::grid(64, 64), agents, 3));
    const Partition metis = by_metis(rows, 16, 1);
    test::expect_whole(metis);
    const auto found = partition::quality(rows, metis, "metis");
    const auto block = partition::quality(rows, Partition::block(agents, 16), "block");
    // Sixteen squares cut 6 lines of 64 edges; blocks of a shuffled grid cut 15/16 of all 8064.
    const double squares = 6.0 * 64;
    EXPECT_GT(static_cast<double>(block.edge_cut), 0.9 * 8064);
    EXPECT_LT(static_cast<double>(found.edge_cut), 1.3 * squares);
    EXPECT_LT(static_cast<double>(found.ghosts), 1.3 * 2 * squares);
    EXPECT_LE(found.imbalance, 1.05);
}

TEST(Metis, SameInputSameResult) {
    const auto rows = simple_rows(400, test::random_pairs(400, 1200, 4));
    const auto owners = owners_of(by_metis(rows, 7, 9));
    EXPECT_EQ(owners, owners_of(by_metis(rows, 7, 9)));
    EXPECT_NE(owners, owners_of(by_metis(rows, 7, std::uint64_t{9} << 40)));
}

TEST(Metis, OnePartHoldsAll) {
    const auto owners = owners_of(by_metis(simple_rows(12, test::ring(12)), 1, 1));
    EXPECT_EQ(owners, std::vector<std::int32_t>(12, 0));
}

TEST(Metis, IsolatedAgentsAreSpread) {
    const auto rows = simple_rows(100, test::ring(20));
    const Partition partition = by_metis(rows, 4, 1);
    test::expect_whole(partition);
    const auto quality = partition::quality(rows, partition, "metis");
    EXPECT_LE(quality.imbalance, 1.05);
    EXPECT_LE(quality.edge_cut, 4);
}

TEST(Metis, SeparateComponentsAreNotCut) {
    test::Pairs pairs;
    for (AgentId c = 0; c < 4; ++c) {
        for (const auto& [a, b] : test::grid(5, 5)) pairs.emplace_back(25 * c + a, 25 * c + b);
    }
    const auto rows = simple_rows(100, test::shuffled(pairs, 100, 8));
    const auto quality = partition::quality(rows, by_metis(rows, 4, 1), "metis");
    EXPECT_EQ(quality.edge_cut, 0);
    EXPECT_EQ(quality.imbalance, 1.0);
}

// METIS itself puts all agents into one part, prints, or divides by zero on these.
TEST(Metis, FallsBackToBlocksWhereMetisFails) {
    const auto expect_block = [](const topology::Csr& rows, int parts) {
        const Partition partition = by_metis(rows, parts, 1);
        test::expect_whole(partition);
        EXPECT_EQ(partition.parts(), parts);
        EXPECT_EQ(owners_of(partition), owners_of(Partition::block(rows.agents, parts)));
    };
    expect_block(simple_rows(20, test::ring(20)), 20);
    expect_block(simple_rows(20, test::ring(20)), 64);
    expect_block(simple_rows(20, test::ring(20)), 17);  // METIS: parts of 3, some empty
    expect_block(simple_rows(3, test::ring(3)), 2);     // METIS: all in one part
    expect_block(simple_rows(100, {}), 7);
    expect_block(simple_rows(1, {}), 1);
    expect_block(simple_rows(1, {}), 2);
}

TEST(Metis, TooLargeGraphsAreRefused) {
    topology::Csr rows;
    rows.agents = AgentId{3} << 30;
    test::expect_error(ErrorKind::usage,
                       "3221225472 agents and 0 arcs is too large for METIS, whose ids have 32 "
                       "bits; use partition method \"scotch\"",
                       [&] { by_metis(rows, 4, 1); });
    rows.agents = 2;
    rows.offsets = {0, 1, std::int64_t{1} << 31};
    test::expect_error(ErrorKind::usage, "2 agents and 2147483648 arcs is too large for METIS",
                       [&] { by_metis(rows, 2, 1); });
    test::expect_error(ErrorKind::internal, "METIS over 0 parts",
                       [] { by_metis(simple_rows(2, {}), 0, 1); });
}

}  // namespace
}  // namespace motley

// Partition quality against exact small cases and a brute-force count.
#include "graphs.hpp"

namespace motley {
namespace {

using partition::Partition;
using partition::Quality;
using test::simple_rows;

TEST(Quality, RingOfTwelveOverThree) {
    const Quality q =
        partition::quality(simple_rows(12, test::ring(12)), Partition::block(12, 3), "block");
    EXPECT_EQ(q.method, "block");
    EXPECT_EQ(q.parts, 3);
    EXPECT_EQ(q.edge_cut, 3);
    EXPECT_EQ(q.ghosts, 6);
    EXPECT_EQ(q.ghosts_max, 2);
    EXPECT_EQ(q.neighbours_max, 2);
    EXPECT_EQ(q.neighbours_mean, 2.0);
    EXPECT_EQ(q.imbalance, 1.0);
    EXPECT_EQ(q.arc_imbalance, 1.0);
}

TEST(Quality, OpenGridByRows) {
    // 4 x 4, one row of the grid per part: 3 borders of 4 edges; inner rows have 14 of 48 arcs.
    const Quality q =
        partition::quality(simple_rows(16, test::grid(4, 4)), Partition::block(16, 4), "block");
    EXPECT_EQ(q.edge_cut, 12);
    EXPECT_EQ(q.ghosts, 24);
    EXPECT_EQ(q.ghosts_max, 8);
    EXPECT_EQ(q.neighbours_max, 2);
    EXPECT_EQ(q.neighbours_mean, 1.5);
    EXPECT_EQ(q.imbalance, 1.0);
    EXPECT_DOUBLE_EQ(q.arc_imbalance, 14.0 * 4 / 48);
}

TEST(Quality, SharedGhostCountsOnce) {
    // Agents 0..3 all see agent 4 alone on the other part: 4 edges, 1 ghost there, 4 ghosts back.
    const Quality q = partition::quality(simple_rows(5, {{0, 4}, {1, 4}, {2, 4}, {3, 4}}),
                                         Partition::from_owners({0, 0, 0, 0, 1}, 2), "file");
    EXPECT_EQ(q.edge_cut, 4);
    EXPECT_EQ(q.ghosts, 5);
    EXPECT_EQ(q.ghosts_max, 4);
    EXPECT_DOUBLE_EQ(q.imbalance, 4 / 2.5);
    EXPECT_EQ(q.arc_imbalance, 1.0);
}

TEST(Quality, EmptyPartsAndNoArcs) {
    const Quality pair =
        partition::quality(simple_rows(2, {{0, 1}}), Partition::block(2, 4), "block");
    EXPECT_EQ(pair.edge_cut, 1);
    EXPECT_EQ(pair.ghosts, 2);
    EXPECT_EQ(pair.neighbours_max, 1);
    EXPECT_EQ(pair.neighbours_mean, 0.5);
    EXPECT_EQ(pair.imbalance, 2.0);
    const Quality none = partition::quality(simple_rows(4, {}), Partition::block(4, 2), "block");
    EXPECT_EQ(none.edge_cut, 0);
    EXPECT_EQ(none.ghosts, 0);
    EXPECT_EQ(none.neighbours_max, 0);
    EXPECT_EQ(none.arc_imbalance, 1.0);
    EXPECT_EQ(partition::quality(simple_rows(0, {}), Partition::block(0, 2), "block").imbalance,
              1.0);
}

/// Sets and full tables: one set of ghosts and one of neighbours per part.
Quality brute_force(const topology::Csr& rows, const Partition& partition) {
    const auto parts = static_cast<std::size_t>(partition.parts());
    std::vector<std::set<AgentId>> ghosts(parts);
    std::vector<std::set<int>> neighbours(parts);
    std::vector<double> agents(parts, 0.0), arcs(parts, 0.0);
    std::set<std::pair<AgentId, AgentId>> cut;
    for (AgentId i = 0; i < rows.agents; ++i) {
        const int mine = partition.owner(i);
        const auto m = static_cast<std::size_t>(mine);
        agents[m] += 1.0;
        for (auto a = rows.offsets[static_cast<std::size_t>(i)];
             a < rows.offsets[static_cast<std::size_t>(i) + 1]; ++a) {
            const AgentId j = rows.targets[static_cast<std::size_t>(a)];
            arcs[m] += 1.0;
            if (partition.owner(j) == mine) continue;
            ghosts[m].insert(j);
            neighbours[m].insert(partition.owner(j));
            cut.emplace(std::min(i, j), std::max(i, j));
        }
    }
    Quality q;
    q.edge_cut = static_cast<std::int64_t>(cut.size());
    for (std::size_t p = 0; p < parts; ++p) {
        q.ghosts += static_cast<std::int64_t>(ghosts[p].size());
        q.ghosts_max = std::max(q.ghosts_max, static_cast<std::int64_t>(ghosts[p].size()));
        const auto degree = static_cast<std::int64_t>(neighbours[p].size());
        q.neighbours_max = std::max(q.neighbours_max, degree);
        q.neighbours_mean += static_cast<double>(degree) / static_cast<double>(parts);
    }
    q.imbalance =
        std::ranges::max(agents) * static_cast<double>(parts) / static_cast<double>(rows.agents);
    q.arc_imbalance = std::ranges::max(arcs) * static_cast<double>(parts) /
                      static_cast<double>(rows.offsets.back());
    return q;
}

TEST(Quality, AgreesWithBruteForce) {
    for (std::uint64_t seed = 0; seed < 30; ++seed) {
        const AgentId agents = 5 + static_cast<AgentId>(seed) * 3;
        const auto rows = simple_rows(agents, test::random_pairs(agents, 120, seed));
        for (const int parts : {1, 2, 5, 13, 120}) {
            for (const Partition& partition :
                 {Partition::block(agents, parts), Partition::random(agents, parts, seed)}) {
                const Quality fast = partition::quality(rows, partition, "x");
                const Quality slow = brute_force(rows, partition);
                EXPECT_EQ(fast.edge_cut, slow.edge_cut);
                EXPECT_EQ(fast.ghosts, slow.ghosts);
                EXPECT_EQ(fast.ghosts_max, slow.ghosts_max);
                EXPECT_EQ(fast.neighbours_max, slow.neighbours_max);
                EXPECT_NEAR(fast.neighbours_mean, slow.neighbours_mean, 1e-12);
                EXPECT_DOUBLE_EQ(fast.imbalance, slow.imbalance);
                EXPECT_DOUBLE_EQ(fast.arc_imbalance, slow.arc_imbalance);
            }
        }
    }
}

TEST(Quality, RefusesAnotherGraph) {
    test::expect_error(ErrorKind::internal, "a partition of 5 agents was given with rows of 4", [] {
        partition::quality(simple_rows(4, {}), Partition::block(5, 2), "block");
    });
}

}  // namespace
}  // namespace motley

// Partition along levels: the outermost groups that balance within 5 % stay whole.
#include <cmath>

#include "graphs.hpp"

namespace motley {
namespace {

using partition::by_levels;
using partition::Partition;
using test::owners_of;

test::ListTopology nested(const std::vector<AgentId>& groups) {
    AgentId agents = 1;
    for (const AgentId count : groups) agents *= count;
    test::ListTopology topology(agents, {});
    for (const AgentId count : groups) topology.levels_.push_back({"level", count, 1.0, 1.0});
    return topology;
}

void expect_groups(const std::vector<AgentId>& levels, int parts, AgentId group) {
    const auto topology = nested(levels);
    const Partition partition = by_levels(topology, parts);
    test::expect_whole(partition);
    EXPECT_EQ(owners_of(partition), owners_of(Partition::groups(topology.agents(), group, parts)))
        << parts << " parts";
}

TEST(Levels, WholeGroupsOfTheOutermostLevelThatBalances) {
    expect_groups({4, 3, 5}, 1, 15);
    expect_groups({4, 3, 5}, 2, 15);  // two groups of 15 each
    expect_groups({4, 3, 5}, 4, 15);
    expect_groups({4, 3, 5}, 3, 5);  // 4 groups over 3 do not balance, 12 do
    expect_groups({4, 3, 5}, 6, 5);
    expect_groups({4, 3, 5}, 5, 1);  // only single agents do
}

TEST(Levels, FivePerCentIsTheLimit) {
    expect_groups({20, 10}, 3, 10);  // 7 of 20 groups on the largest: 1.05 x mean
    expect_groups({19, 10}, 3, 1);   // 7 of 19: 1.105 x mean
    expect_groups({19, 10}, 10, 1);  // 2 of 19: 1.0526 x mean
    expect_groups({41, 10}, 2, 10);  // 21 of 41: 1.024 x mean
}

TEST(Levels, FallsBackToBlocks) {
    expect_groups({2, 3}, 4, 1);    // 6 agents over 4: 2 against a mean of 1.5
    expect_groups({2, 3}, 6, 1);    // one agent each
    expect_groups({2, 3}, 100, 1);  // more parts than agents
    expect_groups({1}, 3, 1);
}

TEST(Levels, NoCoarserGroupsWouldBalance) {
    const std::vector<AgentId> levels{6, 5, 4, 7};
    const auto topology = nested(levels);
    for (int parts = 1; parts <= 60; ++parts) {
        const Partition partition = by_levels(topology, parts);
        AgentId group = topology.agents();
        for (const AgentId count : levels) {
            group /= count;
            const AgentId units = topology.agents() / group;
            const auto mean = static_cast<double>(units) / parts;
            const auto largest = (units + parts - 1) / parts;
            if (static_cast<double>(largest) / mean > 1.05 + 1e-12) continue;
            for (AgentId i = 0; i < topology.agents(); ++i) {
                ASSERT_EQ(partition.owner(i), partition.owner(i / group * group)) << parts;
            }
            break;
        }
        std::size_t most = 0;
        for (int part = 0; part < parts; ++part) {
            most = std::max(most, partition.owned(part).size());
        }
        // Within 5 % of the mean, or as even as single agents can be.
        const double mean = 840.0 / parts;
        EXPECT_LE(static_cast<double>(most), std::max(1.05 * mean, std::ceil(mean)) + 1e-9);
    }
}

TEST(Levels, GeneratedNestedTopologyIsCutBetweenItsOutermostGroups) {
    topology::Spec spec;
    spec.generator = "nested";
    spec.levels.resize(2);
    spec.levels[0].generator = "ring";
    spec.levels[0].agents = 6;
    spec.levels[0].set("degree", 2);
    spec.levels[0].share = 0.25;
    spec.levels[1].generator = "complete";
    spec.levels[1].agents = 7;
    spec.levels[1].share = 0.75;
    const auto topology = topology::make(spec);
    test::Pairs pairs;
    topology->arcs(0, 1, [&](std::span<const topology::Arc> arcs) {
        for (const auto& arc : arcs) pairs.emplace_back(arc.source, arc.target);
    });
    const auto rows = test::simple_rows(42, pairs);
    const auto quality = partition::quality(rows, by_levels(*topology, 3), "levels");
    // Six cliques of 7 in a ring, two per part: 3 borders of 7 parallel edges, no clique is cut.
    EXPECT_EQ(quality.edge_cut, 21);
    EXPECT_EQ(quality.ghosts, 42);
    EXPECT_EQ(quality.imbalance, 1.0);
}

TEST(Levels, NeedsANestedTopology) {
    test::expect_error(ErrorKind::usage, "\"levels\" needs a nested topology",
                       [] { by_levels(test::ListTopology(5, {}), 2); });
}

TEST(Levels, RefusesLevelsThatDoNotMultiplyToTheAgents) {
    test::ListTopology topology(10, {});
    topology.levels_.push_back({"odd", 3, 1.0, 1.0});
    test::expect_error(ErrorKind::internal, "do not multiply to 10 agents",
                       [&] { by_levels(topology, 2); });
}

}  // namespace
}  // namespace motley

// Failures of parts against known results on small fabrics.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "graphs.hpp"

namespace motley::fabric {
namespace {

TEST(Failures, EveryPartOfAFatTreeIsListed) {
    const FabricGraph graph = test::fat_tree(4);
    EXPECT_EQ(every(graph, FabricPart::link).size(), 48U);      // 3 k^3 / 4
    EXPECT_EQ(every(graph, FabricPart::switches).size(), 20U);  // 5 k^2 / 4
    EXPECT_EQ(every(graph, FabricPart::host).size(), 16U);      // k^3 / 4
    EXPECT_EQ(every(graph, FabricPart::rack).size(), 8U);       // k^2 / 2
    EXPECT_EQ(every(graph, FabricPart::rack)[1].name, "rack of switch 1");
}

TEST(Survey, LossOfARingLinkLeavesAPath) {
    // A path of 5: all-to-all sends 2 x 3 pairs of 1/4 over the link in the middle.
    std::vector<std::pair<int, int>> links;
    for (int v = 0; v < 5; ++v) links.emplace_back(v, (v + 1) % 5);
    const FabricGraph ring = test::linked(5, 5, links);
    const auto result = survey(ring, all_to_all(alive_hosts(ring)), every(ring, FabricPart::link),
                               FlowBounds::computed);
    ASSERT_EQ(result.outcomes.size(), 5U);
    for (const FailureOutcome& outcome : result.outcomes) {
        EXPECT_NEAR(outcome.ecmp, 4.0 / 6.0, 1e-12);
        EXPECT_NEAR(outcome.optimum.high, 4.0 / 6.0, 1e-9);
        EXPECT_EQ(outcome.served, 1.0);
    }
    EXPECT_EQ(result.disconnecting, 0);
    EXPECT_NEAR(result.mean, 4.0 / 6.0, 1e-12);
}

TEST(Survey, HostFailureTakesItsDemandsAway) {
    const FabricGraph graph = test::fat_tree(4);
    const auto result = survey(graph, all_to_all(alive_hosts(graph)),
                               every(graph, FabricPart::host), FlowBounds::computed);
    for (const FailureOutcome& outcome : result.outcomes) {
        EXPECT_NEAR(outcome.served, 15.0 * 14.0 / (16.0 * 15.0), 1e-12);
        EXPECT_EQ(outcome.disconnected, 0);
        // Each host sends 14/15 now, and its port is the limit.
        EXPECT_NEAR(outcome.optimum.low, 15.0 / 14.0, 1e-9);
    }
}

TEST(Survey, EdgeSwitchOfAFatTreeCutsItsHostsOff) {
    const FabricGraph graph = test::fat_tree(4);
    const auto traffic = all_to_all(alive_hosts(graph));
    const auto result =
        survey(graph, traffic, every(graph, FabricPart::switches), FlowBounds::skipped);
    // 8 edge switches: the two hosts of each are cut off from 14 others and from each other.
    EXPECT_EQ(result.disconnecting, 8);
    EXPECT_EQ(result.outcomes[0].disconnected, 2 * 2 * 14 + 2);
    EXPECT_NEAR(result.outcomes[0].served, 14.0 * 13.0 / (16.0 * 15.0), 1e-12);
    // The rack takes the hosts along: no host in service is cut off.
    EXPECT_EQ(
        survey(graph, traffic, every(graph, FabricPart::rack), FlowBounds::skipped).disconnecting,
        0);
}

TEST(Survey, CoreSwitchOfAFatTreeLeavesThreeOfFourPaths) {
    // Pod to pod at full rate: an aggregation switch that lost one of its two cores sends all that
    // ECMP gives it over the other one; the best routing uses three of four.
    const FabricGraph graph = test::fat_tree(4);
    std::vector<Demand> demands;
    for (int h = 0; h < 16; ++h) demands.push_back({h, (h + 4) % 16, 1.0});
    const Failure core = {.vertices = {graph.vertices() - 1}};
    const auto outcome = after(graph, Traffic(demands), core, FlowBounds::computed);
    EXPECT_NEAR(outcome.ecmp, 0.5, 1e-12);
    EXPECT_NEAR(outcome.optimum.low, 0.75, 1e-9);
    EXPECT_NEAR(outcome.optimum.high, 0.75, 1e-9);
}

TEST(RandomLinks, AreDistinctRepeatableAndAlikeLikely) {
    const FabricGraph graph = test::fat_tree(4);
    std::map<std::pair<int, int>, int> seen;
    for (std::uint64_t number = 0; number < 4800; ++number) {
        const auto failure = random_links(graph, Links::all, 3, 7, number);
        EXPECT_EQ(std::set(failure.links.begin(), failure.links.end()).size(), 3U);
        EXPECT_EQ(failure.links, random_links(graph, Links::all, 3, 7, number).links);
        for (const auto& link : failure.links) seen[link] += 1;
    }
    // 48 links, 300 each; the deviation of a count is about 17.
    for (const auto& [link, count] : seen) EXPECT_NEAR(count, 300, 5 * 17);
    EXPECT_THAT(test::refusal([&] { random_links(graph, Links::all, 49, 7, 0); }),
                testing::HasSubstr("has 48"));
    for (const auto& [a, b] : random_links(graph, Links::between_switches, 32, 7, 0).links) {
        EXPECT_FALSE(graph.is_host(a) || graph.is_host(b));
    }
}

}  // namespace
}  // namespace motley::fabric

// Traffic against the definitions of patterns and collectives.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <numeric>
#include <set>

#include "graphs.hpp"

namespace motley::fabric {
namespace {

using testing::HasSubstr;

std::vector<int> first_hosts(int count) {
    std::vector<int> hosts(static_cast<std::size_t>(count));
    std::iota(hosts.begin(), hosts.end(), 0);
    return hosts;
}

/// Hosts on one switch.
FabricGraph star(int hosts) {
    std::vector<std::pair<int, int>> links;
    for (int h = 0; h < hosts; ++h) links.emplace_back(h, hosts);
    return test::linked(hosts, hosts + 1, links);
}

TEST(Permutation, EveryHostSendsAndReceivesOnceAndNotItself) {
    for (std::uint64_t number = 0; number < 50; ++number) {
        const auto traffic = permutation(first_hosts(9), 1, number);
        std::set<int> sources, targets;
        for (const Demand& demand : traffic.demands()) {
            sources.insert(demand.source);
            targets.insert(demand.target);
        }
        EXPECT_EQ(sources.size(), 9U);
        EXPECT_EQ(targets.size(), 9U);
    }
}

TEST(Permutation, AllDerangementsAreAlikeLikely) {
    // 4 hosts have 9 derangements; 9,000 draws, 8 degrees of freedom: 99.9 % below 26.1.
    std::map<std::vector<int>, int> seen;
    for (std::uint64_t number = 0; number < 9000; ++number) {
        std::vector<int> targets;
        const auto traffic = permutation(first_hosts(4), 2, number);
        for (const Demand& demand : traffic.demands()) targets.push_back(demand.target);
        seen[targets] += 1;
    }
    ASSERT_EQ(seen.size(), 9U);
    double chi_square = 0.0;
    for (const auto& [targets, count] : seen) {
        chi_square += (count - 1000.0) * (count - 1000.0) / 1000.0;
    }
    EXPECT_LT(chi_square, 26.1);
}

TEST(Traffic, MergesPairsAndDropsWhatStaysAtHome) {
    const Traffic traffic({{1, 0, 1.0}, {0, 0, 5.0}, {0, 1, 0.0}, {1, 0, 2.0}});
    ASSERT_EQ(traffic.demands().size(), 1U);
    EXPECT_EQ(traffic.demands()[0].amount, 3.0);
    EXPECT_EQ((traffic + traffic * 2.0).total(), 9.0);
}

TEST(Traffic, RefusesSwitchesStrangersAndNegativeAmounts) {
    const FabricGraph graph = star(3);
    EXPECT_THAT(test::refusal([&] {
                    check(graph, Traffic({{0, 3, 1.0}}));
                }),
                HasSubstr("a switch"));
    EXPECT_THAT(test::refusal([&] {
                    check(graph, Traffic({{0, 7, 1.0}}));
                }),
                HasSubstr("not there"));
    EXPECT_THAT(test::refusal([&] { Traffic({{0, 1, -1.0}}); }), HasSubstr("zero or more"));
    const FabricGraph rest = graph.without({.vertices = {1}});
    EXPECT_THAT(test::refusal([&] {
                    check(rest, Traffic({{0, 1, 1.0}}));
                }),
                HasSubstr("host 1 is out of service"));
}

TEST(Placement, GivesHostsInOrderAndRefusesAFleetThatDoesNotFit) {
    const FabricGraph graph = star(6);
    const auto pools = place(graph, {{"prefill", 2}, {"decode", 4}});
    EXPECT_THAT(pools[0].hosts, testing::ElementsAre(0, 1));
    EXPECT_THAT(pools[1].hosts, testing::ElementsAre(2, 3, 4, 5));
    EXPECT_THAT(test::refusal([&] {
                    place(graph, {{"prefill", 4}, {"decode", 3}});
                }),
                HasSubstr("needs 7 hosts, the topology has 6"));
}

TEST(Placement, FlowsAreSpreadOverThePairsOfTwoPools) {
    const FabricGraph graph = star(6);
    const auto pools = place(graph, {{"prefill", 2}, {"decode", 4}});
    const auto traffic = between_pools(pools, {{0, 1, 8.0}});
    EXPECT_EQ(traffic.demands().size(), 8U);
    EXPECT_EQ(traffic.total(), 8.0);
    // Two senders of one port each: a quarter.
    EXPECT_DOUBLE_EQ(concurrent_flow(graph, traffic).low, 0.25);
    EXPECT_THAT(test::refusal([&] {
                    between_pools(pools, {{0, 2, 1.0}});
                }),
                HasSubstr("names class 2"));
}

class Collectives : public testing::TestWithParam<std::pair<Collective, int>> {};

TEST_P(Collectives, OnANonBlockingSwitchTheBusiestPortIsTheClosedForm) {
    const auto [kind, members] = GetParam();
    const FabricGraph graph = star(members);
    const auto routed = ecmp(graph, collective(kind, first_hosts(members), 96.0));
    EXPECT_NEAR(1.0 / routed.throughput, busiest_port(kind, members, 96.0), 1e-12 * 96.0);
}

INSTANTIATE_TEST_SUITE_P(All, Collectives,
                         testing::Values(std::pair(Collective::ring_all_reduce, 6),
                                         std::pair(Collective::ring_all_reduce, 2),
                                         std::pair(Collective::tree_all_reduce, 2),
                                         std::pair(Collective::tree_all_reduce, 4),
                                         std::pair(Collective::tree_all_reduce, 11),
                                         std::pair(Collective::halving_doubling_all_reduce, 8),
                                         std::pair(Collective::halving_doubling_all_reduce, 16),
                                         std::pair(Collective::ring_all_gather, 5),
                                         std::pair(Collective::ring_reduce_scatter, 7),
                                         std::pair(Collective::all_to_all, 6)));

TEST(HalvingDoubling, FoldsWhatIsBeyondAPowerOfTwo) {
    // 6 = 4 + 2: members 0 and 2 give everything to 1 and 3 and get it back; the four that are left
    // move 2 (3/4) V each.
    const auto traffic = collective(Collective::halving_doubling_all_reduce, first_hosts(6), 4.0);
    EXPECT_DOUBLE_EQ(traffic.total(), 2 * 2 * 4.0 + 4 * 2 * 3.0);
}

TEST(Hierarchical, RailsCarryOneShareEach) {
    // m nodes of g: inside 2 (g - 1)/g V per device, on the rail 2 (m - 1)/m V/g.
    const std::vector<std::vector<int>> nodes = {{0, 1}, {2, 3}, {4, 5}};
    double inside = 0.0, rails = 0.0;
    const auto traffic = hierarchical_all_reduce(nodes, 12.0);
    for (const Demand& demand : traffic.demands()) {
        (demand.source / 2 == demand.target / 2 ? inside : rails) += demand.amount;
    }
    EXPECT_DOUBLE_EQ(inside, 6 * 2 * 6.0);
    EXPECT_DOUBLE_EQ(rails, 6 * 2 * (2.0 / 3.0) * 6.0);
    EXPECT_THAT(test::refusal([] {
                    hierarchical_all_reduce({{0, 1}, {2}}, 1.0);
                }),
                HasSubstr("same number"));
}

TEST(Jobs, ShareTheFabric) {
    const FabricGraph graph = star(4);
    const auto one = permutation(first_hosts(4), 1, 0);
    EXPECT_DOUBLE_EQ(concurrent_flow(graph, one + one).low, 0.5);
}

}  // namespace
}  // namespace motley::fabric

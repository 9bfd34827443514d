// Throughput against closed forms, and the three solvers against one another.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "graphs.hpp"

namespace motley::fabric {
namespace {

using test::fabric_of;
using test::fat_tree;
using test::linked;

constexpr double exact = 1e-9;

FabricGraph generated(const std::string& generator, AgentId agents) {
    topology::Spec spec;
    spec.generator = generator;
    spec.agents = agents;
    spec.set("degree", 2);
    return fabric_of(spec);
}

FlowOptions with(Method method, double ratio = 0.01) {
    FlowOptions options;
    options.method = method;
    options.ratio = ratio;
    return options;
}

/// A graph with random links and capacities and a ring that connects it; some vertices are
/// switches.
FabricGraph random_graph(std::uint64_t number) {
    const Random random(5, Stream::test, number);
    std::uint32_t counter = 0;
    const int vertices = 5 + static_cast<int>(random.below(8, counter++));
    const int hosts = vertices - static_cast<int>(random.below(3, counter++));
    std::vector<Channel> channels;
    for (int v = 0; v < vertices; ++v) {
        channels.push_back({v, (v + 1) % vertices, 0.2 + random.uniform(counter++)});
        channels.push_back({(v + 1) % vertices, v, 0.2 + random.uniform(counter++)});
    }
    for (int i = 0; i < 2 * vertices; ++i) {
        const int a =
            static_cast<int>(random.below(static_cast<std::uint64_t>(vertices), counter++));
        const int b =
            static_cast<int>(random.below(static_cast<std::uint64_t>(vertices), counter++));
        if (a != b) channels.push_back({a, b, 0.2 + random.uniform(counter++)});
    }
    return {hosts, vertices, std::move(channels)};
}

Traffic random_traffic(const FabricGraph& graph, std::uint64_t number) {
    const Random random(6, Stream::test, number);
    std::uint32_t counter = 0;
    std::vector<Demand> demands;
    const auto hosts = static_cast<std::uint64_t>(graph.hosts());
    for (std::uint64_t i = 0; i < 3 * hosts; ++i) {
        const int source = static_cast<int>(random.below(hosts, counter++));
        const int target = static_cast<int>(random.below(hosts, counter++));
        demands.push_back({source, target, random.uniform(counter++)});
    }
    return Traffic(std::move(demands));
}

TEST(ConcurrentFlow, ApproximationAgreesWithTheProgrammeOnRandomGraphs) {
    for (std::uint64_t number = 0; number < 60; ++number) {
        const FabricGraph graph = random_graph(number);
        const Traffic traffic = random_traffic(graph, number);
        const auto programme = concurrent_flow(graph, traffic, with(Method::linear));
        const auto bound = concurrent_flow(graph, traffic, with(Method::approximate, 0.01));
        ASSERT_TRUE(programme.exact()) << number;
        EXPECT_LE(bound.low, programme.high * (1.0 + exact)) << number;
        EXPECT_GE(bound.high, programme.low * (1.0 - exact)) << number;
        EXPECT_LE(bound.high, bound.low * 1.01) << number << " after " << bound.sweeps;
    }
}

TEST(ConcurrentFlow, EcmpNeverExceedsTheOptimum) {
    for (std::uint64_t number = 0; number < 60; ++number) {
        const FabricGraph graph = random_graph(number);
        const Traffic traffic = random_traffic(graph, number);
        const double most = concurrent_flow(graph, traffic, with(Method::linear)).high;
        EXPECT_LE(ecmp(graph, traffic).throughput, most * (1.0 + exact)) << number;
        EXPECT_LE(ecmp(graph, traffic, Split::by_capacity).throughput, most * (1.0 + exact));
    }
}

/// Every host sends 1 in all. Optima where routing is symmetric: capacity of all channels over
/// demand times mean distance.
struct Form {
    std::string generator;
    AgentId agents;
    double throughput;
};

class AllToAll : public testing::TestWithParam<Form> {};

TEST_P(AllToAll, ReachesTheClosedForm) {
    const Form& form = GetParam();
    const FabricGraph graph = generated(form.generator, form.agents);
    const Traffic traffic = all_to_all(alive_hosts(graph));
    const auto bound = concurrent_flow(graph, traffic);
    EXPECT_NEAR(bound.low, form.throughput, exact);
    EXPECT_NEAR(bound.high, form.throughput, exact);
    const auto approximate = concurrent_flow(graph, traffic, with(Method::approximate));
    EXPECT_LE(approximate.low, form.throughput * (1.0 + exact));
    EXPECT_GE(approximate.high, form.throughput * (1.0 - exact));
}

// Ring of odd n: distances sum to (n^2 - 1) / 4 per host, two channels per host: 8 / (n + 1).
// Complete: 1 per pair, so n - 1. Hypercube of d dimensions: distances sum to d 2^(d-1), d channels
// per host: 2 (1 - 2^-d). Torus of s x s, s odd: distances sum to s (s^2 - 1) / 2, four channels:
// 8 (s^2 - 1) / (s (s^2 - 1)) = 8 / s.
INSTANTIATE_TEST_SUITE_P(Forms, AllToAll,
                         testing::Values(Form{"ring", 9, 0.8}, Form{"complete", 6, 5.0},
                                         Form{"hypercube", 16, 1.875}, Form{"torus", 25, 1.6}),
                         [](const auto& form) { return form.param.generator; });

TEST(ConcurrentFlow, HypercubeBisectionCarriesHalfOfItsHosts) {
    // Host v to its opposite: d hops, d channels per host.
    const FabricGraph graph = generated("hypercube", 16);
    std::vector<Demand> demands;
    for (int v = 0; v < 16; ++v) demands.push_back({v, 15 - v, 1.0});
    const auto bound = concurrent_flow(graph, Traffic(demands));
    EXPECT_NEAR(bound.low, 1.0, exact);
    // Across one dimension: 8 channels each way, all of them used by nothing else at best.
    demands.clear();
    for (int v = 0; v < 8; ++v) {
        for (int w = 8; w < 16; ++w) demands.push_back({v, w, 1.0 / 8.0});
    }
    EXPECT_NEAR(concurrent_flow(graph, Traffic(demands)).high, 1.0, exact);
}

TEST(ConcurrentFlow, StarIsLimitedByItsPorts) {
    const FabricGraph star = linked(5, 6, {{0, 5}, {1, 5}, {2, 5}, {3, 5}, {4, 5}});
    const auto all = assess(star, all_to_all(alive_hosts(star)));
    EXPECT_TRUE(all.optimum.exact());
    EXPECT_DOUBLE_EQ(all.optimum.low, 1.0);
    EXPECT_DOUBLE_EQ(all.ecmp.throughput, 1.0);
    const auto incast = assess(star, Traffic({{1, 0, 1.0}, {2, 0, 1.0}, {3, 0, 1.0}, {4, 0, 1.0}}));
    EXPECT_DOUBLE_EQ(incast.optimum.high, 0.25);
    EXPECT_EQ(star.name(star.channels()[static_cast<std::size_t>(incast.optimum.bottleneck)]),
              "switch 0 -> host 0");
}

TEST(ConcurrentFlow, SplitsOverPathsThatEcmpDoesNotUse) {
    // 0 to 1 directly, and by 2: ECMP takes one hop only.
    const FabricGraph triangle = linked(3, 3, {{0, 1}, {1, 2}, {0, 2}});
    const auto both = assess(triangle, Traffic({{0, 1, 1.0}}));
    EXPECT_NEAR(both.optimum.low, 2.0, exact);
    EXPECT_DOUBLE_EQ(both.ecmp.throughput, 1.0);
    EXPECT_NEAR(both.efficiency(), 0.5, exact);
}

TEST(ConcurrentFlow, SplitByCapacityFillsUnequalCables) {
    // 0 - {2, 3} - 1 with capacities 3 and 1.
    std::vector<Channel> channels;
    for (const auto& [relay, capacity] : {std::pair{2, 3.0}, std::pair{3, 1.0}}) {
        for (const int host : {0, 1}) {
            channels.push_back({host, relay, capacity});
            channels.push_back({relay, host, capacity});
        }
    }
    const FabricGraph graph(2, 4, channels);
    const Traffic traffic({{0, 1, 1.0}});
    EXPECT_DOUBLE_EQ(ecmp(graph, traffic).throughput, 2.0);
    EXPECT_DOUBLE_EQ(ecmp(graph, traffic, Split::by_capacity).throughput, 4.0);
    EXPECT_DOUBLE_EQ(concurrent_flow(graph, traffic).low, 4.0);
}

TEST(ConcurrentFlow, TargetStopsAsSoonAsItIsDecided) {
    const FabricGraph graph = generated("torus", 64);
    const Traffic traffic = permutation(alive_hosts(graph), 1, 0);
    FlowOptions options = with(Method::approximate, 1e-6);
    options.target = 1e-3;
    const auto bound = concurrent_flow(graph, traffic, options);
    EXPECT_GE(bound.low, options.target);
    EXPECT_LE(bound.sweeps, 4);
}

TEST(ConcurrentFlow, NothingToCarryHasNoLimitAndNoPathHasNoThroughput) {
    const FabricGraph apart = linked(4, 4, {{0, 1}, {2, 3}});
    EXPECT_TRUE(std::isinf(concurrent_flow(apart, Traffic()).low));
    EXPECT_TRUE(std::isinf(ecmp(apart, Traffic()).throughput));
    EXPECT_EQ(concurrent_flow(apart, Traffic({{0, 2, 1.0}})).high, 0.0);
    EXPECT_EQ(ecmp(apart, Traffic({{0, 2, 1.0}})).unreachable, 1);
    EXPECT_THAT(test::refusal([&] {
                    assess(apart, Traffic({{0, 2, 1.0}}));
                }),
                testing::HasSubstr("host 0 cannot reach host 2"));
}

TEST(FatTree, CarriesEveryPermutationInFull) {
    for (const int ports : {4, 6, 8}) {
        const FabricGraph graph = fat_tree(ports);
        for (std::uint64_t number = 0; number < 20; ++number) {
            const auto result = assess(graph, permutation(alive_hosts(graph), 3, number));
            EXPECT_TRUE(result.optimum.exact());
            EXPECT_EQ(result.optimum.low, 1.0);
            EXPECT_NEAR(result.ecmp.throughput, 1.0, 1e-12);
        }
        const auto all = assess(graph, all_to_all(alive_hosts(graph)));
        EXPECT_NEAR(all.optimum.low, 1.0, 1e-12);
        EXPECT_NEAR(all.ecmp.throughput, 1.0, 1e-12);
    }
}

TEST(FatTree, OversubscriptionDividesTheThroughput) {
    topology::Spec spec;
    spec.generator = "fat-tree";
    spec.set("arity", 4);
    spec.set("oversubscription", 2.0);
    const FabricGraph graph = fabric_of(spec);
    // All traffic leaves its pod: host h to h + half of all.
    std::vector<Demand> demands;
    for (int h = 0; h < graph.hosts(); ++h) {
        demands.push_back({h, (h + graph.hosts() / 2) % graph.hosts(), 1.0});
    }
    const auto result = assess(graph, Traffic(demands));
    EXPECT_NEAR(result.optimum.low, 0.5, exact);
    EXPECT_NEAR(result.ecmp.throughput, 0.5, exact);
}

}  // namespace
}  // namespace motley::fabric

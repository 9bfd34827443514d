// Graph statistics that several peers compute together: the same bits for any number of them.
#include <gtest/gtest.h>

#include <cmath>
#include <mutex>
#include <vector>

#include "motley/core/random.hpp"
#include "motley/topology/shared_statistics.hpp"
#include "support/arc_topology.hpp"
#include "threads.hpp"

namespace motley::topology {
namespace {

/// What `action(peers)` gives on each of so many peers.
template <class Action>
auto on_peers(int count, Action action) {
    using Result = decltype(action(Alone()));
    std::vector<Result> results(static_cast<std::size_t>(count));
    Threads(count).run([&](const Peers& peers, int place) {
        results[static_cast<std::size_t>(place)] = action(peers);
    });
    return results;
}

void expect_same_bits(double a, double b) {
    if (std::isnan(a) && std::isnan(b)) return;
    EXPECT_EQ(a, b);
}

void expect_same(const Statistics& a, const Statistics& b) {
    EXPECT_EQ(a.agents, b.agents);
    EXPECT_EQ(a.arcs, b.arcs);
    EXPECT_EQ(a.edges, b.edges);
    EXPECT_EQ(a.loops, b.loops);
    EXPECT_EQ(a.symmetric, b.symmetric);
    EXPECT_EQ(a.degree_min, b.degree_min);
    EXPECT_EQ(a.degree_max, b.degree_max);
    EXPECT_EQ(a.components, b.components);
    EXPECT_EQ(a.strong_components, b.strong_components);
    EXPECT_EQ(a.largest_component, b.largest_component);
    EXPECT_EQ(a.diameter_lower, b.diameter_lower);
    EXPECT_EQ(a.diameter_upper, b.diameter_upper);
    EXPECT_EQ(a.directed_diameter_lower, b.directed_diameter_lower);
    EXPECT_EQ(a.directed_diameter_upper, b.directed_diameter_upper);
    EXPECT_EQ(a.sources_sampled, b.sources_sampled);
    expect_same_bits(a.total_weight, b.total_weight);
    expect_same_bits(a.degree_mean, b.degree_mean);
    expect_same_bits(a.degree_deviation, b.degree_deviation);
    expect_same_bits(a.degree_skewness, b.degree_skewness);
    expect_same_bits(a.assortativity, b.assortativity);
    expect_same_bits(a.clustering_average, b.clustering_average);
    expect_same_bits(a.transitivity, b.transitivity);
    expect_same_bits(a.path_length_mean, b.path_length_mean);
    expect_same_bits(a.path_length_error, b.path_length_error);
    expect_same_bits(a.directed_path_length_mean, b.directed_path_length_mean);
    expect_same_bits(a.directed_path_length_error, b.directed_path_length_error);
    expect_same_bits(a.spectral_gap, b.spectral_gap);
    expect_same_bits(a.spectral_gap_error, b.spectral_gap_error);
}

constexpr int most_peers = 5;

/// The statistics of one peer, after those of two to five peers were found to be the same.
Statistics on_all(const Topology& topology, std::int64_t sources = 70) {
    const Statistics alone = statistics(topology, Alone(), sources);
    for (int count = 2; count <= most_peers; ++count) {
        SCOPED_TRACE(std::to_string(count) + " peers");
        for (const Statistics& each : on_peers(
                 count, [&](const Peers& peers) { return statistics(topology, peers, sources); })) {
            expect_same(each, alone);
        }
    }
    return alone;
}

test::ArcTopology arc_list(AgentId agents, std::vector<Arc> arcs) {
    return {agents, std::move(arcs), test::weighted_traits()};
}

/// Draws arcs with loops and parallel ones; with `both`, each has its opposite of the same weight.
test::ArcTopology drawn(AgentId agents, std::int64_t count, std::uint64_t seed, bool both,
                        bool weighted) {
    const Random random(seed, Stream::test, 11);
    const auto bound = static_cast<std::uint64_t>(agents);
    std::vector<Arc> arcs;
    for (std::uint32_t e = 0; e < static_cast<std::uint32_t>(count); ++e) {
        // Squares of the agents crowd the low ids, so that there are hubs.
        const double at = random.uniform(4 * e);
        const auto a = static_cast<AgentId>(at * at * static_cast<double>(agents));
        const auto b = static_cast<AgentId>(random.below(bound, 4 * e + 1));
        const double weight = weighted ? 0.5 + random.uniform(4 * e + 2) : 1.0;
        arcs.push_back({a, b, weight});
        if (both && a != b) arcs.push_back({b, a, weight});
    }
    return arc_list(agents, std::move(arcs));
}

TEST(PeersTest, UndirectedGraphsOfAnyDensity) {
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        const auto edges = static_cast<std::int64_t>(60 * seed);
        const Statistics s = on_all(drawn(200, edges, seed, true, seed % 2 == 0));
        EXPECT_TRUE(s.symmetric);
        EXPECT_GT(s.clustering_average + static_cast<double>(s.components), 0.0);
    }
}

TEST(PeersTest, DirectedGraphsWithLoopsAndParallelArcs) {
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        const auto arcs = static_cast<std::int64_t>(80 * seed);
        const Statistics s = on_all(drawn(200, arcs, seed, false, seed % 2 == 0));
        EXPECT_FALSE(s.symmetric);
        EXPECT_GE(s.strong_components, s.components);
    }
}

TEST(PeersTest, StrongComponentsOfPathsRingsAndChainsOfRings) {
    constexpr AgentId agents = 120;
    for (const AgentId stride : {1, 7, 77}) {  // neighbours within a peer, and far away
        const auto id = [&](AgentId i) { return i * stride % agents; };
        for (const AgentId ring : {1, 2, 5, 40, 120}) {
            // Rings of so many agents, one after the other, with an arc from each to the next.
            std::vector<Arc> arcs;
            for (AgentId i = 0; i < agents; ++i) {
                const bool last = i % ring == ring - 1;
                if (ring > 1) arcs.push_back({id(i), id(last ? i + 1 - ring : i + 1)});
                if (last && i + 1 < agents) arcs.push_back({id(i), id(i + 1)});
            }
            EXPECT_EQ(on_all(arc_list(agents, arcs), 1).strong_components, agents / ring) << ring;
            // The other way round, arcs go to lower ids.
            for (Arc& arc : arcs) std::swap(arc.source, arc.target);
            EXPECT_EQ(on_all(arc_list(agents, arcs), 1).strong_components, agents / ring) << ring;
        }
    }
}

TEST(PeersTest, StrongComponentsOfSparseGraphs) {
    // Around one arc for each agent: many small components, and a large one that begins to form.
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        const Random random(seed, Stream::test, 12);
        std::vector<Arc> arcs;
        for (std::uint32_t e = 0; e < 250 + 20 * seed; ++e) {
            arcs.push_back({static_cast<AgentId>(random.below(300, 2 * e)),
                            static_cast<AgentId>(random.below(300, 2 * e + 1))});
        }
        EXPECT_GT(on_all(arc_list(300, arcs), 1).strong_components, 1);
    }
}

TEST(PeersTest, AllSourcesAndFew) {
    const test::ArcTopology graph = drawn(150, 400, 3, true, false);
    const Statistics all = on_all(graph, 1000), few = on_all(graph, 3);
    EXPECT_EQ(all.diameter_lower, all.diameter_upper);
    EXPECT_LE(few.diameter_lower, all.diameter_lower);
    EXPECT_GE(few.diameter_upper, all.diameter_upper);
    on_all(drawn(150, 400, 3, false, false), 1000);
}

TEST(PeersTest, NoArcsAndMorePeersThanAgents) {
    for (AgentId agents = 0; agents <= 6; ++agents) {
        const Statistics none = on_all(arc_list(agents, {}));
        EXPECT_EQ(none.components, agents);
        if (agents == 0) continue;
        const Statistics s = on_all(drawn(agents, 2 * agents, 5, true, true));
        EXPECT_EQ(s.agents, agents);
        on_all(drawn(agents, 2 * agents, 5, false, false));
    }
}

TEST(PeersTest, APathThroughAllPeersAgainAndAgain) {
    // Neighbours have far ids, so that each edge joins two peers and components grow by rounds.
    constexpr AgentId agents = 509;
    std::vector<Arc> arcs;
    const auto id = [](AgentId i) { return i * 197 % agents; };
    for (AgentId i = 0; i + 1 < agents; ++i) {
        arcs.push_back({id(i), id(i + 1)});
        arcs.push_back({id(i + 1), id(i)});
    }
    const Statistics s = on_all(arc_list(agents, arcs), 1);
    EXPECT_EQ(s.components, 1);
    EXPECT_EQ(s.diameter_lower, agents - 1);
    EXPECT_EQ(s.diameter_upper, agents - 1);
}

TEST(PeersTest, LongChainsWithinPeersAndAcrossThem) {
    // A ring through all blocks, and a path, a ring and agents alone that lie within one or two.
    std::vector<Arc> arcs;
    const auto chain = [&](AgentId first, AgentId last) {
        for (AgentId i = first; i < last; ++i) {
            arcs.push_back({i, i + 1});
            arcs.push_back({i + 1, i});
        }
    };
    const auto close = [&](AgentId first, AgentId last) {
        arcs.push_back({last, first});
        arcs.push_back({first, last});
    };
    chain(0, 599);
    close(0, 599);
    const Statistics ring = on_all(arc_list(600, arcs), 64);
    EXPECT_EQ(ring.diameter_lower, 300);
    EXPECT_DOUBLE_EQ(ring.path_length_mean, 150.0 * 600.0 / 599.0);
    arcs.clear();
    chain(10, 70);
    chain(300, 420);
    close(300, 420);
    for (const std::int64_t sources : {1, 64, 600}) {
        const Statistics s = on_all(arc_list(600, arcs), sources);
        EXPECT_EQ(s.components, 2 + 600 - 61 - 121);
        EXPECT_EQ(s.diameter_lower, 60);
    }
}

TEST(PeersTest, ManyComponents) {
    // Triangles whose agents lie far from each other, pairs, and agents alone.
    constexpr AgentId triangles = 70;
    std::vector<Arc> arcs;
    const auto join = [&](AgentId a, AgentId b) {
        arcs.push_back({a, b});
        arcs.push_back({b, a});
    };
    for (AgentId t = 0; t < triangles; ++t) {
        join(t, t + 100);
        join(t + 100, t + 200);
        join(t + 200, t);
        if (t < 20) join(t + 300, t + 330);
    }
    const Statistics s = on_all(arc_list(400, arcs), 64);
    EXPECT_EQ(s.components, triangles + 20 + (400 - 3 * triangles - 40));
    EXPECT_EQ(s.largest_component, 3);
    EXPECT_EQ(s.transitivity, 1.0);
    EXPECT_DOUBLE_EQ(s.clustering_average, 3.0 * triangles / 400.0);
    EXPECT_EQ(s.diameter_lower, 1);
}

TEST(PeersTest, OppositesOfOtherWeightOrSurvivalAreSeen) {
    const auto symmetric = [](const Arc& there, const Arc& back) {
        return on_all(arc_list(4, {there, back})).symmetric;
    };
    EXPECT_TRUE(symmetric({0, 3, 2.0, 0.5}, {3, 0, 2.0, 0.5}));
    EXPECT_FALSE(symmetric({0, 3, 2.0, 0.5}, {3, 0, 2.5, 0.5}));
    EXPECT_FALSE(symmetric({0, 3, 2.0, 0.5}, {3, 0, 2.0, 1.0}));
    EXPECT_FALSE(symmetric({0, 3, 1.0, 0.5}, {3, 1, 1.0, 0.5}));
    // A survival that is that of the graph, beside another one.
    EXPECT_TRUE(
        on_all(arc_list(4, {{0, 3}, {3, 0}, {0, 1, 1.0, 0.5}, {1, 0, 1.0, 0.5}})).symmetric);
}

TEST(PeersTest, SimpleRowsComeToTheFirst) {
    const test::ArcTopology graph = drawn(90, 200, 4, false, true);
    const Csr expected = undirected_simple(gather_rows(graph));
    for (int count = 1; count <= most_peers; ++count) {
        const auto rows =
            on_peers(count, [&](const Peers& peers) { return undirected_simple(graph, peers); });
        EXPECT_EQ(rows[0].offsets, expected.offsets);
        EXPECT_EQ(rows[0].targets, expected.targets);
        for (std::size_t place = 1; place < rows.size(); ++place) {
            EXPECT_TRUE(rows[place].targets.empty());
        }
    }
}

TEST(PeersTest, SecondModulus) {
    for (const bool weighted : {false, true}) {
        const test::ArcTopology graph = drawn(120, 600, 2, true, weighted);
        const double alone = second_modulus(graph, Alone());
        EXPECT_GT(alone, 0.1);
        EXPECT_LE(alone, 1.0);
        for (int count = 2; count <= most_peers; ++count) {
            for (const double each :
                 on_peers(count, [&](const Peers& p) { return second_modulus(graph, p); })) {
                EXPECT_EQ(each, alone);
            }
        }
    }
    EXPECT_TRUE(std::isnan(second_modulus(drawn(120, 600, 2, false, false), Alone())));
}

TEST(PeersTest, GeneratedGraphs) {
    for (const char* generator : {"watts-strogatz", "torus", "random-regular"}) {
        Spec spec;
        spec.generator = generator;
        spec.agents = 4096;
        spec.set("degree", 8);
        const Statistics s = on_all(*make(spec));
        EXPECT_EQ(s.components, 1) << generator;
        EXPECT_GT(s.spectral_gap, 0.0) << generator;
    }
}

}  // namespace
}  // namespace motley::topology

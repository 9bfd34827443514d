// Graph statistics against closed forms, hand-made cases and a slow independent reference.
#include <gtest/gtest.h>

#include <cmath>
#include <deque>
#include <set>

#include "motley/core/random.hpp"
#include "motley/topology/graph_statistics.hpp"

namespace motley::topology {
namespace {

/// Arcs given one by one, each chunk with its share of them.
class ListTopology : public Topology {
  public:
    ListTopology(AgentId agents, std::vector<Arc> arcs, Traits traits = {})
        : agents_(agents), arcs_(std::move(arcs)), traits_(traits) {}

    AgentId agents() const override { return agents_; }
    Traits traits() const override { return traits_; }
    void arcs(std::int64_t chunk, std::int64_t chunks, const ArcSink& sink) const override {
        const ChunkRange range = chunk_range(std::ssize(arcs_), chunk, chunks);
        sink(std::span(arcs_).subspan(static_cast<std::size_t>(range.begin),
                                      static_cast<std::size_t>(range.end - range.begin)));
    }

  private:
    AgentId agents_;
    std::vector<Arc> arcs_;
    Traits traits_;
};

using Pairs = std::vector<std::pair<AgentId, AgentId>>;

Csr undirected(AgentId agents, const Pairs& edges) {
    std::vector<Arc> arcs;
    for (const auto& [a, b] : edges) {
        arcs.push_back({a, b});
        arcs.push_back({b, a});
    }
    return gather_rows(ListTopology(agents, arcs));
}

Csr directed(AgentId agents, const Pairs& pairs) {
    std::vector<Arc> arcs;
    for (const auto& [a, b] : pairs) arcs.push_back({a, b});
    return gather_rows(ListTopology(agents, arcs));
}

Csr path(AgentId agents) {
    Pairs edges;
    for (AgentId i = 0; i + 1 < agents; ++i) edges.emplace_back(i, i + 1);
    return undirected(agents, edges);
}

/// Each agent linked to `reach` on each side.
Csr ring(AgentId agents, AgentId reach) {
    Pairs edges;
    for (AgentId i = 0; i < agents; ++i) {
        for (AgentId step = 1; step <= reach; ++step) edges.emplace_back(i, (i + step) % agents);
    }
    return undirected(agents, edges);
}

Csr torus(AgentId side) {
    Pairs edges;
    for (AgentId x = 0; x < side; ++x) {
        for (AgentId y = 0; y < side; ++y) {
            edges.emplace_back(x * side + y, x * side + (y + 1) % side);
            edges.emplace_back(x * side + y, ((x + 1) % side) * side + y);
        }
    }
    return undirected(side * side, edges);
}

Csr complete(AgentId agents) {
    Pairs edges;
    for (AgentId i = 0; i < agents; ++i) {
        for (AgentId j = i + 1; j < agents; ++j) edges.emplace_back(i, j);
    }
    return undirected(agents, edges);
}

Csr star(AgentId agents) {
    Pairs edges;
    for (AgentId i = 1; i < agents; ++i) edges.emplace_back(0, i);
    return undirected(agents, edges);
}

Csr hypercube(int dimensions) {
    Pairs edges;
    const AgentId agents = AgentId{1} << dimensions;
    for (AgentId i = 0; i < agents; ++i) {
        for (int d = 0; d < dimensions; ++d) {
            if ((i >> d & 1) == 0) edges.emplace_back(i, i | AgentId{1} << d);
        }
    }
    return undirected(agents, edges);
}

Csr random_graph(AgentId agents, std::int64_t edges, std::uint64_t seed) {
    const Random random(seed, Stream::test, 7);
    const auto bound = static_cast<std::uint64_t>(agents);
    Pairs pairs;
    for (std::uint32_t e = 0; e < static_cast<std::uint32_t>(edges); ++e) {
        pairs.emplace_back(static_cast<AgentId>(random.below(bound, 2 * e)),
                           static_cast<AgentId>(random.below(bound, 2 * e + 1)));
    }
    return directed(agents, pairs);
}

TEST(Rows, ParallelArcsAddUpOrCollapse) {
    const std::vector<Arc> arcs = {
        {1, 0, 2.0, 0.5}, {0, 2, 1.0, 1.0}, {1, 0, 6.0, 0.9}, {0, 1, 1.0, 1.0}, {1, 1, 1.0, 1.0}};
    Traits sum;
    sum.sum_parallel = true;
    const Csr rows = gather_rows(ListTopology(3, arcs, sum));
    EXPECT_EQ(rows.offsets, (std::vector<std::int64_t>{0, 2, 4, 4}));
    EXPECT_EQ(rows.targets, (std::vector<AgentId>{1, 2, 0, 1}));
    EXPECT_EQ(rows.weights, (std::vector<double>{1.0, 1.0, 8.0, 1.0}));
    ASSERT_EQ(rows.survivals.size(), 4u);
    EXPECT_NEAR(rows.survivals[2], (2.0 * 0.5 + 6.0 * 0.9) / 8.0, 1e-15);
    EXPECT_EQ(rows.survivals[3], 1.0);

    const Csr one = gather_rows(ListTopology(2, {{0, 1}, {0, 1}, {1, 0}}));
    EXPECT_EQ(one.targets, (std::vector<AgentId>{1, 0}));
    EXPECT_TRUE(one.weights.empty());
    EXPECT_TRUE(one.survivals.empty());
}

TEST(Rows, MergingDoesNotDependOnTheOrderOfArcs) {
    Traits sum;
    sum.sum_parallel = true;
    const Random random(3, Stream::test, 1);
    std::vector<Arc> arcs;
    for (std::uint32_t i = 0; i < 300; ++i) {
        arcs.push_back({static_cast<AgentId>(random.below(4, 4 * i)),
                        static_cast<AgentId>(random.below(4, 4 * i + 1)), random.uniform(4 * i + 2),
                        random.uniform(4 * i + 3)});
    }
    const Csr forward = gather_rows(ListTopology(4, arcs, sum));
    const Permutation shuffle(arcs.size(), 1, Stream::test, 2);
    std::vector<Arc> shuffled(arcs.size());
    for (std::size_t i = 0; i < arcs.size(); ++i) shuffled[shuffle(i)] = arcs[i];
    const Csr other = gather_rows(ListTopology(4, shuffled, sum));
    EXPECT_EQ(forward.weights, other.weights);
    EXPECT_EQ(forward.survivals, other.survivals);
    EXPECT_EQ(forward.targets, other.targets);
    EXPECT_EQ(forward.targets.size(), 16u);
}

TEST(Rows, UndirectedSimpleDropsLoopsAndTurnsArcsRound) {
    const Csr simple = undirected_simple(directed(4, {{0, 1}, {1, 0}, {2, 1}, {2, 2}, {0, 2}}));
    EXPECT_EQ(simple.offsets, (std::vector<std::int64_t>{0, 2, 4, 6, 6}));
    EXPECT_EQ(simple.targets, (std::vector<AgentId>{1, 2, 0, 2, 0, 1}));
    EXPECT_TRUE(simple.weights.empty());
}

TEST(StatisticsTest, PathGraph) {
    const AgentId n = 10;
    const Statistics s = statistics(path(n));
    EXPECT_EQ(s.agents, n);
    EXPECT_EQ(s.edges, n - 1);
    EXPECT_EQ(s.arcs, 2 * (n - 1));
    EXPECT_TRUE(s.symmetric);
    EXPECT_EQ(s.degree_min, 1);
    EXPECT_EQ(s.degree_max, 2);
    EXPECT_EQ(s.components, 1);
    EXPECT_EQ(s.strong_components, 1);
    EXPECT_DOUBLE_EQ(s.path_length_mean, static_cast<double>(n + 1) / 3.0);
    EXPECT_EQ(s.path_length_error, 0.0);
    EXPECT_EQ(s.diameter_lower, n - 1);
    EXPECT_EQ(s.diameter_upper, n - 1);
    EXPECT_EQ(s.sources_sampled, n);
    EXPECT_EQ(s.clustering_average, 0.0);
}

TEST(StatisticsTest, RingLattice) {
    // Clustering of a ring of degree k: 3 (k - 2) / (4 (k - 1)).
    const Statistics s = statistics(ring(101, 3));
    EXPECT_EQ(s.edges, 303);
    EXPECT_EQ(s.degree_min, 6);
    EXPECT_EQ(s.degree_max, 6);
    EXPECT_DOUBLE_EQ(s.degree_mean, 6.0);
    EXPECT_NEAR(s.clustering_average, 3.0 * 4.0 / (4.0 * 5.0), 1e-12);
    EXPECT_NEAR(s.transitivity, 0.6, 1e-12);
    EXPECT_EQ(s.diameter_lower, 17);  // ceil(50 / 3)
    EXPECT_EQ(s.diameter_upper, 17);
    double total = 0.0;
    for (int i = 1; i <= 50; ++i) total += 2.0 * std::ceil(i / 3.0);
    EXPECT_NEAR(s.path_length_mean, total / 100.0, 1e-12);
}

TEST(StatisticsTest, Torus) {
    // One cycle of even length n has mean distance n / 4 over all n, itself included.
    const Statistics s = statistics(torus(12));
    EXPECT_EQ(s.edges, 2 * 144);
    EXPECT_EQ(s.degree_max, 4);
    EXPECT_NEAR(s.path_length_mean, (3.0 + 3.0) * 144.0 / 143.0, 1e-12);
    EXPECT_EQ(s.diameter_lower, 12);
    EXPECT_EQ(s.diameter_upper, 12);
    EXPECT_EQ(s.transitivity, 0.0);
}

TEST(StatisticsTest, DirectedPathsFollowTheArcs) {
    // A cycle of 5: 1 + 2 + 3 + 4 to the others, 2.5 on the mean.
    const Csr cycle{.agents = 5,
                    .offsets = {0, 1, 2, 3, 4, 5},
                    .targets = {1, 2, 3, 4, 0},
                    .weights = {},
                    .survivals = {}};
    const Statistics s = statistics(cycle);
    EXPECT_DOUBLE_EQ(s.directed_path_length_mean, 2.5);
    EXPECT_EQ(s.directed_diameter_lower, 4);
    EXPECT_EQ(s.directed_diameter_upper, 4);
    EXPECT_DOUBLE_EQ(s.path_length_mean, 1.5);
    EXPECT_EQ(s.diameter_upper, 2);
    // 0 -> 1 -> 2: of the six ordered pairs three have a path.
    const Csr path{
        .agents = 3, .offsets = {0, 1, 2, 2}, .targets = {1, 2}, .weights = {}, .survivals = {}};
    EXPECT_DOUBLE_EQ(statistics(path).directed_path_length_mean, 4.0 / 3.0);
    EXPECT_EQ(statistics(path).directed_diameter_lower, 2);
    const Statistics whole = statistics(complete(4));
    EXPECT_EQ(whole.directed_path_length_mean, whole.path_length_mean);
}

TEST(StatisticsTest, CompleteGraph) {
    const Statistics s = statistics(complete(30));
    EXPECT_EQ(s.edges, 435);
    EXPECT_DOUBLE_EQ(s.clustering_average, 1.0);
    EXPECT_DOUBLE_EQ(s.transitivity, 1.0);
    EXPECT_DOUBLE_EQ(s.path_length_mean, 1.0);
    EXPECT_EQ(s.diameter_upper, 1);
    EXPECT_DOUBLE_EQ(s.total_weight, 870.0);
}

TEST(StatisticsTest, Star) {
    const AgentId n = 50;
    const Statistics s = statistics(star(n));
    EXPECT_EQ(s.degree_max, n - 1);
    EXPECT_EQ(s.degree_min, 1);
    EXPECT_NEAR(s.path_length_mean, 2.0 * (n - 1) / n, 1e-12);
    EXPECT_EQ(s.diameter_lower, 2);
    EXPECT_EQ(s.clustering_average, 0.0);
}

TEST(StatisticsTest, Hypercube) {
    const Statistics s = statistics(hypercube(7));
    EXPECT_EQ(s.edges, 7 * 64);
    EXPECT_NEAR(s.path_length_mean, 3.5 * 128.0 / 127.0, 1e-12);
    EXPECT_EQ(s.diameter_lower, 7);
    EXPECT_EQ(s.diameter_upper, 7);
}

TEST(StatisticsTest, TwoComponents) {
    // A triangle and a path of three.
    const Csr rows = undirected(6, {{0, 1}, {1, 2}, {2, 0}, {3, 4}, {4, 5}});
    const Statistics s = statistics(rows);
    EXPECT_EQ(s.components, 2);
    EXPECT_EQ(s.largest_component, 3);
    EXPECT_DOUBLE_EQ(s.path_length_mean, (6.0 * 1.0 + 4.0 * 1.0 + 2.0 * 2.0) / 12.0);
    EXPECT_DOUBLE_EQ(s.clustering_average, 0.5);
    EXPECT_DOUBLE_EQ(s.transitivity, 3.0 / 4.0);
    EXPECT_EQ(s.diameter_lower, 2);
    EXPECT_EQ(s.diameter_upper, 2);
    const Statistics sampled = statistics(rows, 1);
    EXPECT_EQ(sampled.diameter_lower, 2);
    EXPECT_EQ(sampled.diameter_upper, 2);  // the middle of the path has eccentricity 1
}

TEST(StatisticsTest, IsolatedAgentsAndNone) {
    const Statistics s = statistics(directed(5, {}));
    EXPECT_EQ(s.components, 5);
    EXPECT_EQ(s.strong_components, 5);
    EXPECT_EQ(s.largest_component, 1);
    EXPECT_EQ(s.degree_max, 0);
    EXPECT_EQ(s.path_length_mean, 0.0);
    EXPECT_EQ(s.diameter_upper, 0);
    const Statistics none = statistics(directed(0, {}));
    EXPECT_EQ(none.components, 0);
    EXPECT_EQ(none.degree_mean, 0.0);
}

TEST(StatisticsTest, DirectedCycleWithTailAndLoop) {
    const Csr rows = directed(5, {{0, 1}, {1, 2}, {2, 0}, {2, 3}, {3, 4}, {4, 4}});
    const Statistics s = statistics(rows);
    EXPECT_FALSE(s.symmetric);
    EXPECT_EQ(s.loops, 1);
    EXPECT_EQ(s.arcs, 6);
    EXPECT_EQ(s.edges, 5);
    EXPECT_EQ(s.components, 1);
    EXPECT_EQ(s.strong_components, 3);
}

TEST(StatisticsTest, SymmetryNeedsEqualWeights) {
    const auto symmetric = [](double there, double back) {
        return statistics(gather_rows(ListTopology(2, {{0, 1, there}, {1, 0, back}}))).symmetric;
    };
    EXPECT_TRUE(symmetric(2.0, 2.0));
    EXPECT_FALSE(symmetric(2.0, 3.0));
}

struct Reference {
    double mean = 0.0;
    std::int64_t diameter = 0;
    double clustering = 0.0;
    double transitivity = 0.0;
    std::int64_t components = 0;
    std::int64_t strong_components = 0;
};

/// Distances from `source` over sets of neighbours; -1 where there is no way.
std::vector<std::int64_t> distances(const std::vector<std::set<AgentId>>& next, AgentId source) {
    std::vector<std::int64_t> distance(next.size(), -1);
    std::deque<AgentId> queue = {source};
    distance[static_cast<std::size_t>(source)] = 0;
    while (!queue.empty()) {
        const auto at = static_cast<std::size_t>(queue.front());
        queue.pop_front();
        for (const AgentId other : next[at]) {
            if (distance[static_cast<std::size_t>(other)] >= 0) continue;
            distance[static_cast<std::size_t>(other)] = distance[at] + 1;
            queue.push_back(other);
        }
    }
    return distance;
}

/// All pairs, all triples, straight from the definitions.
Reference reference(const Csr& rows) {
    const auto n = static_cast<std::size_t>(rows.agents);
    std::vector<std::set<AgentId>> out(n), both(n);
    for (std::size_t i = 0; i < n; ++i) {
        for (auto a = rows.offsets[i]; a < rows.offsets[i + 1]; ++a) {
            const AgentId j = rows.targets[static_cast<std::size_t>(a)];
            out[i].insert(j);
            if (j == static_cast<AgentId>(i)) continue;
            both[i].insert(j);
            both[static_cast<std::size_t>(j)].insert(static_cast<AgentId>(i));
        }
    }
    Reference result;
    double pairs = 0.0, sum = 0.0, triples = 0.0, closed = 0.0;
    std::vector<std::vector<std::int64_t>> reach;
    for (std::size_t i = 0; i < n; ++i) reach.push_back(distances(out, static_cast<AgentId>(i)));
    for (std::size_t i = 0; i < n; ++i) {
        const auto distance = distances(both, static_cast<AgentId>(i));
        bool first = true, first_strong = true;
        for (std::size_t j = 0; j < n; ++j) {
            if (j < i && distance[j] >= 0) first = false;
            if (j < i && reach[i][j] >= 0 && reach[j][i] >= 0) first_strong = false;
            if (j == i || distance[j] < 0) continue;
            pairs += 1.0;
            sum += static_cast<double>(distance[j]);
            result.diameter = std::max(result.diameter, distance[j]);
        }
        result.components += first;
        result.strong_components += first_strong;
        double here = 0.0, linked = 0.0;
        for (const AgentId a : both[i]) {
            for (const AgentId b : both[i]) {
                if (a >= b) continue;
                here += 1.0;
                linked += both[static_cast<std::size_t>(a)].contains(b);
            }
        }
        if (here > 0.0) result.clustering += linked / here / static_cast<double>(n);
        triples += here;
        closed += linked;
    }
    result.mean = pairs > 0.0 ? sum / pairs : 0.0;
    result.transitivity = triples > 0.0 ? closed / triples : 0.0;
    return result;
}

TEST(StatisticsTest, RandomGraphsAgreeWithTheDefinitions) {
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        const auto edges = static_cast<std::int64_t>(30 * seed);
        const Csr rows = random_graph(120, edges, seed);
        const Statistics s = statistics(rows, 1000);
        const Reference r = reference(rows);
        EXPECT_NEAR(s.path_length_mean, r.mean, 1e-12);
        EXPECT_EQ(s.diameter_lower, r.diameter);
        EXPECT_EQ(s.diameter_upper, r.diameter);
        EXPECT_NEAR(s.clustering_average, r.clustering, 1e-12);
        EXPECT_NEAR(s.transitivity, r.transitivity, 1e-12);
        EXPECT_EQ(s.components, r.components);
        EXPECT_EQ(s.strong_components, r.strong_components);
    }
}

TEST(StatisticsTest, SamplesBoundTheDiameterAndEstimateTheMean) {
    int covered = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const Csr rows = random_graph(400, 900, seed);
        const Statistics all = statistics(rows, 400);
        const Statistics some = statistics(rows, 70, seed);
        EXPECT_EQ(some.sources_sampled, 70);
        EXPECT_LE(some.diameter_lower, all.diameter_lower);
        EXPECT_GE(some.diameter_lower, all.diameter_lower - 1);
        EXPECT_GE(some.diameter_upper, all.diameter_upper);
        EXPECT_GT(some.path_length_error, 0.0);
        covered +=
            std::abs(some.path_length_mean - all.path_length_mean) < 2.0 * some.path_length_error;
        const Statistics again = statistics(rows, 70, seed);
        EXPECT_EQ(some.path_length_mean, again.path_length_mean);
    }
    EXPECT_GE(covered, 16);  // 19 of 20 are expected
}

TEST(StatisticsTest, DoubleSweepIsExactOnTrees) {
    const Statistics s = statistics(path(1001), 1, 5);
    EXPECT_EQ(s.diameter_lower, 1000);
    EXPECT_EQ(s.diameter_upper, 1000);
}

}  // namespace
}  // namespace motley::topology

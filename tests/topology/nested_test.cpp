// Nested topologies against the Kronecker sum of their levels, computed densely.
#include <gtest/gtest.h>

#include <cmath>

#include "collect.hpp"

namespace motley::topology {
namespace {

using namespace test;

using Matrix = std::vector<std::vector<double>>;

Matrix zeros(std::size_t n) {
    return Matrix(n, std::vector<double>(n, 0.0));
}

Matrix identity(std::size_t n) {
    Matrix m = zeros(n);
    for (std::size_t i = 0; i < n; ++i) m[i][i] = 1.0;
    return m;
}

Matrix kronecker(const Matrix& a, const Matrix& b) {
    Matrix c = zeros(a.size() * b.size());
    for (std::size_t i = 0; i < c.size(); ++i) {
        for (std::size_t j = 0; j < c.size(); ++j) {
            c[i][j] = a[i / b.size()][j / b.size()] * b[i % b.size()][j % b.size()];
        }
    }
    return c;
}

/// 1 / outdegree at every link of the graph.
Matrix uniform_routing(const Topology& graph) {
    Matrix m = zeros(static_cast<std::size_t>(graph.agents()));
    const auto rows = rows_of(links_of(graph), graph.agents());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        for (const AgentId j : rows[i]) {
            m[i][static_cast<std::size_t>(j)] = 1.0 / static_cast<double>(rows[i].size());
        }
    }
    return m;
}

/// W_l = I x (routing of level l) x I.
Matrix lifted(const std::vector<Matrix>& graphs, std::size_t level) {
    Matrix m = identity(1);
    for (std::size_t l = 0; l < graphs.size(); ++l) {
        m = kronecker(m, l == level ? graphs[l] : identity(graphs[l].size()));
    }
    return m;
}

Spec nested_of(std::vector<Spec> levels, std::vector<double> shares) {
    Spec spec;
    spec.generator = "nested";
    spec.levels = std::move(levels);
    for (std::size_t l = 0; l < shares.size(); ++l) spec.levels[l].share = shares[l];
    return spec;
}

/// Weights of all arcs as a matrix, row = source.
Matrix weights_of(const Topology& topology) {
    Matrix m = zeros(static_cast<std::size_t>(topology.agents()));
    for (const auto& [source, target, weight, survival] : arcs_of(topology)) {
        EXPECT_GT(weight, 0.0);
        m[static_cast<std::size_t>(source)][static_cast<std::size_t>(target)] += weight;
    }
    return m;
}

void expect_equal(const Matrix& a, const Matrix& b) {
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        for (std::size_t j = 0; j < a.size(); ++j) {
            ASSERT_NEAR(a[i][j], b[i][j], 1e-12) << i << " " << j;
        }
    }
}

/// omega-weighted sum of the lifted levels, rows that do not sum to 1 scaled up.
Matrix expected(const std::vector<Matrix>& graphs, const std::vector<double>& shares) {
    Matrix sum;
    for (std::size_t l = 0; l < graphs.size(); ++l) {
        const Matrix m = lifted(graphs, l);
        if (sum.empty()) sum = zeros(m.size());
        for (std::size_t i = 0; i < m.size(); ++i) {
            for (std::size_t j = 0; j < m.size(); ++j) sum[i][j] += shares[l] * m[i][j];
        }
    }
    for (auto& row : sum) {
        double total = 0;
        for (const double w : row) total += w;
        for (double& w : row) w = total > 0 ? w / total : 0;
    }
    return sum;
}

TEST(Nested, IsTheKroneckerSumOfItsLevels) {
    Spec tree = spec_of("tree", 5);
    const std::vector<Spec> levels = {spec_of("ring", 6, 2), spec_of("complete", 3), tree};
    const std::vector<double> shares = {0.125, 0.25, 0.625};
    const auto topology = make(nested_of(levels, shares));
    ASSERT_EQ(topology->agents(), 90);
    std::vector<Matrix> graphs;
    for (const Spec& level : levels) graphs.push_back(uniform_routing(*make(level)));
    expect_equal(weights_of(*topology), expected(graphs, shares));
    EXPECT_EQ(topology->traits().expected_arcs,
              static_cast<std::int64_t>(arcs_of(*topology).size()));
}

/// The level's own graph, read off the product: agents that differ in that coordinate only, with
/// all other coordinates zero.
Matrix level_graph(const Topology& product, AgentId stride, AgentId groups) {
    Matrix m = zeros(static_cast<std::size_t>(groups));
    const auto rows = rows_of(links_of(product), product.agents());
    for (AgentId g = 0; g < groups; ++g) {
        std::vector<AgentId> here;
        for (const AgentId j : rows[static_cast<std::size_t>(g * stride)]) {
            if (j % stride == 0 && j / stride < groups) here.push_back(j / stride);
        }
        for (const AgentId j : here) {
            m[static_cast<std::size_t>(g)][static_cast<std::size_t>(j)] =
                1.0 / static_cast<double>(here.size());
        }
    }
    return m;
}

TEST(Nested, UsesTheSameRandomGraphInEveryCopyAndGivesUnusedSharesToOtherLevels) {
    Spec sparse = spec_of("erdos-renyi", 12);
    sparse.set("edges", 7);  // some of the 12 have no link at this level
    const std::vector<Spec> levels = {sparse, spec_of("watts-strogatz", 9), spec_of("star", 2)};
    const std::vector<double> shares = {0.5, 0.3, 0.2};
    Spec spec = nested_of(levels, shares);
    spec.seed = 11;
    const auto topology = make(spec);
    const std::vector<Matrix> graphs = {level_graph(*topology, 18, 12),
                                        level_graph(*topology, 2, 9), level_graph(*topology, 1, 2)};
    int without = 0, links = 0;
    for (const auto& row : graphs[0]) {
        const auto degree = std::ranges::count_if(row, [](double w) { return w > 0; });
        without += degree == 0;
        links += static_cast<int>(degree);
    }
    ASSERT_GT(without, 0);
    EXPECT_EQ(links, 14);
    const Matrix weights = weights_of(*topology);
    expect_equal(weights, expected(graphs, shares));
    for (const auto& row : weights) {
        double sum = 0;
        for (const double w : row) sum += w;
        EXPECT_NEAR(sum, 1.0, 1e-14);
    }
}

TEST(Nested, LeavesAgentsWithoutAnyLinkAlone) {
    Spec sparse = spec_of("erdos-renyi", 8);
    sparse.set("edges", 2);
    const auto topology = make(nested_of({sparse, spec_of("isolated", 3)}, {0.5, 0.5}));
    const auto arcs = arcs_of(*topology);
    EXPECT_EQ(arcs.size(), 12U);
    const Matrix weights = weights_of(*topology);
    int alone = 0;
    for (const auto& row : weights) {
        double sum = 0;
        for (const double w : row) sum += w;
        EXPECT_TRUE(sum == 0.0 || std::abs(sum - 1.0) < 1e-15);
        alone += sum == 0.0;
    }
    EXPECT_GE(alone, 12);
}

TEST(Nested, OmitsLevelsOfShareZero) {
    const auto topology =
        make(nested_of({spec_of("ring", 6, 2), spec_of("complete", 4)}, {0.0, 1.0}));
    const auto inner = uniform_routing(*make(spec_of("complete", 4)));
    expect_equal(weights_of(*topology), kronecker(identity(6), inner));
    EXPECT_EQ(topology->traits().expected_arcs, 6 * 12);
}

TEST(Nested, CarriesTheSurvivalOfTheLevel) {
    Spec outer = spec_of("ring", 5, 2);
    outer.survival = 0.5;
    Spec inner = spec_of("ring", 4, 2);
    inner.survival = 0.9;
    const auto topology = make(nested_of({outer, inner}, {0.1, 0.9}));
    for (const auto& [source, target, weight, survival] : arcs_of(*topology)) {
        const bool inside = source / 4 == target / 4;
        EXPECT_EQ(survival, inside ? 0.9 : 0.5);
        EXPECT_NEAR(weight, inside ? 0.45 : 0.05, 1e-15);
    }
}

TEST(Nested, DescribesItsLevels) {
    Spec outer = lattice_of("torus", {3, 3});
    outer.survival = 0.5;
    const auto topology =
        make(nested_of({outer, spec_of("ring", 5, 2), spec_of("ring", 7, 4)}, {0.2, 0.3, 0.5}));
    const auto& levels = topology->levels();
    ASSERT_EQ(levels.size(), 3U);
    EXPECT_EQ(levels[0].name, "torus");
    EXPECT_EQ(levels[1].name, "level 2");
    EXPECT_EQ(levels[2].name, "level 3");
    EXPECT_EQ(levels[0].groups, 9);
    EXPECT_EQ(levels[1].groups, 5);
    EXPECT_EQ(levels[2].groups, 7);
    EXPECT_EQ(levels[0].share, 0.2);
    EXPECT_EQ(levels[0].survival, 0.5);
    EXPECT_EQ(levels[2].survival, 1.0);
    EXPECT_EQ(topology->agents(), 315);
}

TEST(Nested, DrawsTheLevelsApart) {
    const Spec level = spec_of("watts-strogatz", 64);
    const auto topology = make(nested_of({level, level}, {0.5, 0.5}));
    EXPECT_NE(level_graph(*topology, 64, 64), level_graph(*topology, 1, 64));
}

TEST(Nested, OfOneLevelIsThatGraph) {
    const auto topology = make(nested_of({spec_of("hypercube", 16)}, {1.0}));
    EXPECT_EQ(links_of(*topology), links_of(*make(spec_of("hypercube", 16))));
}

/// Lengths and capacities are those of the level along which two agents differ.
TEST(Nested, HasTheLinksOfItsLevels) {
    Spec spec = spec_of("nested", absent);
    spec.levels = {spec_of("random-geometric", 30), spec_of("kleinberg", absent)};
    spec.levels[0].set("radius", 0.3);
    spec.levels[1].set("side", 5);
    spec.levels[0].share = spec.levels[1].share = 0.5;
    const auto topology = make(spec);
    const auto inner = make([] {
        Spec level = spec_of("kleinberg", absent);
        level.set("side", 5);
        return level;
    }());
    EXPECT_EQ(topology->agents(), 30 * 25);
    EXPECT_EQ(topology->hosts(), 30 * 25);
    for (const auto& [a, b] : links_of(*topology)) {
        const double length = topology->link(a, b).length;
        if (a / 25 == b / 25) {
            EXPECT_EQ(length, inner->link(a % 25, b % 25).length);
        } else {
            EXPECT_LE(length, 0.3);
            EXPECT_EQ(length, topology->link(a / 25 * 25, b / 25 * 25).length);
        }
    }
}

}  // namespace
}  // namespace motley::topology

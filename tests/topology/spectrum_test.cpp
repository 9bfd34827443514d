// Spectral gap against closed forms and a dense eigenvalue method; degree moments, assortativity.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "motley/core/random.hpp"
#include "motley/topology/graph_statistics.hpp"

namespace motley::topology {
namespace {

Statistics of(const Spec& spec) {
    return statistics(gather_rows(*make(spec)), 1);
}

Spec spec_of(const std::string& generator, AgentId agents, std::int64_t degree = 4) {
    Spec spec;
    spec.generator = generator;
    spec.agents = agents;
    spec.set("degree", degree);
    return spec;
}

/// All eigenvalues of a symmetric matrix by Jacobi's rotations.
std::vector<double> eigenvalues(std::vector<std::vector<double>> m) {
    const std::size_t n = m.size();
    for (int sweep = 0; sweep < 60; ++sweep) {
        for (std::size_t p = 0; p < n; ++p) {
            for (std::size_t q = p + 1; q < n; ++q) {
                if (std::abs(m[p][q]) < 1e-300) continue;
                const double angle = 0.5 * std::atan2(2 * m[p][q], m[q][q] - m[p][p]);
                const double c = std::cos(angle), s = std::sin(angle);
                for (std::size_t k = 0; k < n; ++k) {
                    const double a = m[k][p], b = m[k][q];
                    m[k][p] = c * a - s * b;
                    m[k][q] = s * a + c * b;
                }
                for (std::size_t k = 0; k < n; ++k) {
                    const double a = m[p][k], b = m[q][k];
                    m[p][k] = c * a - s * b;
                    m[q][k] = s * a + c * b;
                }
            }
        }
    }
    std::vector<double> values;
    for (std::size_t i = 0; i < n; ++i) values.push_back(m[i][i]);
    std::sort(values.rbegin(), values.rend());
    return values;
}

TEST(SpectrumTest, RingsHaveTheirCosines) {
    for (const auto& [n, degree] : {std::pair{64, 2}, {101, 4}, {1000, 8}}) {
        double eigenvalue = 0.0;
        for (int j = 1; j <= degree / 2; ++j) {
            eigenvalue += 2.0 * std::cos(2.0 * std::numbers::pi * j / n) / degree;
        }
        const Statistics s = of(spec_of("ring", n, degree));
        EXPECT_NEAR(s.spectral_gap, 1.0 - eigenvalue, 1e-9 * (1.0 - eigenvalue)) << n;
        EXPECT_LT(s.spectral_gap_error, 1e-9 * s.spectral_gap);
    }
}

TEST(SpectrumTest, ToriHypercubesCompleteGraphsAndStars) {
    EXPECT_NEAR(of(spec_of("torus", 400)).spectral_gap,
                (1.0 - std::cos(2.0 * std::numbers::pi / 20.0)) / 2.0, 1e-11);
    EXPECT_NEAR(of(spec_of("hypercube", 256)).spectral_gap, 2.0 / 8.0, 1e-11);
    EXPECT_NEAR(of(spec_of("complete", 50)).spectral_gap, 50.0 / 49.0, 1e-11);
    EXPECT_NEAR(of(spec_of("star", 40)).spectral_gap, 1.0, 1e-11);
    EXPECT_NEAR(of(spec_of("complete", 2)).spectral_gap, 2.0, 1e-11);
}

double second_of(const Spec& spec) {
    return second_modulus(gather_rows(*make(spec)));
}

TEST(SpectrumTest, SecondModulusOfKnownGraphs) {
    constexpr double turn = 2.0 * std::numbers::pi;
    // Two colours have the eigenvalue -1, odd rings -cos(pi / n).
    EXPECT_NEAR(second_of(spec_of("ring", 64, 2)), 1.0, 1e-9);
    EXPECT_NEAR(second_of(spec_of("ring", 65, 2)), std::cos(turn / 130.0), 1e-9);
    EXPECT_NEAR(second_of(spec_of("torus", 225)),
                std::max(0.5 + 0.5 * std::cos(turn / 15.0), std::cos(turn / 30.0)), 1e-9);
    EXPECT_NEAR(second_of(spec_of("complete", 50)), 1.0 / 49.0, 1e-9);
    EXPECT_NEAR(second_of(spec_of("star", 40)), 1.0, 1e-9);
    EXPECT_EQ(second_of(spec_of("isolated", 10)), 0.0);
}

/// Weighted rows with an agent that has none, and with a loop, against the dense method.
TEST(SpectrumTest, SecondModulusOfWeightedGraphsMatchesTheDenseMethod) {
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        Spec spec = spec_of("watts-strogatz", 30);
        spec.seed = seed;
        Csr rows = gather_rows(*make(spec));
        const auto weight = [&](AgentId a, AgentId b) {
            const auto id = static_cast<std::uint64_t>(std::min(a, b) * 64 + std::max(a, b));
            return 0.1 + Random(seed, Stream::statistics, id).uniform(0);
        };
        Csr weighted;
        weighted.agents = 31;
        weighted.offsets = {0};
        std::vector<std::vector<double>> matrix(31, std::vector<double>(31, 0.0));
        for (AgentId i = 0; i < 31; ++i) {
            for (AgentId j = 0; j < 30 && i < 30; ++j) {
                const auto begin = rows.offsets[std::size_t(i)],
                           end = rows.offsets[std::size_t(i) + 1];
                const bool linked =
                    std::find(rows.targets.begin() + begin, rows.targets.begin() + end, j) !=
                    rows.targets.begin() + end;
                if (!linked && !(i == 3 && j == 3)) continue;
                weighted.targets.push_back(j);
                weighted.weights.push_back(weight(i, j));
                matrix[std::size_t(i)][std::size_t(j)] = weight(i, j);
            }
            weighted.offsets.push_back(std::ssize(weighted.targets));
        }
        ASSERT_TRUE(is_symmetric(weighted));
        std::vector<double> sum(31, 0.0);
        for (std::size_t i = 0; i < 31; ++i) {
            for (const double w : matrix[i]) sum[i] += w;
        }
        for (std::size_t i = 0; i < 30; ++i) {
            for (std::size_t j = 0; j < 30; ++j) matrix[i][j] /= std::sqrt(sum[i] * sum[j]);
        }
        std::vector<double> sizes = eigenvalues(matrix);
        for (double& each : sizes) each = std::abs(each);
        std::ranges::sort(sizes, std::greater<>());
        EXPECT_NEAR(sizes[0], 1.0, 1e-12);
        EXPECT_NEAR(second_modulus(weighted), sizes[1], 2e-9) << seed;
    }
}

TEST(SpectrumTest, NoGapWhereTheGraphFallsApart) {
    EXPECT_EQ(of(spec_of("isolated", 10)).spectral_gap, 0.0);
    EXPECT_EQ(of(spec_of("isolated", 1)).spectral_gap, 0.0);
}

TEST(SpectrumTest, RandomGraphsMatchTheDenseMethod) {
    int connected = 0;
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        Spec spec = spec_of("erdos-renyi", 40);
        spec.set("edges", 120);
        spec.seed = seed;
        const Csr rows = gather_rows(*make(spec));
        const Statistics s = statistics(rows, 1);
        if (s.components != 1) continue;
        connected += 1;
        std::vector<std::vector<double>> matrix(40, std::vector<double>(40, 0.0));
        const auto degree = [&](std::size_t i) {
            return static_cast<double>(rows.offsets[i + 1] - rows.offsets[i]);
        };
        for (std::size_t i = 0; i < 40; ++i) {
            for (auto e = rows.offsets[i]; e < rows.offsets[i + 1]; ++e) {
                const auto j = static_cast<std::size_t>(rows.targets[static_cast<std::size_t>(e)]);
                matrix[i][j] = 1.0 / std::sqrt(degree(i) * degree(j));
            }
        }
        EXPECT_NEAR(s.spectral_gap, 1.0 - eigenvalues(matrix)[1], 1e-9) << "seed " << seed;
    }
    EXPECT_GT(connected, 5);
}

TEST(DegreesTest, MomentsAndAssortativity) {
    // A star of n vertices: one of degree n - 1, n - 1 of degree 1; every edge joins the extremes.
    const double n = 11.0, mean = 2.0 * (n - 1.0) / n;
    const Statistics star = of(spec_of("star", 11));
    const double variance = (std::pow(n - 1.0 - mean, 2) + (n - 1.0) * std::pow(1.0 - mean, 2)) / n;
    const double third = (std::pow(n - 1.0 - mean, 3) + (n - 1.0) * std::pow(1.0 - mean, 3)) / n;
    EXPECT_NEAR(star.degree_deviation, std::sqrt(variance), 1e-12);
    EXPECT_NEAR(star.degree_skewness, third / std::pow(variance, 1.5), 1e-12);
    EXPECT_NEAR(star.assortativity, -1.0, 1e-12);
    // A path of 4: ends (1, 2), (2, 2), (2, 1): r = -1/2 by hand.
    Spec path;
    path.generator = "grid";
    path.set("shape", {4});
    path.set("dimensions", 1);
    EXPECT_NEAR(of(path).assortativity, -0.5, 1e-12);
    const Statistics ring = of(spec_of("ring", 12));
    EXPECT_TRUE(std::isnan(ring.assortativity));
    EXPECT_EQ(ring.degree_deviation, 0.0);
    EXPECT_EQ(ring.degree_skewness, 0.0);
}

}  // namespace
}  // namespace motley::topology

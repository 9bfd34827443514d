// Kleinberg's small world and random geometric graphs against their probabilities and brute force.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numbers>

#include "interconnects.hpp"

namespace motley::topology {
namespace {

using namespace test;

AgentId steps_on_torus(AgentId a, AgentId b, AgentId side) {
    const auto along = [&](AgentId x, AgentId y) {
        return std::min(std::abs(x - y), side - std::abs(x - y));
    };
    return along(a / side, b / side) + along(a % side, b % side);
}

TEST(Kleinberg, HasTheLatticeAndItsContacts) {
    for (const AgentId side : {3, 4, 7, 10}) {
        const Links torus = links_of(*make(lattice_of("torus", {side, side})));
        EXPECT_EQ(links_of(*make(kleinberg_of(side, 0))), torus);
        const auto topology = make(kleinberg_of(side, 3));
        EXPECT_EQ(topology->agents(), side * side);
        const Links links = links_of(*topology);
        EXPECT_TRUE(std::ranges::includes(links, torus));
        EXPECT_EQ(std::ssize(arcs_of(*topology)), 2 * side * side * (2 + 3));
        for (const auto& [a, b] : links) {
            EXPECT_EQ(topology->link(a, b).length, static_cast<double>(steps_on_torus(a, b, side)));
        }
    }
}

/// Every vertex at a distance d is drawn with probability d^-r / sum of all: the arcs of many seeds
/// that begin at agent 0, by their distance and by their ends, within five standard deviations.
TEST(Kleinberg, DrawsContactsByTheirDistance) {
    for (const auto& [side, exponent] : {std::pair{AgentId{6}, 2.0}, {7, 1.0}, {5, 0.0}}) {
        const AgentId agents = side * side;
        constexpr int seeds = 4000;
        std::map<AgentId, double> drawn;
        for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
            Spec spec = kleinberg_of(side, 1, exponent);
            spec.seed = seed;
            // The first chunk of as many as agents: two lattice links and one contact of agent 0.
            make(spec)->arcs(0, agents, [&](std::span<const Arc> arcs) {
                ASSERT_EQ(arcs.size(), 6U);
                ++drawn[arcs[4].target];
            });
        }
        double sum = 0.0;
        for (AgentId v = 1; v < agents; ++v) {
            sum += std::pow(static_cast<double>(steps_on_torus(0, v, side)), -exponent);
        }
        EXPECT_EQ(drawn[0], 0.0);
        for (AgentId v = 1; v < agents; ++v) {
            const double p =
                std::pow(static_cast<double>(steps_on_torus(0, v, side)), -exponent) / sum;
            EXPECT_NEAR(drawn[v], seeds * p, 5.0 * std::sqrt(seeds * p * (1.0 - p))) << v;
        }
    }
}

/// link() knows the distance of any two points: brute force over all pairs.
TEST(RandomGeometric, LinksThePointsThatAreNear) {
    for (const auto& [agents, radius] : {std::pair{AgentId{1}, 0.3},
                                         {2, 1.0},
                                         {40, 0.05},
                                         {300, 0.07},
                                         {300, 0.25},
                                         {300, 0.26},
                                         {200, 0.9}}) {
        const double r = radius;
        const auto topology = make(random_geometric_of(agents, radius));
        EXPECT_EQ(links_of(*topology),
                  links_by(agents,
                           [&](AgentId a, AgentId b) { return topology->link(a, b).length <= r; }))
            << agents << " " << radius;
    }
}

/// Ghosh 1951: two uniform points of the unit square are at most r <= 1 apart with probability
/// r^2 (pi - 8 r / 3 + r^2 / 2).
TEST(RandomGeometric, HasTheExpectedDegree) {
    for (const double r : {0.03, 0.1, 0.4}) {
        const AgentId agents = 1000;
        const double p = r * r * (std::numbers::pi - 8.0 * r / 3.0 + r * r / 2.0);
        const double pairs = 0.5 * agents * (agents - 1);
        double edges = 0.0;
        constexpr int seeds = 20;
        for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
            const auto topology = make(random_geometric_of(agents, r, seed));
            edges += 0.5 * static_cast<double>(arcs_of(*topology).size()) / seeds;
            EXPECT_NEAR(static_cast<double>(topology->traits().expected_arcs), 2.0 * pairs * p,
                        0.5 * agents * 1e-3 + 1.0);
        }
        // Edges that share a point are not independent near the border: a wide bound.
        EXPECT_NEAR(edges, pairs * p, 0.02 * pairs * p) << r;
    }
}

TEST(RandomGeometric, TakesItsRadiusFromTheMeanDegree) {
    Spec spec = spec_of("random-geometric", 20000);
    spec.set("mean_degree", 7.0);
    const auto topology = make(spec);
    EXPECT_NEAR(static_cast<double>(topology->traits().expected_arcs), 7.0 * 20000, 1.0);
    const auto arcs = static_cast<double>(arcs_of(*topology).size());
    EXPECT_NEAR(arcs / 20000, 7.0, 0.15);
}

/// Points are uniform: those of every sixteenth of the square, which a run of ids fills (levels of
/// halving), and each point within the square.
TEST(RandomGeometric, HasUniformPoints) {
    const AgentId agents = 64000;
    Spec spec = spec_of("random-geometric", agents);
    spec.set("mean_degree", 4.0);
    const auto topology = make(spec);
    // Mean distance of two uniform points of the unit square: (2 + sqrt 2 + 5 asinh 1) / 15.
    const double mean = (2.0 + std::sqrt(2.0) + 5.0 * std::asinh(1.0)) / 15.0;
    double sum = 0.0;
    constexpr AgentId samples = 20000;
    for (AgentId k = 0; k < samples; ++k) {
        const AgentId a = k * 7919 % agents, b = (k * 104729 + 12345) % agents;
        sum += topology->link(a, b).length;
    }
    EXPECT_NEAR(sum / samples, mean, 5.0 * 0.25 / std::sqrt(static_cast<double>(samples)));
}

}  // namespace
}  // namespace motley::topology

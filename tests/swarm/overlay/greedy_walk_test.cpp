// Greedy walks against the prototype: they succeed in few dimensions, and fail in many.
#include "motley/swarm/overlay/greedy_walk.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "motley/core/random.hpp"

namespace motley::swarm {
namespace {

Places random_places(Site sites, std::size_t dimensions) {
    Places places{dimensions, {}};
    for (Site site = 0; site < sites; ++site) {
        const Random random(23, Stream::test, site);
        std::vector<double> one(dimensions);
        double squares = 0.0;
        for (std::size_t d = 0; d < dimensions; ++d) {
            one[d] = random.normal(static_cast<std::uint32_t>(d));
            squares += one[d] * one[d];
        }
        for (const double each : one) places.values.push_back(each / std::sqrt(squares));
    }
    return places;
}

double success(const Places& places, const WalkGraph& graph) {
    int found = 0;
    constexpr std::uint64_t walks = 400;
    std::vector<Site> path;
    for (std::uint64_t w = 0; w < walks; ++w) {
        const Random random(29, Stream::test, w);
        const auto sites = static_cast<std::uint64_t>(graph.sites());
        const auto from = static_cast<Site>(random.below(sites, 0));
        const auto to = static_cast<Site>(random.below(sites, 1));
        const GreedyWalk walk = walk_greedily(graph, places, from, places.of(to), path);
        EXPECT_EQ(static_cast<std::int64_t>(path.size()), walk.hops);
        found += walk.end == to ? 1 : 0;
    }
    return static_cast<double>(found) / static_cast<double>(walks);
}

TEST(GreedyWalk, SuccessFallsWithTheDimensionAsInThePrototype) {
    // 4000 sites, 8 similar and 8 random links: 0.97 to 0.99 (d = 2), 0.72 (d = 8), 0.38 (d = 32).
    const Places flat = random_places(4000, 2), middle = random_places(4000, 8);
    EXPECT_GT(success(flat, similar_sites(flat, 8, 8, 1)), 0.94);
    EXPECT_NEAR(success(middle, similar_sites(middle, 8, 8, 1)), 0.72, 0.09);
    EXPECT_LT(success(middle, similar_sites(middle, 0, 16, 1)), 0.06);
}

TEST(GreedyWalk, EndsWhereNoNeighbourIsMoreSimilar) {
    const Places line{1, {0.1, 0.2, 0.15, 0.9}};
    const WalkGraph graph{{0, 1, 3, 5, 6}, {1, 0, 2, 1, 3, 2}};
    std::vector<Site> path;
    const std::vector<double> aim = {1.0};
    const GreedyWalk walk = walk_greedily(graph, line, 0, aim, path);
    EXPECT_EQ(walk.end, 1U);  // a local maximum: 3 is behind 2, which is less similar
    EXPECT_EQ(walk.hops, 1);
}

}  // namespace
}  // namespace motley::swarm

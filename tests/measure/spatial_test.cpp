// Heterogeneity within balls against brute force, for any graph, partition and number of ranks.
#include "motley/measure/spatial.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <queue>
#include <set>

#include "motley/core/random.hpp"
#include "motley/measure/measures.hpp"
#include "support/arc_topology.hpp"

namespace motley::test {
namespace {

using measure::SpatialScale;
using partition::Partition;

constexpr int tasks = 3;

void efforts_of(AgentId agent, double* out) {
    const Random random(9, Stream::test, static_cast<std::uint64_t>(agent));
    for (int k = 0; k < tasks; ++k) {
        out[k] =
            k == 2 && agent % 4 == 0 ? 0.0 : std::exp(random.normal(static_cast<std::uint32_t>(k)));
    }
}

/// I of the agents in `members`, straight from its definition.
double information(const std::set<AgentId>& members) {
    double total = 0.0;
    std::vector<double> by_task(tasks, 0.0);
    double row[tasks];
    for (const AgentId i : members) {
        efforts_of(i, row);
        for (int k = 0; k < tasks; ++k)
            total += row[k], by_task[static_cast<std::size_t>(k)] += row[k];
    }
    double sum = 0.0;
    for (const AgentId i : members) {
        efforts_of(i, row);
        const double own = row[0] + row[1] + row[2];
        for (int k = 0; k < tasks; ++k) {
            if (row[k] == 0.0) continue;
            sum += row[k] / total *
                   std::log(row[k] * total / (own * by_task[static_cast<std::size_t>(k)]));
        }
    }
    return sum;
}

std::vector<std::int64_t> distances(const ArcTopology& topology, AgentId from) {
    std::vector<std::vector<AgentId>> linked(static_cast<std::size_t>(topology.agents()));
    for (const auto& arc : topology.list()) {
        linked[static_cast<std::size_t>(arc.source)].push_back(arc.target);
        linked[static_cast<std::size_t>(arc.target)].push_back(arc.source);
    }
    std::vector<std::int64_t> distance(linked.size(), -1);
    std::queue<AgentId> next({from});
    distance[static_cast<std::size_t>(from)] = 0;
    for (; !next.empty(); next.pop()) {
        for (const AgentId to : linked[static_cast<std::size_t>(next.front())]) {
            auto& d = distance[static_cast<std::size_t>(to)];
            if (d >= 0) continue;
            d = distance[static_cast<std::size_t>(next.front())] + 1;
            next.push(to);
        }
    }
    return distance;
}

std::set<AgentId> ball(const ArcTopology& topology, AgentId centre, std::int64_t radius) {
    std::set<AgentId> members;
    const auto distance = distances(topology, centre);
    for (std::size_t i = 0; i < distance.size(); ++i) {
        if (distance[i] >= 0 && distance[i] <= radius) members.insert(static_cast<AgentId>(i));
    }
    return members;
}

std::set<AgentId> everyone(AgentId agents) {
    std::set<AgentId> all;
    for (AgentId i = 0; i < agents; ++i) all.insert(i);
    return all;
}

SpatialScale measured(const topology::Topology& topology, const Partition& partition,
                      const std::vector<AgentId>& centres) {
    const auto world = mpi::Communicator::world();
    const auto network = network::DistributedGraph<double>::build(topology, partition, world);
    const auto efforts = [&](std::size_t row, double* out) { efforts_of(network.ids()[row], out); };
    return measure::spatial_scale(network, tasks, efforts, information(everyone(topology.agents())),
                                  centres, world);
}

void expect_brute_force(const ArcTopology& topology, std::int64_t count) {
    const int ranks = mpi::Communicator::world().size();
    const auto centres = measure::sample_centres(topology.agents(), count, 4);
    const auto found = measured(topology, Partition::block(topology.agents(), ranks), centres);
    ASSERT_FALSE(found.radius.empty());
    for (std::size_t i = 0; i < found.radius.size(); ++i) {
        double mean = 0.0, members = 0.0, squares = 0.0;
        for (const AgentId centre : centres) {
            const auto here = ball(topology, centre, found.radius[i]);
            mean += information(here) / static_cast<double>(centres.size());
            members += static_cast<double>(here.size()) / static_cast<double>(centres.size());
        }
        for (const AgentId centre : centres) {
            squares += std::pow(information(ball(topology, centre, found.radius[i])) - mean, 2);
        }
        EXPECT_NEAR(found.heterogeneity[i], mean, 1e-12) << "r = " << found.radius[i];
        EXPECT_NEAR(found.ball[i], members, 1e-12);
        if (centres.size() > 1) {
            EXPECT_NEAR(found.spread[i],
                        std::sqrt(squares / static_cast<double>(centres.size() - 1)), 1e-7);
        }
    }
    const auto random = measured(topology, Partition::random(topology.agents(), ranks, 3), centres);
    EXPECT_EQ(found.heterogeneity, random.heterogeneity);
    EXPECT_EQ(found.spread, random.spread);
    EXPECT_TRUE(found.scale == random.scale || std::isnan(found.scale));
}

TEST(SpatialTest, BallsOfSymmetricGraphs) {
    expect_brute_force(random_uniform(60, 90, 2), 7);
    expect_brute_force(ArcTopology(30, ring_arcs(30, 4), uniform_traits()), 30);
}

TEST(SpatialTest, BallsFollowArcsInBothDirections) {
    expect_brute_force(random_weighted(50, 70, 6), 9);
}

TEST(SpatialTest, MoreThanOnePassOfSixtyFourCentres) {
    expect_brute_force(ArcTopology(150, ring_arcs(150, 2), uniform_traits()), 100);
}

TEST(SpatialTest, FewAgents) {
    expect_brute_force(ArcTopology(1, {}, uniform_traits()), 5);
    expect_brute_force(ArcTopology(2, ring_arcs(2, 2), uniform_traits()), 5);
}

TEST(SpatialTest, ScaleIsTheRadiusWhereMostOfTheWholeIsReached) {
    const ArcTopology ring(150, ring_arcs(150, 2), uniform_traits());
    const auto found = measured(ring, Partition::block(150, mpi::Communicator::world().size()),
                                measure::sample_centres(150, 64, 1));
    const double target = (1.0 - std::exp(-1.0)) * information(everyone(150));
    ASSERT_GT(found.scale, 0.0);
    const auto below = static_cast<std::size_t>(found.scale);
    const double part = found.scale - static_cast<double>(below);
    EXPECT_NEAR(found.heterogeneity[below] * (1 - part) + found.heterogeneity[below + 1] * part,
                target, 1e-12);
}

TEST(SpatialTest, NoScaleWhereTheSystemFallsApart) {
    const ArcTopology isolated(20, {}, uniform_traits());
    const auto found = measured(isolated, Partition::block(20, mpi::Communicator::world().size()),
                                measure::sample_centres(20, 5, 1));
    EXPECT_EQ(found.radius, std::vector<std::int64_t>{0});
    EXPECT_TRUE(std::isnan(found.scale));
}

TEST(SpatialTest, EverythingIsOneHopAwayInACompleteGraph) {
    const ArcTopology complete(40, {}, complete_traits());
    const auto found = measured(complete, Partition::block(40, mpi::Communicator::world().size()),
                                measure::sample_centres(40, 5, 1));
    EXPECT_NEAR(found.scale, 1.0 - std::exp(-1.0), 1e-12);
    EXPECT_EQ(found.ball, (std::vector<double>{1.0, 40.0}));
}

TEST(SpatialTest, CentresAreDistinctAndWithinTheSystem) {
    const auto centres = measure::sample_centres(1000, 64, 7);
    const std::set<AgentId> distinct(centres.begin(), centres.end());
    EXPECT_EQ(distinct.size(), 64U);
    EXPECT_TRUE(std::is_sorted(centres.begin(), centres.end()));
    EXPECT_GE(*distinct.begin(), 0);
    EXPECT_LT(*distinct.rbegin(), 1000);
    EXPECT_EQ(measure::sample_centres(3, 64, 7), (std::vector<AgentId>{0, 1, 2}));
    EXPECT_NE(measure::sample_centres(1000, 64, 8), centres);
}

}  // namespace
}  // namespace motley::test

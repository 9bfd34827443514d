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
    const measure::RandomGroups random(network.agents(), network.ids(), tasks, efforts, 5, world);
    return measure::spatial_scale(network, tasks, efforts, information(everyone(topology.agents())),
                                  random, centres, world);
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

/// Divergence of the agents in `members`, straight from its definition.
double lacking(const std::set<AgentId>& members, AgentId agents) {
    std::vector<double> part(tasks, 0.0), whole(tasks, 0.0);
    double row[tasks];
    for (AgentId i = 0; i < agents; ++i) {
        efforts_of(i, row);
        for (std::size_t k = 0; k < tasks; ++k) {
            whole[k] += row[k];
            if (members.contains(i)) part[k] += row[k];
        }
    }
    const double own = part[0] + part[1] + part[2], all = whole[0] + whole[1] + whole[2];
    double sum = 0.0;
    for (std::size_t k = 0; k < tasks; ++k) {
        if (part[k] > 0.0) sum += part[k] / own * std::log(part[k] / own * all / whole[k]);
    }
    return sum;
}

TEST(LocalBalanceTest, DivergenceIsThatOfSharesAndZeroForTheWhole) {
    const std::vector<double> whole = {2.0, 1.0, 1.0, 0.0}, part = {1.0, 1.0, 0.0, 0.0};
    EXPECT_NEAR(measure::divergence(part, whole), 0.5 * std::log(0.5 / 0.25), 1e-15);
    EXPECT_EQ(measure::divergence(whole, whole), 0.0);
    EXPECT_EQ(measure::divergence(std::vector<double>(4, 0.0), whole), 0.0);
}

/// The mean of D / D0 over all draws of n agents is 1: D0 against plain draws, with the error of
/// both known from the spread of the draws.
TEST(LocalBalanceTest, RandomGroupsLackWhatPlainDrawsOfAgentsLack) {
    const AgentId agents = 300;
    const auto world = mpi::Communicator::world();
    std::vector<AgentId> ids;
    for (AgentId i = world.rank(); i < agents; i += world.size()) ids.push_back(i);
    const measure::RandomGroups random(
        agents, ids, tasks, [&](std::size_t i, double* out) { efforts_of(ids[i], out); }, 5, world);
    double single = 0.0;
    for (AgentId i = 0; i < agents; ++i) single += lacking({i}, agents) / agents;
    EXPECT_NEAR(random.expected(1), single, 1e-12) << "every agent is a group of its own";
    for (const AgentId members : {2, 3, 5, 7, 12, 30, 100, 250}) {
        constexpr int draws = 400;
        double sum = 0.0, squares = 0.0;
        for (int d = 0; d < draws; ++d) {
            const Permutation order(static_cast<std::uint64_t>(agents), 77, Stream::test,
                                    static_cast<std::uint64_t>(1000 * members + d));
            std::set<AgentId> drawn;
            for (AgentId i = 0; i < members; ++i) {
                drawn.insert(static_cast<AgentId>(order(static_cast<std::uint64_t>(i))));
            }
            const double value = lacking(drawn, agents);
            sum += value;
            squares += value * value;
        }
        const double mean = sum / draws;
        const double error = std::sqrt((squares / draws - mean * mean) / draws);
        // The groups of `RandomGroups` are at least as many as the draws.
        EXPECT_NEAR(random.expected(static_cast<double>(members)), mean, 5.0 * error) << members;
    }
    EXPECT_EQ(random.expected(agents), 0.0);
    EXPECT_EQ(random.balance(
                  agents, ids, [&](std::size_t i, double* out) { efforts_of(ids[i], out); }, world),
              0.0);
}

TEST(LocalBalanceTest, IsBruteForceDivergenceOverThatOfRandomGroups) {
    const ArcTopology ring(150, ring_arcs(150, 4), uniform_traits());
    const auto world = mpi::Communicator::world();
    const auto centres = measure::sample_centres(150, 150, 1);
    const auto found = measured(ring, Partition::block(150, world.size()), centres);
    const auto other = measured(ring, Partition::random(150, world.size(), 3), centres);
    EXPECT_EQ(found.balance, other.balance) << "same bits";
    std::vector<AgentId> everyone(150);
    for (AgentId i = 0; i < 150; ++i) everyone[static_cast<std::size_t>(i)] = i;
    const measure::RandomGroups random(
        150, everyone, tasks, [&](std::size_t i, double* out) { efforts_of(everyone[i], out); }, 5,
        mpi::Communicator::self());
    EXPECT_NEAR(found.balance.front(), 1.0, 1e-12) << "all agents are centres";
    for (std::size_t i = 1; i + 1 < found.radius.size(); ++i) {
        double mean = 0.0;
        for (AgentId centre = 0; centre < 150; ++centre) {
            mean += lacking(ball(ring, centre, found.radius[i]), 150) / 150.0;
        }
        EXPECT_NEAR(found.balance[i], mean / random.expected(found.ball[i]), 1e-11);
    }
    EXPECT_EQ(found.balance.back(), 0.0) << "the last ball holds everyone";
    double mean = 0.0;
    for (AgentId group = 0; group < 15; ++group) {
        std::set<AgentId> members;
        for (AgentId i = 0; i < 10; ++i) members.insert(10 * group + i);
        mean += lacking(members, 150) / 15.0;
    }
    EXPECT_NEAR(random.balance(
                    10, everyone, [&](std::size_t i, double* out) { efforts_of(everyone[i], out); },
                    mpi::Communicator::self()),
                mean / random.expected(10), 1e-12);
}

/// Alternating specialists: a ball of odd radius lacks little, the agent itself half of the tasks.
TEST(LocalBalanceTest, RadiusOfAlternatingSpecialistsIsWithinOneHop) {
    const ArcTopology ring(200, ring_arcs(200, 2), uniform_traits());
    const auto world = mpi::Communicator::world();
    const auto graph =
        network::DistributedGraph<double>::build(ring, Partition::block(200, world.size()), world);
    const auto efforts = [&](std::size_t row, double* out) {
        out[0] = graph.ids()[row] % 2 == 0 ? 1.0 : 0.0;
        out[1] = 1.0 - out[0];
    };
    const measure::RandomGroups random(200, graph.ids(), 2, efforts, 5, world);
    const auto found = measure::spatial_scale(graph, 2, efforts, std::log(2.0), random,
                                              measure::sample_centres(200, 200, 1), world);
    // At r = 1 two of one kind are with one of the other: KL((2/3, 1/3) || (1/2, 1/2)).
    const double kl = std::log(2.0) + 2.0 / 3.0 * std::log(2.0 / 3.0) - std::log(3.0) / 3.0;
    const double at_one = kl / random.expected(3.0);
    EXPECT_NEAR(found.balance[1], at_one, 1e-12);
    ASSERT_LT(at_one, std::exp(-1.0));
    EXPECT_NEAR(found.balance_radius, (1.0 - std::exp(-1.0)) / (1.0 - at_one), 1e-12);
}

}  // namespace
}  // namespace motley::test

// Sums within r hops of one agent against brute force, for any graph, partition and number of
// ranks.
#include "motley/measure/ball_totals.hpp"

#include <gtest/gtest.h>

#include <set>

#include "support/arc_topology.hpp"

namespace motley::test {
namespace {

using partition::Partition;

constexpr std::size_t width = 2;

/// Whole numbers, so that sums have no rounding.
double number_of(AgentId agent, std::size_t k) {
    return static_cast<double>((agent * 7 + static_cast<AgentId>(k) * 3) % 11);
}

std::vector<double> sum_of(const std::set<AgentId>& agents) {
    std::vector<double> sums(width, 0.0);
    for (const AgentId i : agents) {
        for (std::size_t k = 0; k < width; ++k) sums[k] += number_of(i, k);
    }
    return sums;
}

/// Agents within `radius` hops along arcs in either direction.
std::set<AgentId> ball_around(const ArcTopology& graph, AgentId centre, std::int64_t radius) {
    std::set<AgentId> members = {centre};
    for (std::int64_t hop = 0; hop < radius; ++hop) {
        std::set<AgentId> more = members;
        for (const auto& arc : graph.list()) {
            if (members.contains(arc.source)) more.insert(arc.target);
            if (members.contains(arc.target)) more.insert(arc.source);
        }
        members = more;
    }
    return members;
}

TEST(BallTotals, AreThoseOfBreadthFirstSearch) {
    const mpi::Communicator comm = mpi::Communicator::world();
    const ArcTopology graph = random_weighted(60, 90, 5);
    for (const bool random : {false, true}) {
        const auto partition =
            random ? Partition::random(60, comm.size(), 3) : Partition::block(60, comm.size());
        const auto network = network::DistributedGraph<double>::build(graph, partition, comm);
        const measure::RowNumbers numbers = [&](std::size_t row, double* out) {
            for (std::size_t k = 0; k < width; ++k) out[k] = number_of(network.ids()[row], k);
        };
        std::set<AgentId> everyone;
        for (AgentId i = 0; i < 60; ++i) everyone.insert(i);
        EXPECT_EQ(measure::totals(network, width, numbers, comm), sum_of(everyone));
        const std::vector<std::int64_t> radii = {0, 1, 2, 4, 100};
        for (const AgentId centre : {0, 31, 59}) {
            const auto balls = measure::ball_totals(network, width, numbers, centre, radii, comm);
            ASSERT_EQ(balls.size(), radii.size());
            for (std::size_t r = 0; r < radii.size(); ++r) {
                EXPECT_EQ(balls[r], sum_of(ball_around(graph, centre, radii[r])))
                    << centre << " " << r;
            }
        }
    }
}

TEST(BallTotals, OfACompleteGraphAreAllFromOneHopOn) {
    const mpi::Communicator comm = mpi::Communicator::world();
    topology::Spec spec;
    spec.generator = "complete";
    spec.agents = 12;
    const auto graph = topology::make(spec);
    const auto network =
        network::DistributedGraph<double>::build(*graph, Partition::block(12, comm.size()), comm);
    const measure::RowNumbers numbers = [&](std::size_t row, double* out) {
        for (std::size_t k = 0; k < width; ++k) out[k] = number_of(network.ids()[row], k);
    };
    const std::vector<std::int64_t> radii = {0, 1, 2};
    const auto balls = measure::ball_totals(network, width, numbers, 5, radii, comm);
    EXPECT_EQ(balls[0], sum_of({5}));
    EXPECT_EQ(balls[1], measure::totals(network, width, numbers, comm));
    EXPECT_EQ(balls[2], balls[1]);
}

}  // namespace
}  // namespace motley::test

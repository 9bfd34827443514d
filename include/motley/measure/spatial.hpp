// The spatial scale of heterogeneity: I within balls of r hops and the radius at which it reaches
// 1 - 1/e of I of the whole system, and the local balance: what balls lack, and the radius at which
// little is lacking.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "motley/core/ids.hpp"
#include "motley/measure/local_balance.hpp"
#include "motley/mpi/communicator.hpp"
#include "motley/network/distributed_graph.hpp"

namespace motley::measure {

/// I(r): effort-weighted heterogeneity among the agents within r hops of a centre, mean over the
/// centres, nats. Hops go along arcs in either direction.
struct SpatialScale {
    std::int64_t centres = 0;
    std::vector<std::int64_t> radius;   ///< 0, 1, 2, ... 64, then in steps of a tenth
    std::vector<double> heterogeneity;  ///< mean over centres
    std::vector<double> spread;         ///< standard deviation over centres
    std::vector<double> ball;           ///< mean number of agents in the ball
    /// xi: the radius, linearly interpolated, at which I(r) reaches (1 - 1/e) of I of the whole
    /// system; nan where it never does (unconnected systems, or no heterogeneity at all).
    double scale = 0.0;
    /// b(r) = D(r) / D0(r): D(r) is the divergence, mean over the centres, of the task shares of
    /// the effort within r hops from those of the whole system, D0(r) what agents put in other
    /// places at random are expected to give (`RandomGroups`). About 1 at r = 0; far below 1 where
    /// neighbourhoods are complementary; 0 where all of them hold the whole system.
    std::vector<double> balance;
    /// The least radius, linearly interpolated, at which b(r) is 1/e; nan where it never is.
    double balance_radius = 0.0;
};

/// `count` distinct agents, ascending, drawn by `seed`; all of them when there are fewer.
std::vector<AgentId> sample_centres(AgentId agents, std::int64_t count, std::uint64_t seed);

/// Collective. `efforts(row, out)` writes R x of an owned row (`tasks` numbers); `total` is I of
/// the whole system, `random` is drawn from the same efforts. 64 centres at a time are followed by
/// one breadth-first search over bit masks (M. Then et al., "The more the merrier", PVLDB 8 (2014),
/// doi:10.14778/2735496.2735507); sums are exact, so that the result does not depend on ranks.
template <class Real>
SpatialScale spatial_scale(const network::DistributedGraph<Real>& graph, int tasks,
                           const std::function<void(std::size_t, double*)>& efforts, double total,
                           const RandomGroups& random, const std::vector<AgentId>& centres,
                           const mpi::Communicator& comm);

}  // namespace motley::measure

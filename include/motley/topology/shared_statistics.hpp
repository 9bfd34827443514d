// Graph statistics that several peers compute together, each on the rows of a block of agents. All
// get the same result, to the last bit, for any number of them. Every function is collective.
#pragma once

#include <cstdint>

#include "motley/topology/graph_statistics.hpp"
#include "motley/topology/peers.hpp"

namespace motley::topology {

/// The statistics of a topology; a usage error beyond 2^32 - 1 agents.
Statistics statistics(const Topology& topology, const Peers& peers, std::int64_t max_sources = 256,
                      std::uint64_t seed = 1);

/// The undirected simple graph on the first peer; the others get no rows.
Csr undirected_simple(const Topology& topology, const Peers& peers);

/// The second largest modulus of an eigenvalue of W, w_ij over the sum of row i: 1 where the
/// vertices that have arcs are not connected, or have two colours. Within 1e-9, by Lanczos' method.
/// Weights are 1 where the topology does not use them. Not a number where an arc has no opposite of
/// the same weight, or where survivals differ.
double second_modulus(const Topology& topology, const Peers& peers);

}  // namespace motley::topology

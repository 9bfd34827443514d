// First phase of the build: every rank gets the arcs of the agents that it owns.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "motley/core/ids.hpp"
#include "motley/mpi/communicator.hpp"
#include "motley/network/distributed_graph.hpp"
#include "motley/network/owned_agents.hpp"
#include "motley/partition/partition.hpp"
#include "motley/topology/topology.hpp"

namespace motley::network {

/// Neighbours of owned agents by global id, ascending in each row. Rows are in the order of the
/// ascending owned ids.
struct GlobalRows {
    std::vector<std::uint64_t> offsets;
    std::vector<NarrowId> neighbours;
    std::vector<double> coefficients;  ///< weighted only: survival x routing weight
    std::vector<double> survivals;     ///< out-rows that keep them: survival alone

    std::span<const NarrowId> row(std::size_t i) const {
        return {neighbours.data() + offsets[i], offsets[i + 1] - offsets[i]};
    }
};

struct GatheredRows {
    GlobalRows in;   ///< by target: who sends to it
    GlobalRows out;  ///< by source: who receives from it; weighted only
};

/// Collective. Rows of a symmetric graph with equal weights; parallel arcs count once.
GlobalRows gather_uniform_rows(const topology::Topology& topology,
                               const partition::Partition& partition, const OwnedAgents& owned,
                               const mpi::Communicator& comm);

/// Collective. Rows of any other graph; the routing weights of every source sum to 1.
GatheredRows gather_weighted_rows(const topology::Topology& topology,
                                  const partition::Partition& partition, const OwnedAgents& owned,
                                  const mpi::Communicator& comm, ArcStorage storage);

/// Collective. The same from the arcs out of owned agents, those of a source side by side.
GatheredRows gather_weighted_rows(std::span<const RoutedArc> arcs,
                                  const partition::Partition& partition, const OwnedAgents& owned,
                                  const mpi::Communicator& comm);

}  // namespace motley::network

// Properties of the topology of a run.
#pragma once

#include "motley/experiment/run/run.hpp"
#include "motley/topology/topology.hpp"

namespace motley::experiment {

/// Collective; rank 0 computes. Closed forms are used for a complete graph.
GraphProperties graph_properties(const topology::Topology& topology, std::uint64_t seed,
                                 const mpi::Communicator& comm);

}  // namespace motley::experiment

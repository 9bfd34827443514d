// Partitioners that run on all ranks.
#pragma once

#include "motley/mpi/communicator.hpp"
#include "motley/partition/partition.hpp"

namespace motley::partition {

/// Collective. Builds the partition of `spec` over the ranks of `comm`; the result is the same
/// description on every rank. METIS runs on rank 0, PT-Scotch on all ranks.
Partition make(const Spec& spec, const topology::Topology& topology, const mpi::Communicator& comm);

/// The same for any number of parts.
Partition make(const Spec& spec, const topology::Topology& topology, const mpi::Communicator& comm,
               int parts);

/// Whether motley was built with PT-Scotch. Without it `by_scotch` throws a usage error.
bool has_scotch();
/// Collective. PT-Scotch over distributed rows of the undirected simple graph.
Partition by_scotch(const topology::Topology& topology, const mpi::Communicator& comm, int parts,
                    std::uint64_t seed);

}  // namespace motley::partition

// Topologies whose arcs the ranks have in shares, because they read a large file together.
#pragma once

#include <memory>

#include "motley/mpi/communicator.hpp"
#include "motley/topology/topology.hpp"

namespace motley::partition {

/// Collective. topology::make, but of a large file each rank has a share of the arcs: it parses a
/// slice of the file where the format allows it, else rank 0 reads for all.
std::unique_ptr<topology::Topology> make_topology(const topology::Spec& spec,
                                                  const mpi::Communicator& comm);

/// Gives rank 0 all arcs of a topology, for what cannot be computed from shares.
class OnRoot {
  public:
    /// Collective. `topology` must outlive this.
    OnRoot(const topology::Topology& topology, const mpi::Communicator& comm);

    /// On rank 0 a topology that has all arcs; elsewhere the one that was given.
    const topology::Topology& get() const { return gathered_ ? *gathered_ : topology_; }

  private:
    const topology::Topology& topology_;
    std::unique_ptr<topology::Topology> gathered_;
};

}  // namespace motley::partition

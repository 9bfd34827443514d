// Ranks that work on one graph together: they read a large file in shares, and examine it.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "motley/mpi/communicator.hpp"
#include "motley/topology/peers.hpp"
#include "motley/topology/topology.hpp"

namespace motley::partition {

/// The ranks of a communicator, for the layer of topologies, which has no MPI.
class Ranks final : public topology::Peers {
  public:
    /// `comm` must outlive this.
    explicit Ranks(const mpi::Communicator& comm) : comm_(comm) {}

    int count() const override { return comm_.size(); }
    int place() const override { return comm_.rank(); }
    Words gather(const Words& own) const override { return comm_.all_gather(own); }
    Words exchange(const std::vector<Words>& send,
                   std::vector<std::int64_t>& counts) const override {
        return comm_.exchange(send, &counts);
    }

  private:
    const mpi::Communicator& comm_;
};

/// Collective. topology::make, but of a large file each rank has a share of the arcs: it parses a
/// slice of the file where the format allows it, else rank 0 reads for all.
std::unique_ptr<topology::Topology> make_topology(const topology::Spec& spec,
                                                  const mpi::Communicator& comm);

}  // namespace motley::partition

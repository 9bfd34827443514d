// Halo exchange through the nodes: between two nodes rows travel together, and each crosses once.
#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "motley/core/buffer.hpp"
#include "motley/mpi/halo_exchange.hpp"

namespace motley::mpi {

/// Three exchanges after another. Ranks of a node give what another node needs to one of them, the
/// carrier for that node (gather); carriers of two nodes send each other one message (cross); the
/// carrier that receives it passes on what each rank of its node needs (scatter). Ghosts from the
/// own node come with the first. A node's carriers are spread over its ranks; where there are more
/// ranks than other nodes, the ranks of a node are dealt out to several carriers, called lanes.
class NodeExchange final : public HaloExchange {
  public:
    /// Collective. `ranks_per_node` consecutive ranks are taken for a node; 0: as MPI says.
    NodeExchange(const Communicator& comm, const HaloPlan& plan, std::size_t unit_bytes,
                 const std::vector<std::byte*>& buffers, std::byte* ghosts, int ranks_per_node);
    void start(int buffer) override;
    void finish(int buffer) override;
    bool progress(int buffer) override;
    /// Not collective. Units that this rank sends to other nodes.
    std::int64_t units_across() const { return units_across_; }

  private:
    void next();

    Communicator node_;
    std::size_t unit_bytes_;
    Buffer<std::byte> arrived_;             ///< units of gather, cross and scatter, in this order
    std::vector<std::uint32_t> of_ghosts_;  ///< the arrived unit that each ghost is
    std::byte* ghosts_;
    std::vector<std::unique_ptr<HaloExchange>> legs_;
    std::size_t leg_ = 0;  ///< the one that is under way
    int buffer_ = 0;       ///< the one that is sent
    std::int64_t units_across_ = 0;
};

/// An exchange by messages from rank to rank, and the machine, over all ranks.
struct ExchangeCounts {
    std::int64_t ranks = 0, nodes = 0, largest_node = 0, messages = 0, bytes = 0;
};

/// Collective.
ExchangeCounts count_exchange(const Communicator& comm, const HaloPlan& plan,
                              std::size_t unit_bytes, int ranks_per_node);

/// Not collective. Whether an exchange through the nodes is to be expected faster than one message
/// from rank to rank.
bool nodes_pay(const ExchangeCounts& counts);

}  // namespace motley::mpi

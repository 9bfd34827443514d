// Halo exchange through the nodes: ranks of a node share memory, and each row crosses between two
// nodes once.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "motley/mpi/halo_exchange.hpp"
#include "mpi/node_plan.hpp"
#include "mpi/shared_memory.hpp"

namespace motley::mpi {

/// Ranks of a node publish, in memory that they share, what others need. When all have done so,
/// what another node needs crosses as one message, from the carrier for that node to its carrier
/// there, straight from and into shared memory. When all messages of the node have come, each rank
/// takes its ghosts. A node's carriers are spread over its ranks; where there are more ranks than
/// other nodes, the ranks of a node are dealt out to several carriers, called lanes.
class NodeExchange final : public HaloExchange {
  public:
    /// Collective. `ranks_per_node`: see Communicator::split_by_node.
    NodeExchange(const Communicator& comm, const HaloPlan& plan, std::size_t unit_bytes,
                 const std::vector<std::byte*>& buffers, std::byte* ghosts, int ranks_per_node);
    void start(int buffer) override;
    void finish(int buffer) override;
    bool progress(int buffer) override;
    /// Not collective. Units that this rank sends to other nodes.
    std::int64_t units_across() const { return plan_.across.sent_units(); }

  private:
    enum class Phase {
        publish,  ///< the ranks of the node publish
        cross,    ///< messages of this rank are under way
        arrive,   ///< those of the node are
        done
    };
    bool ready();
    void wait();
    void next();

    Communicator node_;
    NodePlan plan_;
    std::size_t unit_bytes_;
    std::vector<std::byte*> buffers_;
    std::byte* ghosts_;
    /// What arrived, then what was published, twice, in turns: a rank may publish what comes next
    /// while another one still reads.
    SharedMemory memory_;
    std::byte* published_[2];
    DisseminationBarrier barrier_;
    std::unique_ptr<HaloExchange> cross_;  ///< null where there is one node
    int turn_ = 0;
    Phase phase_ = Phase::done;
};

}  // namespace motley::mpi

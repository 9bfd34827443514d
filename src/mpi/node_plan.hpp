// The plan of an exchange through the nodes: which rows a rank publishes, sends and takes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "motley/mpi/halo_exchange.hpp"

namespace motley::mpi {

/// What one rank does. The ranks of a node share units: first those that arrive from other nodes,
/// then those that they publish, in the order of the ranks. Units for node mates come before those
/// for other nodes.
struct NodePlan {
    /// Places [begin, end) of `published_units`, which go one after the other to the published
    /// units from `to` on.
    struct PublishedRun {
        std::size_t begin, end;
        std::uint32_t to;
    };
    /// Ghosts [begin, end), all owned by node mates or none.
    struct GhostRun {
        std::size_t begin, end;
        bool here;
    };

    std::size_t arrived = 0, published = 0;      ///< shared units, of all ranks of the node
    std::vector<std::uint32_t> published_units;  ///< owned units that others need
    std::vector<PublishedRun> published_runs;
    std::int64_t for_mates = 0;            ///< units that this rank publishes for node mates
    std::vector<std::uint32_t> of_ghosts;  ///< the shared unit that each ghost is
    std::vector<GhostRun> ghost_runs;
    /// The messages between carriers: what they send is published, what they receive is written
    /// from the arrived unit `first_arrived` on.
    HaloPlan across;
    std::size_t first_arrived = 0;
    bool one_node = false;
};

/// Collective over `comm`; `node`: the ranks of it that share memory with this one.
NodePlan plan_through_nodes(const Communicator& comm, const Communicator& node,
                            const HaloPlan& plan);

/// An exchange by messages from rank to rank, and the machine, over all ranks.
struct ExchangeCounts {
    std::int64_t ranks = 0, nodes = 0, largest_node = 0, messages = 0, bytes = 0;
};

/// Collective. `ranks_per_node`: see Communicator::split_by_node.
ExchangeCounts count_exchange(const Communicator& comm, const HaloPlan& plan,
                              std::size_t unit_bytes, int ranks_per_node);

/// Not collective. Whether an exchange through the nodes is to be expected faster than one message
/// from rank to rank.
bool nodes_pay(const ExchangeCounts& counts);

}  // namespace motley::mpi

// Exchange of boundary rows: one interface and several implementations that bring the same ghosts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "motley/mpi/communicator.hpp"
#include "motley/mpi/exchange_kind.hpp"

namespace motley::mpi {

/// Index map of an exchange, in units (rows or half rows). Ghost units are numbered behind the
/// owned units, contiguous per source rank in the order of `receive_ranks`.
struct HaloPlan {
    std::vector<int> send_ranks;                ///< ascending
    std::vector<std::int64_t> send_offsets;     ///< send_ranks.size() + 1, into send_units
    std::vector<std::uint32_t> send_units;      ///< owned units to pack, per destination
    std::vector<int> receive_ranks;             ///< ascending
    std::vector<std::int64_t> receive_offsets;  ///< receive_ranks.size() + 1, ghost units
    std::int64_t first_ghost = 0;               ///< unit index of the first ghost

    std::int64_t sent_units() const { return send_offsets.empty() ? 0 : send_offsets.back(); }
    std::int64_t received_units() const {
        return receive_offsets.empty() ? 0 : receive_offsets.back();
    }
    /// The plan of the opposite direction: ghosts are sent back to their owners.
    HaloPlan inverse() const;
};

/// Moves owned units into the ghosts of neighbouring ranks. Between `start(b)` and `finish(b)` the
/// owned units of buffer b may be read, the ghost units may not be touched. Collective.
class HaloExchange {
  public:
    virtual ~HaloExchange() = default;
    virtual void start(int buffer) = 0;
    virtual void finish(int buffer) = 0;
    /// Not collective. Lets the library advance messages between start and finish. True when finish
    /// will not wait.
    virtual bool progress(int buffer) = 0;
    /// Bytes that this rank sends in an exchange, and the number of ranks that it sends to.
    std::int64_t bytes_sent() const { return bytes_sent_; }
    int messages_sent() const { return messages_sent_; }

  protected:
    std::int64_t bytes_sent_ = 0;
    int messages_sent_ = 0;
};

/// Collective. `buffers` hold the owned units; whichever of them is sent, the units that arrive are
/// written to `ghosts` (received_units of them). The memory must stay where it is for the life of
/// the exchange; the plan need not. `unit_bytes` is the size of a unit. `ranks_per_node`: so many
/// consecutive ranks are taken for a node; 0: as MPI says. In builds with assertions the plan is
/// checked, and a broken promise is an internal error on every rank.
std::unique_ptr<HaloExchange> make_halo_exchange(ExchangeKind kind, const Communicator& comm,
                                                 const HaloPlan& plan, std::size_t unit_bytes,
                                                 const std::vector<std::byte*>& buffers,
                                                 std::byte* ghosts, int ranks_per_node = 0);

/// The same with one buffer that holds the ghosts behind the owned units.
std::unique_ptr<HaloExchange> make_halo_exchange(ExchangeKind kind, const Communicator& comm,
                                                 const HaloPlan& plan, std::size_t unit_bytes,
                                                 std::byte* units);

/// Collective over `comm`. The units that all ranks of `node`, the ranks of `comm` on the node of
/// this one, send to ranks of other nodes, each from rank to rank.
std::int64_t units_leaving_node(const Communicator& comm, const Communicator& node,
                                const HaloPlan& plan);

}  // namespace motley::mpi

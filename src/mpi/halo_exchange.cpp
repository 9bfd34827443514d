#include "motley/mpi/halo_exchange.hpp"

#include <algorithm>
#include <limits>

#include "motley/core/buffer.hpp"
#include "motley/core/expect.hpp"
#include "mpi/checked.hpp"
#include "mpi/copy_units.hpp"
#include "mpi/halo_plan.hpp"
#include "mpi/node_exchange.hpp"

namespace motley::mpi {
namespace {

/// Units as numbers of a basic type, the widest that divides them, so that counts fit int up to 16
/// GiB. A derived type of a whole unit would reach further, but SMPI packs messages of such types
/// when a persistent request is made, not when it is started.
class UnitType {
  public:
    explicit UnitType(std::size_t bytes)
        : width_(bytes % 8 == 0 ? 8 : (bytes % 4 == 0 ? 4 : 1)),
          numbers_(static_cast<std::int64_t>(bytes) / width_) {}
    MPI_Datatype get() const {
        return width_ == 8 ? MPI_UINT64_T : (width_ == 4 ? MPI_UINT32_T : MPI_BYTE);
    }
    /// So many units as MPI counts them.
    int count(std::int64_t units) const {
        if (units > std::numeric_limits<int>::max() / numbers_) {
            throw internal_error("a halo message of " + std::to_string(units) +
                                 " rows is too long for MPI; use more ranks");
        }
        return static_cast<int>(units * numbers_);
    }

  private:
    std::int64_t width_;
    std::int64_t numbers_;  ///< in a unit
};

/// For each message, whether its units lie one after the other in the buffers, so that it can be
/// sent from there.
std::vector<bool> consecutive_messages(const HaloPlan& plan) {
    std::vector<bool> consecutive;
    for (std::size_t i = 0; i < plan.send_ranks.size(); ++i) {
        const auto begin = plan.send_units.begin() + plan.send_offsets[i];
        const auto end = plan.send_units.begin() + plan.send_offsets[i + 1];
        const auto gap = std::adjacent_find(
            begin, end, [](std::uint32_t one, std::uint32_t next) { return next != one + 1; });
        consecutive.push_back(begin != end && gap == end);
    }
    return consecutive;
}

std::int64_t sent_to(const HaloPlan& plan, std::size_t i) {
    return plan.send_offsets[i + 1] - plan.send_offsets[i];
}
std::int64_t received_from(const HaloPlan& plan, std::size_t i) {
    return plan.receive_offsets[i + 1] - plan.receive_offsets[i];
}

/// The base class of the implementations: the units to pack and the memory into which they are
/// packed. It copies what it needs of the plan, so the plan may end before the exchange does.
class PackedExchange : public HaloExchange {
  public:
    /// Messages i with `unpacked[i]` are sent directly from the buffers.
    PackedExchange(const HaloPlan& plan, std::size_t unit_bytes,
                   const std::vector<std::byte*>& buffers, const std::vector<bool>& unpacked)
        : unit_bytes_(unit_bytes), type_(unit_bytes), buffers_(buffers) {
        for (std::size_t i = 0; i < plan.send_ranks.size(); ++i) {
            if (unpacked[i]) continue;
            packed_units_.insert(packed_units_.end(),
                                 plan.send_units.begin() + plan.send_offsets[i],
                                 plan.send_units.begin() + plan.send_offsets[i + 1]);
        }
        packed_ = Buffer<std::byte>(packed_units_.size() * unit_bytes);
        bytes_sent_ = plan.sent_units() * static_cast<std::int64_t>(unit_bytes);
        messages_sent_ = static_cast<int>(plan.send_ranks.size());
    }
    PackedExchange(const HaloPlan& plan, std::size_t unit_bytes,
                   const std::vector<std::byte*>& buffers)
        : PackedExchange(plan, unit_bytes, buffers,
                         std::vector<bool>(plan.send_ranks.size(), false)) {}

  protected:
    void pack(int buffer) {
        MOTLEY_EXPECT_STEP(buffer >= 0 && buffer < std::ssize(buffers_),
                           "an exchange has a buffer " + std::to_string(buffer));
        gather_units(buffers_[static_cast<std::size_t>(buffer)], packed_units_, unit_bytes_,
                     packed_.data());
    }

    std::size_t unit_bytes_;
    UnitType type_;
    std::vector<std::byte*> buffers_;
    std::vector<std::uint32_t> packed_units_;  ///< in the order of the messages
    Buffer<std::byte> packed_;
};

/// Persistent point-to-point requests, one set per buffer. Rows that lie one after the other are
/// not copied before they are sent.
class PersistentExchange final : public PackedExchange {
  public:
    PersistentExchange(const Communicator& comm, const HaloPlan& plan, std::size_t unit_bytes,
                       const std::vector<std::byte*>& buffers, std::byte* ghosts)
        : PackedExchange(plan, unit_bytes, buffers, consecutive_messages(plan)),
          comm_(comm.duplicate()) {
        const std::vector<bool> unpacked = consecutive_messages(plan);
        requests_.resize(buffers.size());
        for (std::size_t b = 0; b < buffers.size(); ++b) {
            for (std::size_t i = 0; i < plan.receive_ranks.size(); ++i) {
                std::byte* to =
                    ghosts + static_cast<std::size_t>(plan.receive_offsets[i]) * unit_bytes;
                checked(MPI_Recv_init(to, type_.count(received_from(plan, i)), type_.get(),
                                      plan.receive_ranks[i], 0, comm_.native(),
                                      &requests_[b].emplace_back()),
                        "MPI_Recv_init");
            }
            std::byte* packed = packed_.data();
            for (std::size_t i = 0; i < plan.send_ranks.size(); ++i) {
                const std::byte* from = packed;
                if (unpacked[i]) {
                    const auto first = static_cast<std::size_t>(plan.send_offsets[i]);
                    from = buffers[b] + plan.send_units[first] * unit_bytes;
                } else {
                    packed += static_cast<std::size_t>(sent_to(plan, i)) * unit_bytes;
                }
                checked(MPI_Send_init(from, type_.count(sent_to(plan, i)), type_.get(),
                                      plan.send_ranks[i], 0, comm_.native(),
                                      &requests_[b].emplace_back()),
                        "MPI_Send_init");
            }
        }
    }
    ~PersistentExchange() override {
        for (auto& set : requests_) {
            for (auto& request : set) MPI_Request_free(&request);
        }
    }
    void start(int buffer) override {
        pack(buffer);
        auto& set = requests_[static_cast<std::size_t>(buffer)];
        if (set.empty()) return;
        checked(MPI_Startall(static_cast<int>(set.size()), set.data()), "MPI_Startall");
    }
    void finish(int buffer) override {
        auto& set = requests_[static_cast<std::size_t>(buffer)];
        if (set.empty()) return;
        checked(MPI_Waitall(static_cast<int>(set.size()), set.data(), MPI_STATUSES_IGNORE),
                "MPI_Waitall");
    }
    bool progress(int buffer) override {
        auto& set = requests_[static_cast<std::size_t>(buffer)];
        if (set.empty()) return true;
        // Persistent requests stay valid: a completed one turns inactive, which Waitall accepts.
        int done = 0;
        checked(MPI_Testall(static_cast<int>(set.size()), set.data(), &done, MPI_STATUSES_IGNORE),
                "MPI_Testall");
        return done != 0;
    }

  private:
    Communicator comm_;
    std::vector<std::vector<MPI_Request>> requests_;
};

/// MPI-3 neighbourhood collective on a distributed graph communicator.
class NeighbourExchange final : public PackedExchange {
  public:
    NeighbourExchange(const Communicator& comm, const HaloPlan& plan, std::size_t unit_bytes,
                      const std::vector<std::byte*>& buffers, std::byte* ghosts)
        : PackedExchange(plan, unit_bytes, buffers), ghosts_(ghosts) {
        checked(
            MPI_Dist_graph_create_adjacent(
                comm.native(), static_cast<int>(plan.receive_ranks.size()),
                plan.receive_ranks.data(), MPI_UNWEIGHTED, static_cast<int>(plan.send_ranks.size()),
                plan.send_ranks.data(), MPI_UNWEIGHTED, MPI_INFO_NULL, 0, &graph_),
            "MPI_Dist_graph_create_adjacent");
        for (std::size_t i = 0; i < plan.send_ranks.size(); ++i) {
            send_counts_.push_back(type_.count(sent_to(plan, i)));
            send_starts_.push_back(type_.count(plan.send_offsets[i]));
        }
        for (std::size_t i = 0; i < plan.receive_ranks.size(); ++i) {
            receive_counts_.push_back(type_.count(received_from(plan, i)));
            receive_starts_.push_back(type_.count(plan.receive_offsets[i]));
        }
    }
    ~NeighbourExchange() override { MPI_Comm_free(&graph_); }
    void start(int buffer) override {
        pack(buffer);
        checked(MPI_Ineighbor_alltoallv(packed_.data(), send_counts_.data(), send_starts_.data(),
                                        type_.get(), ghosts_, receive_counts_.data(),
                                        receive_starts_.data(), type_.get(), graph_, &request_),
                "MPI_Ineighbor_alltoallv");
    }
    void finish(int) override { checked(MPI_Wait(&request_, MPI_STATUS_IGNORE), "MPI_Wait"); }
    bool progress(int) override {
        int done = 0;
        checked(MPI_Test(&request_, &done, MPI_STATUS_IGNORE), "MPI_Test");
        return done != 0;
    }

  private:
    std::byte* ghosts_;
    MPI_Comm graph_ = MPI_COMM_NULL;
    MPI_Request request_ = MPI_REQUEST_NULL;
    std::vector<int> send_counts_, send_starts_, receive_counts_, receive_starts_;
};

/// All-to-all over every pair of ranks: the plain reference of the other two.
class DenseExchange final : public PackedExchange {
  public:
    DenseExchange(const Communicator& comm, const HaloPlan& plan, std::size_t unit_bytes,
                  const std::vector<std::byte*>& buffers, std::byte* ghosts)
        : PackedExchange(plan, unit_bytes, buffers), ghosts_(ghosts), comm_(comm.duplicate()) {
        const auto ranks = static_cast<std::size_t>(comm.size());
        send_counts_.assign(ranks, 0);
        send_starts_.assign(ranks, 0);
        receive_counts_.assign(ranks, 0);
        receive_starts_.assign(ranks, 0);
        for (std::size_t i = 0; i < plan.send_ranks.size(); ++i) {
            const auto r = static_cast<std::size_t>(plan.send_ranks[i]);
            send_counts_[r] = type_.count(sent_to(plan, i));
            send_starts_[r] = type_.count(plan.send_offsets[i]);
        }
        for (std::size_t i = 0; i < plan.receive_ranks.size(); ++i) {
            const auto r = static_cast<std::size_t>(plan.receive_ranks[i]);
            receive_counts_[r] = type_.count(received_from(plan, i));
            receive_starts_[r] = type_.count(plan.receive_offsets[i]);
        }
        messages_sent_ = comm.size();
    }
    void start(int buffer) override { pack(buffer); }
    bool progress(int) override {
        return false;  // the blocking collective does all its work in finish
    }
    void finish(int) override {
        checked(MPI_Alltoallv(packed_.data(), send_counts_.data(), send_starts_.data(), type_.get(),
                              ghosts_, receive_counts_.data(), receive_starts_.data(), type_.get(),
                              comm_.native()),
                "MPI_Alltoallv");
    }

  private:
    std::byte* ghosts_;
    Communicator comm_;
    std::vector<int> send_counts_, send_starts_, receive_counts_, receive_starts_;
};

/// That of one rank without MPI, which has no ghosts.
class NoExchange final : public HaloExchange {
  public:
    void start(int) override {}
    void finish(int) override {}
    bool progress(int) override { return true; }
};

}  // namespace

std::unique_ptr<HaloExchange> make_halo_exchange(ExchangeKind kind, const Communicator& comm,
                                                 const HaloPlan& plan, std::size_t unit_bytes,
                                                 const std::vector<std::byte*>& buffers,
                                                 std::byte* ghosts, int ranks_per_node) {
    if constexpr (MOTLEY_ASSERTIONS >= 1) check_plan(comm, plan);
    if (comm.native() == MPI_COMM_NULL) return std::make_unique<NoExchange>();
    if (kind == ExchangeKind::automatic) {
        kind = nodes_pay(count_exchange(comm, plan, unit_bytes, ranks_per_node))
                   ? ExchangeKind::node
                   : ExchangeKind::persistent;
    }
    switch (kind) {
        case ExchangeKind::persistent:
            return std::make_unique<PersistentExchange>(comm, plan, unit_bytes, buffers, ghosts);
        case ExchangeKind::neighbour:
            return std::make_unique<NeighbourExchange>(comm, plan, unit_bytes, buffers, ghosts);
        case ExchangeKind::dense:
            return std::make_unique<DenseExchange>(comm, plan, unit_bytes, buffers, ghosts);
        case ExchangeKind::node:
            return std::make_unique<NodeExchange>(comm, plan, unit_bytes, buffers, ghosts,
                                                  ranks_per_node);
        case ExchangeKind::automatic:
            break;
    }
    throw internal_error("unknown exchange");
}

std::unique_ptr<HaloExchange> make_halo_exchange(ExchangeKind kind, const Communicator& comm,
                                                 const HaloPlan& plan, std::size_t unit_bytes,
                                                 std::byte* units) {
    return make_halo_exchange(kind, comm, plan, unit_bytes, {units},
                              units + static_cast<std::size_t>(plan.first_ghost) * unit_bytes);
}

}  // namespace motley::mpi

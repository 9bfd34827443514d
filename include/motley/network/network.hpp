// The distributed graph of one rank: owned rows, ghosts, and what must be exchanged with whom.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "motley/core/buffer.hpp"
#include "motley/core/ids.hpp"
#include "motley/mpi/communicator.hpp"
#include "motley/mpi/halo_exchange.hpp"
#include "motley/partition/partition.hpp"
#include "motley/topology/topology.hpp"

namespace motley::network {

/// How agents are coupled, which decides the kernel of the step.
enum class Coupling {
    uniform,    ///< symmetric, equal weights: one gather of whole rows, no weights stored
    weighted,   ///< anything else: stocks along in-arcs, values along out-arcs, weight per arc
    mean_field  ///< complete graph: exact global sums instead of arcs
};

/// Compressed rows over owned agents. A column is a unit of the message buffer: a whole row
/// (stock and value) when uniform; a half row when weighted (2 r: stock of agent r, 2 r + 1:
/// value); from `plan().first_ghost` on it is a ghost. `columns` has `padding` extra entries at its
/// end, so that prefetching may run ahead.
template <class Real>
struct Rows {
    static constexpr std::size_t padding = 256;
    Buffer<std::uint64_t> offsets;  ///< owned + 1
    Buffer<std::uint32_t> columns;
    Buffer<Real> weights;  ///< weighted only: survival x routing weight (without lambda)
};

/// Rows that are sorted by their length among each other.
constexpr std::size_t length_window = 512;

/// Local order: interior rows first (no neighbour on another rank), then boundary rows; both by
/// ascending global id in windows of `length_window`, and by (in-arcs, out-arcs, id) within one.
/// Ghost units follow all owned units, grouped by owner, in the owner's order.
template <class Real>
class Network {
  public:
    /// Collective. Generates this rank's share of the topology, sends arcs to their owners and
    /// builds rows and the exchange plan. Throws together on all ranks.
    static Network build(const topology::Topology& topology, const partition::Partition& partition,
                         const mpi::Communicator& comm);

    AgentId agents() const { return agents_; }
    /// Agents with an id from here on are relays.
    AgentId hosts() const { return hosts_; }
    bool has_relays() const { return hosts_ < agents_; }
    bool is_relay(LocalId row) const { return ids_[row] >= hosts_; }
    LocalId owned() const { return static_cast<LocalId>(ids_.size()); }
    LocalId interior() const { return interior_; }
    std::int64_t ghosts() const { return ghosts_; }
    /// Distinct arcs into owned agents (mean field: none stored, owned x (N - 1) counted).
    std::int64_t arcs() const { return arcs_; }
    Coupling coupling() const { return coupling_; }
    /// Survival of every arc when uniform or mean field; 1 when weighted (it is in the weights).
    double survival() const { return survival_; }
    /// Global ids of the owned agents in local order.
    std::span<const AgentId> ids() const { return ids_.span(); }
    const Rows<Real>& in() const { return in_; }
    const Rows<Real>& out() const { return out_; }
    /// True where the agent passes something on: it has at least one outgoing arc.
    bool has_outgoing(LocalId row) const {
        if (coupling_ == Coupling::mean_field) return agents_ > 1;
        const auto& rows = coupling_ == Coupling::uniform ? in_ : out_;
        return rows.offsets[row + 1] > rows.offsets[row];
    }
    const mpi::HaloPlan& plan() const { return plan_; }
    /// Halves (K numbers) per exchanged unit: 2 when uniform, 1 when weighted.
    int halves_per_unit() const { return coupling_ == Coupling::weighted ? 1 : 2; }
    /// Ghosts, counted in halves.
    std::size_t ghost_halves() const {
        return static_cast<std::size_t>(halves_per_unit()) * static_cast<std::size_t>(ghosts_);
    }
    /// Memory that this object holds, bytes.
    std::size_t bytes() const;

    /// Arcs into owned agents, with the factor that the step applies: survival x routing weight
    /// when weighted, 1 when uniform. Empty for the mean field.
    struct StoredArc {
        AgentId source, target;
        double factor;
    };
    std::vector<StoredArc> stored_arcs() const;

  private:
    template <class>
    friend class Builder;

    AgentId agents_ = 0;
    AgentId hosts_ = 0;
    LocalId interior_ = 0;
    std::int64_t ghosts_ = 0;
    std::int64_t arcs_ = 0;
    Coupling coupling_ = Coupling::uniform;
    double survival_ = 1.0;
    Buffer<AgentId> ids_;
    Buffer<AgentId> ghost_ids_;  ///< global id of every ghost unit
    Rows<Real> in_, out_;
    mpi::HaloPlan plan_;
};

extern template class Network<double>;
extern template class Network<float>;

}  // namespace motley::network

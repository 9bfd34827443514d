// The graph as the kernel of a step reads it on one rank: rows of owned agents, without MPI.
#pragma once

#include <cstdint>
#include <span>
#include <utility>

#include "motley/core/buffer.hpp"
#include "motley/core/ids.hpp"

namespace motley::model {

/// How agents are coupled, which decides the kernel of the step.
enum class Coupling {
    uniform,     ///< symmetric, equal weights: one gather of whole rows, no weights stored
    weighted,    ///< anything else: stocks along in-arcs, values along out-arcs, weight per arc
    mean_field,  ///< complete graph: exact global sums instead of arcs
    pool         ///< everyone takes the same share of everything, in the same step
};

/// Compressed sparse rows over owned agents. A column is a unit of the message buffer: a whole row
/// (stock and value) when uniform; a half row when weighted (2 r: stock of agent r, 2 r + 1:
/// value); from `LocalGraph::first_ghost` on it is a ghost. `columns` has `padding` extra entries
/// at its end, so that prefetching may run ahead.
template <class Real>
struct Rows {
    static constexpr std::size_t padding = 256;
    Buffer<std::uint64_t> offsets;  ///< owned + 1
    Buffer<std::uint32_t> columns;
    Buffer<Real> weights;    ///< weighted only: survival x routing weight (without lambda)
    Buffer<Real> survivals;  ///< out-rows whose weights may change: survival alone; else empty
};

/// Agents that one rank owns, in local order: interior rows first (no neighbour on another rank),
/// then boundary rows. Ghost units, which belong to other ranks, follow all owned units.
template <class Real>
class LocalGraph {
  public:
    struct Parts {
        AgentId agents = 0;  ///< number of agents of the whole system
        AgentId hosts = 0;   ///< agents with this id or a greater one are relays
        Coupling coupling = Coupling::uniform;
        /// Survival of every arc when uniform or mean field; 1 when weighted (it is in the
        /// weights).
        double survival = 1.0;
        LocalId interior = 0;
        std::int64_t ghosts = 0;        ///< number of ghost units
        Buffer<AgentId> ids;            ///< global ids of the owned agents in local order
        Rows<Real> in, out;             ///< uniform: `in` only; mean field: neither
        Buffer<std::uint8_t> closed{};  ///< see `closed`
    };
    explicit LocalGraph(Parts parts)
        : parts_(std::move(parts)), first_ghost_(std::int64_t{owned()} * units_per_agent()) {}

    AgentId agents() const { return parts_.agents; }
    AgentId hosts() const { return parts_.hosts; }
    bool has_relays() const { return parts_.hosts < parts_.agents; }
    bool is_relay(LocalId row) const { return parts_.ids[row] >= parts_.hosts; }
    LocalId owned() const { return static_cast<LocalId>(parts_.ids.size()); }
    LocalId interior() const { return parts_.interior; }
    Coupling coupling() const { return parts_.coupling; }
    /// False where sums over all agents replace arcs: no rows, one buffer of messages.
    bool has_arcs() const {
        return parts_.coupling == Coupling::uniform || parts_.coupling == Coupling::weighted;
    }
    double survival() const { return parts_.survival; }
    std::span<const AgentId> ids() const { return parts_.ids.span(); }
    const Rows<Real>& in() const { return parts_.in; }
    const Rows<Real>& out() const { return parts_.out; }
    /// Weighted only: survival x routing weight of all arcs, in the order of the rows, to be
    /// changed. An arc must get the same in both.
    std::span<Real> in_weights() { return parts_.in.weights.span(); }
    std::span<Real> out_weights() { return parts_.out.weights.span(); }
    /// Weighted only: the agents whose arcs are all closed, so that they pass nothing on; one flag
    /// per row, or none where no arc was ever closed.
    std::span<const std::uint8_t> closed() const { return parts_.closed.span(); }
    void set_closed(Buffer<std::uint8_t> closed) { parts_.closed = std::move(closed); }
    /// The rows that lead to the receivers of an agent; values come back along them.
    const Rows<Real>& outgoing() const {
        return parts_.coupling == Coupling::weighted ? parts_.out : parts_.in;
    }
    /// True when the agent has at least one outgoing arc, so that it passes something on.
    bool has_outgoing(LocalId row) const {
        if (parts_.coupling == Coupling::mean_field) return parts_.agents > 1;
        if (parts_.coupling == Coupling::pool) return false;
        if (!parts_.closed.empty() && parts_.closed[row] != 0) return false;
        return outgoing().offsets[row + 1] > outgoing().offsets[row];
    }

    /// Units of the message buffer per agent: 1 when uniform, 2 when weighted.
    int units_per_agent() const { return parts_.coupling == Coupling::weighted ? 2 : 1; }
    /// Halves (K numbers) per unit: 2 when uniform, 1 when weighted.
    int halves_per_unit() const { return 2 / units_per_agent(); }
    /// Number of the first ghost unit: owned units come before it.
    std::int64_t first_ghost() const { return first_ghost_; }
    std::int64_t ghosts() const { return parts_.ghosts; }
    /// Owned and ghost units.
    std::size_t units() const { return static_cast<std::size_t>(first_ghost_ + parts_.ghosts); }
    /// Ghosts, counted in halves.
    std::size_t ghost_halves() const {
        return static_cast<std::size_t>(halves_per_unit() * parts_.ghosts);
    }
    /// Memory that this object holds, bytes.
    std::size_t bytes() const {
        std::size_t total = parts_.ids.bytes();
        for (const Rows<Real>* rows : {&parts_.in, &parts_.out}) {
            total += rows->offsets.bytes() + rows->columns.bytes() + rows->weights.bytes() +
                     rows->survivals.bytes();
        }
        return total;
    }

  private:
    Parts parts_;
    std::int64_t first_ghost_;
};

}  // namespace motley::model

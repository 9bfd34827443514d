// The distributed graph: the rows of one rank, and the units that it exchanges with other ranks.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "motley/core/buffer.hpp"
#include "motley/core/ids.hpp"
#include "motley/model/local_graph.hpp"
#include "motley/model/spec.hpp"
#include "motley/mpi/communicator.hpp"
#include "motley/mpi/halo_exchange.hpp"
#include "motley/network/owned_agents.hpp"
#include "motley/partition/partition.hpp"
#include "motley/topology/topology.hpp"

namespace motley::network {

/// The number of consecutive rows that are sorted by their length.
constexpr std::size_t length_window = 512;

/// How arcs are kept.
enum class ArcStorage {
    coupled,   ///< as the coupling of the topology needs them: equal weights are not stored
    weighted,  ///< each with its weight and survival, so that weights may change
};

/// What a model needs: weights change where agents choose their routing, and where arcs close, open
/// or are replaced.
inline ArcStorage storage_for(const model::Spec& model) {
    const bool changes = model.routing_rate > 0.0 || model.arcs_change;
    return changes ? ArcStorage::weighted : ArcStorage::coupled;
}

/// An arc out of an owned agent, with the share w of what its source passes on.
struct RoutedArc {
    AgentId source, target;
    double weight, survival;
};

struct Neighbours;

/// The local graph of this rank and its place among the others. Interior and boundary rows are
/// each sorted by ascending global id in windows of `length_window` rows, and by (in-arcs,
/// out-arcs, id) within a window. Ghost units are grouped by owner, in the owner's local order.
template <class Real>
class DistributedGraph : public model::LocalGraph<Real> {
  public:
    /// Collective. Generates this rank's share of the topology, sends arcs to their owners and
    /// builds rows and the exchange plan. Throws together on all ranks.
    static DistributedGraph build(const topology::Topology& topology,
                                  const partition::Partition& partition,
                                  const mpi::Communicator& comm,
                                  ArcStorage storage = ArcStorage::coupled);

    /// Collective. The same agents on the same ranks, joined by other arcs, each with its weight
    /// and survival. `arcs` are those out of owned agents, those of a source side by side; their
    /// weights are scaled so that they sum to 1, and of parallel arcs the one with the smallest
    /// weight stays.
    DistributedGraph rebuilt(std::span<const RoutedArc> arcs, const partition::Partition& partition,
                             const mpi::Communicator& comm) const;

    /// Distinct arcs into owned agents (mean field: none stored, owned x (N - 1) counted).
    std::int64_t arcs() const { return arcs_; }
    const mpi::HaloPlan& plan() const { return plan_; }
    /// Levels of a nested topology, outermost first; else empty.
    const std::vector<topology::Level>& levels() const { return levels_; }
    /// The agent whose unit a column of the rows is.
    AgentId agent_of(std::uint32_t column) const {
        if (column >= this->first_ghost()) {
            return ghost_ids_[static_cast<std::size_t>(column - this->first_ghost())];
        }
        return this->ids()[column / static_cast<std::uint32_t>(this->units_per_agent())];
    }
    /// Memory that this object holds, bytes.
    std::size_t bytes() const;

    /// Calls `action(column, row, factor)` for each arc into an owned agent, from agent_of(column)
    /// to ids()[row]. The factor is what the step applies: survival x routing weight when weighted,
    /// 1 when uniform. The arcs of a mean field are not stored.
    template <class Action>
    void each_arc(Action action) const {
        if (!this->has_arcs()) return;
        const auto& in = this->in();
        for (LocalId row = 0; row < this->owned(); ++row) {
            for (auto e = in.offsets[row]; e < in.offsets[row + 1]; ++e) {
                const double factor = in.weights.empty() ? 1.0 : in.weights[e];
                action(in.columns[e], row, factor);
            }
        }
    }

  private:
    DistributedGraph(typename model::LocalGraph<Real>::Parts parts, std::int64_t arcs,
                     mpi::HaloPlan plan, Buffer<NarrowId> ghost_ids);
    static DistributedGraph assemble(typename model::LocalGraph<Real>::Parts parts,
                                     const OwnedAgents& owned, Neighbours& neighbours,
                                     const partition::Partition& partition,
                                     const mpi::Communicator& comm);

    std::int64_t arcs_ = 0;
    mpi::HaloPlan plan_;
    Buffer<NarrowId> ghost_ids_;  ///< global id of every ghost unit
    std::vector<topology::Level> levels_;
};

extern template class DistributedGraph<double>;
extern template class DistributedGraph<float>;

}  // namespace motley::network

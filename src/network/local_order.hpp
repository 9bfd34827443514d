// Second phase of the build: the local order of the owned agents, and the ghosts that they need.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "exchange_plan.hpp"
#include "gather_rows.hpp"

namespace motley::network {

/// Rows by global id, which were gathered or are asked of the topology agent by agent.
class NeighbourRows {
  public:
    explicit NeighbourRows(GlobalRows gathered) : gathered_(std::move(gathered)) {}
    NeighbourRows(const topology::Topology& topology, const OwnedAgents& owned)
        : topology_(&topology), owned_(&owned), sizes_(owned.size()) {}

    /// Neighbours of the owned agent at `position`; valid until the next call.
    std::span<const NarrowId> row(std::size_t position) {
        if (topology_ == nullptr) return gathered_.row(position);
        topology_->row((*owned_)[position], wide_);
        sizes_[position] = static_cast<std::uint32_t>(wide_.size());
        narrow_.assign(wide_.begin(), wide_.end());
        return narrow_;
    }
    /// Length of a row. If the rows are asked of a topology, call `row` for it before.
    std::size_t size(std::size_t position) const {
        return topology_ == nullptr ? gathered_.row(position).size() : sizes_[position];
    }
    /// Survival x routing weight of every neighbour, row by row; empty unless weighted.
    const std::vector<double>& coefficients() const { return gathered_.coefficients; }
    /// Survival of every neighbour, row by row; empty unless they are kept.
    const std::vector<double>& survivals() const { return gathered_.survivals; }
    std::uint64_t begin(std::size_t position) const { return gathered_.offsets[position]; }

  private:
    GlobalRows gathered_;
    const topology::Topology* topology_ = nullptr;
    const OwnedAgents* owned_ = nullptr;
    std::vector<AgentId> wide_;
    std::vector<NarrowId> narrow_;
    std::vector<std::uint32_t> sizes_;
};

/// The rows of the agents that a rank owns.
struct Neighbours {
    std::optional<NeighbourRows> in, out;  ///< `out` is empty when both are the same
    NeighbourRows* outgoing() { return out ? &*out : nullptr; }
};

struct LocalOrder {
    std::vector<LocalId> row;  ///< position among the ascending owned ids -> local row
    Buffer<AgentId> ids;       ///< global id of every local row
    LocalId interior = 0;      ///< rows without a neighbour on another rank
    std::int64_t arcs = 0;     ///< number of arcs into owned agents
    KeySet ghosts{0, 0};       ///< keys of what other ranks own
};

/// Not collective. `agents`: of the whole system. `out` is null where in-rows and out-rows are the
/// same.
LocalOrder order_rows(const UnitScheme& scheme, const OwnedAgents& owned, AgentId agents,
                      NeighbourRows& in, NeighbourRows* out);

}  // namespace motley::network

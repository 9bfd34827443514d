// The agents that one rank owns, by global id.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "motley/core/ids.hpp"

namespace motley::network {

/// An AgentId in half the bytes: topologies have at most 2^31 agents.
using NarrowId = std::uint32_t;

/// Ascending ids with an index from a global id to its position among them.
class OwnedAgents {
  public:
    /// `ids` ascending; `agents` is the size of the whole system.
    OwnedAgents(std::vector<AgentId> ids, AgentId agents) : ids_(std::move(ids)) {
        if (ids_.empty()) return;
        const auto owned = static_cast<AgentId>(ids_.size());
        contiguous_ = ids_.back() - ids_.front() + 1 == owned;
        if (contiguous_ || agents > 16 * owned + (AgentId{1} << 20)) return;
        table_.assign(static_cast<std::size_t>(agents), -1);
        for (std::size_t i = 0; i < ids_.size(); ++i) {
            table_[static_cast<std::size_t>(ids_[i])] = static_cast<std::int32_t>(i);
        }
    }
    std::size_t size() const { return ids_.size(); }
    AgentId operator[](std::size_t position) const { return ids_[position]; }
    std::span<const AgentId> ids() const { return ids_; }

    /// Position of an agent, or -1 when another rank owns it.
    std::int64_t find(AgentId id) const {
        if (ids_.empty()) return -1;
        if (contiguous_) return id >= ids_.front() && id <= ids_.back() ? id - ids_.front() : -1;
        if (!table_.empty()) return table_[static_cast<std::size_t>(id)];
        const auto at = std::lower_bound(ids_.begin(), ids_.end(), id);
        return at != ids_.end() && *at == id ? at - ids_.begin() : -1;
    }

  private:
    std::vector<AgentId> ids_;
    bool contiguous_ = false;
    std::vector<std::int32_t> table_;  ///< id -> position; empty if not needed or too large
};

}  // namespace motley::network

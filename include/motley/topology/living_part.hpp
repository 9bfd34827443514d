// What is left of a topology when some of its hosts are gone.
#pragma once

#include <span>
#include <vector>

#include "motley/topology/topology.hpp"

namespace motley::topology {

/// What becomes of the share that an agent would pass on to one that is gone.
enum class Senders {
    reroute,  ///< it is divided among the living, by their weights
    lose      ///< it is lost
};

/// The living vertices of `whole` in the order of their ids, numbered anew: hosts, then relays.
/// With Senders::lose those that are gone follow as relays that pass nothing on, so that what is
/// sent to them is lost; a complete graph has a lower survival instead.
class LivingPart final : public Topology {
  public:
    /// `whole` must outlive this; `gone` are hosts of it, ascending, not all of them.
    LivingPart(const Topology& whole, std::vector<AgentId> gone, Senders senders);

    AgentId agents() const override;
    AgentId hosts() const override { return whole_.hosts() - count(); }
    Traits traits() const override;
    void arcs(std::int64_t chunk, std::int64_t chunks, const ArcSink& sink) const override;

    /// The vertex of the whole that vertex `id` is.
    AgentId in_whole(AgentId id) const;
    bool is_gone(AgentId in_whole) const;

  private:
    AgentId count() const { return static_cast<AgentId>(gone_.size()); }
    bool has_sinks() const;
    /// The number of a vertex of the whole here; that of its sink where it is gone.
    AgentId here(AgentId in_whole) const;

    const Topology& whole_;
    std::vector<AgentId> gone_;
    Senders senders_;
};

}  // namespace motley::topology

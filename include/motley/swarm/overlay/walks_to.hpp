// Walks to one target that nothing disturbs, counted in hops.
#pragma once

#include <vector>

#include "motley/swarm/overlay/overlay.hpp"
#include "motley/swarm/overlay/walk_memory.hpp"

namespace motley::swarm {

/// Which of two contacts is closer to the target mostly follows from their numbers: the subtrees
/// around the target are ranges of sites, each inside the one before, and the closer contact is the
/// one in the smaller range. So that few ids are read, which lie anywhere in memory. Many walks to
/// one target cost least one after the other.
class WalksTo {
  public:
    /// `overlay` must outlive this.
    explicit WalksTo(const Overlay& overlay) : overlay_(overlay) {}

    /// Sets the target of the walks that follow.
    void aim(Site target);
    /// Hops from a site to the target: those of Overlay::walk.
    int hops(Site from);

  private:
    Site nearest(const std::vector<Site>& contacts, std::size_t& depth);

    const Overlay& overlay_;
    Site target_ = 0;
    std::vector<SiteRange> around_;  ///< by number of bits that its sites share with the target
    std::vector<Site> contacts_, tied_;
    WalkMemory memory_;
};

}  // namespace motley::swarm

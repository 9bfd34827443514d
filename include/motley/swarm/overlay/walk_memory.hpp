// How far some sites are from some targets, as far as it was walked before.
#pragma once

#include <cstdint>
#include <vector>

#include "motley/swarm/overlay/overlay.hpp"

namespace motley::swarm {

/// Walks to one target meet near it, so that most of them pass where others were. A pair of site
/// and target has one place, and the latest pair of a place is kept: what is forgotten is walked
/// again. It fits into the cache of a core.
class WalkMemory {
  public:
    WalkMemory() : entries_(std::size_t{1} << place_bits) {}

    /// Hops from a site to the target; -1: not known.
    int hops(Site from, Site target) const {
        const Entry& entry = entries_[place(from, target)];
        return entry.from == from && entry.target == target ? entry.hops : -1;
    }
    void note(Site from, Site target, int hops) {
        entries_[place(from, target)] = {from, target, hops};
    }

  private:
    static constexpr int place_bits = 15;
    struct Entry {
        Site from = 0, target = 0;  ///< the same: nothing is kept here
        std::int32_t hops = 0;
    };
    static std::size_t place(Site from, Site target) {
        const std::uint64_t mixed = (std::uint64_t{from} << 32 | target) * 0x9e3779b97f4a7c15ULL;
        return mixed >> (64 - place_bits);
    }
    std::vector<Entry> entries_;
};

}  // namespace motley::swarm

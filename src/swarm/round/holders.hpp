// The sites that hold a key.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "motley/swarm/overlay/overlay.hpp"

namespace motley::swarm {

/// Which holders of a key matter: where nothing goes wrong, all but the first are copies of it.
enum class HoldersNeeded { first, all };

class Holders {
  public:
    Holders(const Overlay& overlay, std::size_t count, HoldersNeeded needed)
        : overlay_(overlay), count_(count), needed_(needed) {}

    /// The closest sites to the key that are needed, the closest first; valid until the next call.
    /// The key of the last call costs nothing.
    std::span<const Site> of(std::uint64_t key) {
        if (!known_.empty() && key == key_) return known_;
        key_ = key;
        if (needed_ == HoldersNeeded::first) {
            known_.assign(1, overlay_.closest(key));
        } else {
            known_ = overlay_.closest(key, count_);
        }
        return known_;
    }
    /// How many sites hold a key.
    std::int64_t copies() const {
        return static_cast<std::int64_t>(std::min<std::size_t>(count_, overlay_.sites()));
    }

  private:
    const Overlay& overlay_;
    std::size_t count_;
    HoldersNeeded needed_;
    std::uint64_t key_ = 0;
    std::vector<Site> known_;
};

}  // namespace motley::swarm

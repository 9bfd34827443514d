// The sites that hold a key, with a memory for keys that were asked before.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <unordered_map>
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
    std::span<const Site> of(std::uint64_t key) {
        if (needed_ == HoldersNeeded::first) {
            first_ = overlay_.closest(key);
            return {&first_, 1};
        }
        constexpr std::size_t most_known = std::size_t{1} << 18;
        if (known_.size() >= most_known) known_.clear();
        const auto [at, is_new] = known_.try_emplace(key);
        if (is_new) at->second = overlay_.closest(key, count_);
        return at->second;
    }
    /// How many sites hold a key.
    std::int64_t copies() const {
        return static_cast<std::int64_t>(std::min<std::size_t>(count_, overlay_.sites()));
    }

  private:
    const Overlay& overlay_;
    std::size_t count_;
    HoldersNeeded needed_;
    Site first_ = 0;
    std::unordered_map<std::uint64_t, std::vector<Site>> known_;
};

}  // namespace motley::swarm

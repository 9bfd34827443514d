// The sites that hold a key, with a memory for keys that were asked before.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "motley/swarm/overlay/overlay.hpp"

namespace motley::swarm {

class Holders {
  public:
    Holders(const Overlay& overlay, std::size_t count) : overlay_(overlay), count_(count) {}

    /// The closest sites to the key, the closest first; valid until the next call.
    const std::vector<Site>& of(std::uint64_t key) {
        constexpr std::size_t most_known = std::size_t{1} << 18;
        if (known_.size() >= most_known) known_.clear();
        const auto [at, is_new] = known_.try_emplace(key);
        if (is_new) at->second = overlay_.closest(key, count_);
        return at->second;
    }

  private:
    const Overlay& overlay_;
    std::size_t count_;
    std::unordered_map<std::uint64_t, std::vector<Site>> known_;
};

}  // namespace motley::swarm

// Sites that search the one approach that works, and tell each other what they tried.
#pragma once

#include <cstdint>
#include <span>

#include "motley/swarm/knowledge/spec.hpp"

namespace motley::swarm {

/// What the sites of one key did until each knew the approach that works.
struct Discovery {
    std::int64_t trials = 0;
    std::int64_t duplicates =
        0;  ///< trials of an approach that another site had tried, or tried too
    std::int64_t rounds = 0;
    std::int64_t results_read = 0;  ///< packets
};

/// How results reach others.
enum class Reading { nothing, some, all };

/// The search of `sites`, which share a key; `problem` decides which approach works. With
/// Reading::some a site reads the last results of `cap` random others in each round.
Discovery discover(const DiscoverySpec& spec, std::uint64_t seed, std::uint64_t problem,
                   std::span<const std::uint32_t> sites, Reading reading, std::int64_t cap);

}  // namespace motley::swarm

// What ranks send to each other in a round.
#pragma once

#include <cstdint>

#include "motley/swarm/overlay/overlay.hpp"

namespace motley::swarm {

/// A key of a site of this rank: what it publishes there and asks for there.
struct Visit {
    std::uint64_t key = 0;
    std::uint32_t site = 0;  ///< place among the sites of this rank
    std::uint16_t table = 0;
    std::int16_t hops = -1;  ///< of a lookup of the first holder; -1: not walked so far
};

/// A packet on its way to the rank of its key.
struct DepositRecord {
    std::uint64_t key = 0;
    std::uint64_t copies = 0;  ///< bit q: the q-th holder has it
    double mean = 0.0, weight = 0.0;
    Site site = 0;
    std::uint32_t problem = 0;
};

/// Most holders of a key: a bit each.
inline constexpr std::int64_t most_replicas = 64;

struct QuestionRecord {
    std::uint64_t key = 0;
    double mean = 0.0, weight = 0.0;  ///< what the site knows itself
    Site site = 0;
    Site holder = 0;
    std::uint32_t replica = 0;  ///< its number among the holders
    std::uint32_t problem = 0;
};

/// What the site has after it combined the packets that the holder sent. It is computed on the rank
/// of the holder, and accounted for as packets.
struct AnswerRecord {
    double mean = 0.0, variance = 0.0;
    Site site = 0;
    std::uint32_t used = 0;       ///< packets, its own included
    std::uint32_t delivered = 0;  ///< packets that were sent
    std::uint32_t lost = 0;       ///< 1: the answer did not arrive
};

/// A packet on its way to its reader, where the reader itself must choose.
struct DeliveryRecord {
    Site reader = 0, from = 0;
    double mean = 0.0, weight = 0.0;
};

/// What a holder did for one key.
struct LoadRecord {
    Site holder = 0;
    std::uint32_t stored = 0;  ///< packets
    std::int64_t served = 0;   ///< bytes
};

}  // namespace motley::swarm

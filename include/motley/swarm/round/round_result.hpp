// What a round of a swarm did: counts and exact sums over all sites, the same on any number of
// ranks.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "motley/core/exact_sum.hpp"

namespace motley::swarm {

/// Counts that add up over sites. Every member is an int64.
struct RoundCounts {
    std::int64_t judged = 0;      ///< honest sites that are present: errors are of these
    std::int64_t late = 0;        ///< of them, those that came after the publishing
    std::int64_t answered = 0;    ///< questions that got an answer
    std::int64_t unanswered = 0;  ///< no holder answered, or the answer was lost
    std::int64_t deposits = 0;    ///< packets published, one for each site and key
    std::int64_t stored = 0;      ///< copies of them
    std::int64_t buckets = 0;     ///< keys that hold packets
    std::int64_t delivered = 0;   ///< packets that sites read
    std::int64_t paths = 0;       ///< packets of others that were used: directed paths
    std::int64_t pairs = 0;       ///< unordered pairs with a path in at least one direction
    std::int64_t useful = 0;      ///< of them, pairs with the same problem
    std::int64_t together = 0;    ///< pairs of sites with the same problem, met or not
    std::int64_t lookups = 0;
    std::int64_t hops = 0;
    std::int64_t lost_lookups = 0;  ///< that reached no holder
    std::int64_t timeouts = 0;
    std::int64_t resent = 0;
    std::int64_t messages = 0;
    std::int64_t bytes = 0;
    std::int64_t lies_read = 0;      ///< packets of adversaries that an operator judged
    std::int64_t lies_rejected = 0;  ///< of them, those that it left out
    std::int64_t truths_read = 0;
    std::int64_t truths_rejected = 0;
    std::int64_t trials = 0;  ///< of a discovery
    std::int64_t duplicates = 0;

    std::span<std::int64_t> all() { return {&judged, sizeof(RoundCounts) / sizeof(std::int64_t)}; }
};

/// Number of classes of sites by the packets that they used: [2^i, 2^(i+1)).
inline constexpr int use_classes = 32;

struct RoundResult {
    RoundCounts counts;
    std::int64_t most_hops = 0;
    std::int64_t steps = 0;           ///< gossip: exchanges until all know; discovery: most rounds
    std::int64_t hottest_served = 0;  ///< bytes that the busiest holder sends
    std::int64_t hottest_stored = 0;  ///< bytes that the fullest holder keeps
    std::int64_t largest_bucket = 0;  ///< packets
    double load_gini = 0.0;           ///< of the bytes that sites serve as holders
    double bytes_p99 = 0.0;           ///< of the bytes that a site causes

    double error = 0.0;        ///< mean squared error of the judged sites
    double own_error = 0.0;    ///< of what they observed themselves
    double late_error = 0.0;   ///< of the late ones
    double bias = 0.0;         ///< mean error
    double claimed = 0.0;      ///< mean variance that sites claim
    double precision = 0.0;    ///< sum of one over the claimed variances
    double information = 0.0;  ///< sum of the weights of all observations, each counted once

    /// Sites by the packets that they used, their own included, and their mean squared error.
    std::array<std::int64_t, use_classes> class_sites{};
    std::array<std::int64_t, use_classes> class_packets{};
    std::array<double, use_classes> class_error{};
    std::uint64_t checksum = 0;  ///< of all opinions: equal states have equal sums
};

}  // namespace motley::swarm

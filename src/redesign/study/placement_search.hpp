// Which node goes on which hosts: a local search over whole nodes.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "fleet_traffic.hpp"
#include "motley/redesign/study/study.hpp"

namespace motley::redesign {

/// The theta of devices on the hosts 0, 1, ...
using ThetaOfSeats = std::function<double(const std::vector<Seat>&)>;

struct SearchedPlacement {
    std::vector<Seat> seats;
    PlacementResult result;  ///< `bound` is the one that was given
};

/// Swaps pairs of nodes of one size while theta rises: from the better one of packed and spread,
/// then from the other one, then from random orders, until theta reaches `bound` or after `trials`
/// placements. Nodes that are alike, and hosts with the same links, are not swapped. With
/// HandOver::even nodes are alike where they do the same work, else where they are of one type. The
/// result depends on the job alone.
SearchedPlacement search_placement(const job::Redesign& job, const fleet::Fleet& fleet,
                                   const fleet::Throughput& throughput,
                                   const fabric::FabricGraph& graph, job::HandOver hand_over,
                                   std::int64_t trials, double bound, const ThetaOfSeats& theta);

}  // namespace motley::redesign

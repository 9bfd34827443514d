// Counts what each part of a partition would hold and exchange, without starting that many ranks.
#pragma once

#include <vector>

#include "motley/experiment/plan/plan.hpp"
#include "motley/measure/exchange_load.hpp"
#include "motley/partition/partition.hpp"
#include "motley/topology/topology.hpp"

namespace motley::experiment {

/// Not collective. Counts of every part, from one pass over the rows of the graph; `memory` stays
/// 0. Ghosts are distinct remote neighbours. A weighted graph exchanges the stock of in-neighbours
/// and the value of out-neighbours, and each counts as a separate ghost.
/// `parts_per_node`: so many consecutive parts are on a node; 0: all of them.
std::vector<RankShare> rank_shares(const topology::Topology& topology,
                                   const partition::Partition& partition, int parts_per_node,
                                   const measure::Islands& islands);

}  // namespace motley::experiment

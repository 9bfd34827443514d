// The one table of keys of the job file, see keys.cpp, for [topology]
// keys_topology.cpp, for kind = "redesign" keys_redesign.cpp.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "job/table.hpp"

namespace motley::job {

/// `from`, `to` and `step` or `count` (also `steps`) of a factor of a comparison.
struct FactorRange {
    double from = std::nan("");
    double to = std::nan("");
    double step = std::nan("");
    std::int64_t count = -1;
    bool logarithmic = false;
};
/// What a named topology says about itself.
struct Description {
    std::string description;
    std::string source;
};

const Table& run_table();
const Table& compare_table();
const Table& scaling_table();
const Table& redesign_table();
/// [base] of a comparison: a run without what the comparison itself decides.
const Table& base_table();
const Table& topology_table();
const Table& distribution_table();
const Table& factor_range_table();
/// The keys of a file in topologies/ beside those of a topology.
const Table& description_table();

}  // namespace motley::job

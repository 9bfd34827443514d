// The tables of keys of the job file. Rows are in keys.cpp, those of distributions in
// keys_distribution.cpp, those of [topology] in keys_topology.cpp, those of [attack] in
// keys_attack.cpp, those of kind = "redesign" in
// redesign/keys_redesign.cpp, those of kind = "swarm" in swarm/keys_swarm.cpp.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "job/key_table.hpp"

namespace motley::job {

/// `from`, `to` and `step` or `count` (also `steps`) of a factor of a comparison.
struct FactorRange {
    double from = std::nan("");
    double to = std::nan("");
    double step = std::nan("");
    std::int64_t count = -1;
    bool logarithmic = false;
};
/// The description in the file of a named topology.
struct Description {
    std::string description;
    std::string source;
};

const KeyTable& run_table();
const KeyTable& compare_table();
const KeyTable& scaling_table();
const KeyTable& redesign_table();
const KeyTable& swarm_table();
/// [base] of a comparison: a run without what the comparison itself decides.
const KeyTable& base_table();
const KeyTable& topology_table();
const KeyTable& attack_table();
const KeyTable& distribution_table();
/// The distributions that a resource may have.
const KeyTable& resource_table();
const KeyTable& factor_range_table();
/// The keys of a file in topologies/ beside those of a topology.
const KeyTable& description_table();

}  // namespace motley::job

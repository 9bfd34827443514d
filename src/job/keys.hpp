// The tables of keys of the job file. Rows are in keys.cpp, those of distributions in
// keys_distribution.cpp, those of [topology] in keys_topology.cpp, those of
// comparisons in keys_compare.cpp, those of [attack] in keys_attack.cpp, those of kind = "redesign"
// in redesign/keys_redesign.cpp, those of kind = "swarm" in swarm/keys_swarm.cpp.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "job/key_table.hpp"
#include "job/preset.hpp"

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

/// The preset of a run or comparison.
template <class S>
Key preset_key() {
    return quiet({"preset", word(&S::preset, preset_names()), "", "",
                  "field of science: its defaults hold for keys that are not given, and tables and "
                  "reports have its words"});
}

const KeyTable& run_table();
const KeyTable& compare_table();
/// A comparison with [attack] beside [base]: for the schema and the reference page. It is read as a
/// comparison.
const KeyTable& robustness_table();
const KeyTable& scaling_table();
const KeyTable& redesign_table();
const KeyTable& swarm_table();
/// The keys of a swarm that may be factors.
const KeyTable& swarm_base_table();
const KeyTable& compare_output_table();
/// [base] of a comparison: a run without what the comparison itself decides.
const KeyTable& base_table();
const KeyTable& topology_table();
const KeyTable& event_table();
const KeyTable& failure_table();
const KeyTable& attack_table();
const KeyTable& distribution_table();
/// The distributions that a resource may have.
const KeyTable& resource_table();
const KeyTable& factor_range_table();
/// [factors] of a comparison, and of a swarm: their keys are paths of other keys.
const KeyTable& factors_table();
const KeyTable& swarm_factors_table();
/// The keys of a file in topologies/ beside those of a topology.
const KeyTable& description_table();

}  // namespace motley::job

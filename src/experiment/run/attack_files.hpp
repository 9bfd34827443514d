// attacks.csv of a run, and the section of its report.
#pragma once

#include <string>
#include <vector>

#include "motley/core/text.hpp"
#include "motley/experiment/attack/attack.hpp"
#include "motley/experiment/run/run_report.hpp"

namespace motley::experiment {

/// Text of attacks.csv: a row per point.
std::string attacks_csv(const AttackResult& attack);
/// Text of criticality.csv: what the loss of one agent costs, 17 digits.
std::string criticality_csv(const AttackResult& attack);
/// Not collective. The points of an attacks.csv, and the rows of a criticality.csv. Input error
/// where they were not written by motley.
std::vector<AttackPoint> read_attacks(const TextFile& file);
std::vector<Single> read_singles(const TextFile& file);
/// Curves and table of an attacked run.
report::Section attack_section(const RunRecord& run);

}  // namespace motley::experiment

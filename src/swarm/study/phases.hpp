// The phases of a study, which its files share.
#pragma once

#include <string>
#include <vector>

#include "motley/record/tables.hpp"
#include "motley/swarm/study/study.hpp"

namespace motley::swarm {

/// Mean and interval of values, by Student's distribution.
Estimate estimate_of(const std::vector<double>& values);
/// The 97.5 % quantile of Student's distribution.
double student(std::int64_t freedom);

/// All settings of a job, without results.
std::vector<CellResult> cells_of(const job::Swarm& job);
/// Adds cells, growth, claims and the front to a study whose runs are done.
void summarise(const job::Swarm& job, SwarmStudy& study);
/// A hash of all on which the results of a job depend. Reads the files that it names.
std::string identity_of(const job::Swarm& job);

/// Fits all growth laws of the cells.
void add_growth(const job::Swarm& job, SwarmStudy& study);
/// Says which claims hold.
void add_claims(const job::Swarm& job, SwarmStudy& study);
/// Finds the cells of the largest size that no other beats in error and in bytes.
void add_front(SwarmStudy& study);

/// "cap, median, adversaries.share = 0.3": what tells a cell from the others of its job.
std::string label_of(const job::Swarm& job, Policy policy, Operator op, std::size_t variant);

std::vector<record::Table> study_tables(const job::Swarm& job, const SwarmStudy& study);
std::string study_json(const job::Swarm& job, const SwarmStudy& study);
std::string study_html(const job::Swarm& job, const SwarmStudy& study,
                       const record::Provenance& provenance);

}  // namespace motley::swarm

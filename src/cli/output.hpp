// Results as plain text for the terminal.
#pragma once

#include <string>
#include <vector>

#include "motley/experiment/classics/classics.hpp"
#include "motley/experiment/compare/comparison.hpp"
#include "motley/experiment/plan/batch_needs.hpp"
#include "motley/experiment/plan/plan.hpp"
#include "motley/experiment/run/run.hpp"
#include "motley/experiment/scaling/scaling.hpp"
#include "motley/redesign/study/study.hpp"
#include "motley/redesign/study/study_plan.hpp"
#include "motley/swarm/study/study.hpp"

namespace motley::cli {

/// Pads columns to their widest cell and aligns numbers to the right; the first row is the header.
std::string table(const std::vector<std::vector<std::string>>& rows);

/// Returns a line with a label in its own column, then the value.
std::string line(const std::string& label, const std::string& value);

/// The summary that `motley run` prints: results, certificate, exchange, hash, files.
std::string summary(const experiment::RunResult& result);
/// A table of the cells, with means over replicates but the largest gap; the properties that
/// explain the productivity; the evidence of the runs on the laws of the theory.
std::string summary(const experiment::Comparison& comparison);
/// Tables of the measured cases and of the projections, and the costs.
std::string summary(const experiment::ScalingResult& result);
/// The resources that the run `name` needs in total and on each rank, and #SBATCH lines.
std::string summary(const experiment::RunPlan& plan, const std::string& name);
/// The time of each phase of a redesign, its memory, and #SBATCH lines.
std::string summary(const redesign::StudyPlan& plan, const std::string& name, int ranks);
/// A table of the designs, the value of one more device, the values at which the verdict turns, and
/// the verdict.
std::string summary(const job::Redesign& job, const redesign::RedesignResult& result);
/// A table of the settings of a swarm, and which claims hold.
std::string summary(const job::Swarm& job, const swarm::SwarmStudy& study);
/// Time and memory of a swarm, and #SBATCH lines.
std::string summary(const swarm::SwarmPlan& plan, const std::string& name, int ranks);

/// The table of a classical result, what the model does not have of it, and its job.
std::string summary(const experiment::ClassicResult& result);
/// How many results came out, and which did not.
std::string closing_line(const std::vector<experiment::ClassicResult>& results);
/// 1 where a result does not come out, else 0.
int exit_code(const std::vector<experiment::ClassicResult>& results);

/// What a batch job asks for to run a redesign.
experiment::BatchNeeds batch_needs(const redesign::StudyPlan& plan);
experiment::BatchNeeds batch_needs(const swarm::SwarmPlan& plan);

/// "certified 8.1e-07", "not certified: 3.2e-03", or "none" where the theory gives no bound.
std::string certificate(const simulation::Solution& solution);

}  // namespace motley::cli

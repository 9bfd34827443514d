// Plain text tables for the terminal.
#pragma once

#include <string>
#include <vector>

#include "motley/experiment/compare/comparison.hpp"
#include "motley/experiment/run/run.hpp"
#include "motley/redesign/study/study.hpp"

namespace motley::cli {

/// Columns padded to their widest cell; the first row is the header. Numbers to the right.
std::string table(const std::vector<std::vector<std::string>>& rows);

/// The summary that `motley run` prints: results, certificate, exchange, hash, files.
std::string summary(const experiment::RunResult& result);
/// Table of the cells; means over replicates, but the worst gap.
std::string summary(const experiment::Comparison& comparison);
/// Table of the designs, what one more device is worth, where it turns, and the verdict.
std::string summary(const job::Redesign& job, const redesign::RedesignResult& result);

/// "certified 8.1e-07", "not certified: 3.2e-03", or "none" where the theory gives no bound.
std::string certificate(const simulation::Solution& solution);

}  // namespace motley::cli

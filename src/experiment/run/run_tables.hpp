// The tables in the report of runs, and the columns from which tables and figures are made.
#pragma once

#include <string>
#include <vector>

#include "motley/experiment/run/run_report.hpp"
#include "motley/job/preset.hpp"

namespace motley::experiment {

/// The values of a column by its name; empty where there is none.
const std::vector<double>& column(const std::vector<record::SeriesColumn>& columns,
                                  const std::string& name);

/// The words of the field of a run: of its preset.
const job::FieldWords& words_of(const RunRecord& run);
/// The same of several runs; those of the model where the runs differ.
const job::FieldWords& words_of(const std::vector<RunRecord>& runs);

/// The gap and whether it was certified, in words.
std::string certificate(const record::Status& status);

/// The measures that the terminal shows at the end of a run, as far as its files have them.
report::PageTable result_table(const RunRecord& run);
/// One row per run.
report::PageTable run_table(const std::vector<RunRecord>& runs);

}  // namespace motley::experiment

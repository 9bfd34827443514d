// The files of the results: run.h5, series.csv, spatial.csv, skills.csv, report.html, and snapshots
// before them.
#pragma once

#include <string>
#include <vector>

#include "motley/experiment/run/run.hpp"
#include "motley/record/status_file.hpp"
#include "motley/simulation/simulation.hpp"
#include "run_context.hpp"
#include "time_series.hpp"

namespace motley::experiment {

/// Collective. Writes a snapshot into a file of its own, which stays whole even where the run
/// fails later.
template <class Real>
void write_snapshot(const RunContext& context, const simulation::Simulation<Real>& simulation,
                    std::int64_t step);

/// Collective. Writes run.h5, with all snapshots in it, series.csv and, where they were measured,
/// spatial.csv and skills.csv.
template <class Real>
void write_result_files(const RunContext& context, simulation::Simulation<Real>& simulation,
                        const RunResult& result, const std::vector<std::string>& names,
                        const TimeSeries& series);

/// Adds to `status` the parts of the result that the steps did not report.
void complete_status(const RunResult& result, record::Status& status);

/// Collective. Rank 0 writes report.html from memory.
void write_run_report(const RunContext& context, const RunResult& result, const TimeSeries& series);

/// Not collective. Makes room for the results of a run: removes those of an earlier run, and
/// temporary files of one that was killed. A storage error where a file cannot be removed.
void remove_results(const std::string& directory);
/// Not collective. Removes snapshots that are files of their own, and their folder unless others
/// use it.
void remove_snapshots(const std::string& directory);

}  // namespace motley::experiment

// The report of one run that has just ended, or of several runs from their files.
#pragma once

#include <string>
#include <vector>

#include "motley/experiment/attack/attack.hpp"
#include "motley/record/record.hpp"
#include "motley/record/status_file.hpp"
#include "motley/report/document.hpp"

namespace motley::experiment {

/// The data of a run in a report; the same from memory and from the files of the run.
struct RunRecord {
    std::string name;
    record::Status status;  ///< the job is in its provenance
    std::vector<record::SeriesColumn> series;
    std::vector<record::SeriesColumn> spatial;  ///< empty unless it was measured
    std::vector<record::SeriesColumn> skills;   ///< empty without skills
    std::vector<AttackPoint> attacks;           ///< empty without attacks
    /// The picture of a large graph, so that its file need not be read again; empty: it must be.
    std::vector<double> density;
};

/// Not collective. Reads status.json, series.csv and, where they are, spatial.csv and
/// skills.csv of `directory`. Throws an input error when it is not the folder of a finished run.
RunRecord read_run(const std::string& directory);

/// Not collective. Shows one run, or several in the same figures. The job of each run is read again
/// from its provenance for the picture of its topology; without its graph file only that picture is
/// missing.
report::Document run_document(const std::vector<RunRecord>& runs);

}  // namespace motley::experiment

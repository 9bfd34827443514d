// SLURM's own programs, and the record of what was handed to them.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace motley::cli {

/// Whether `sbatch` can be started here.
bool slurm_present();

/// Cores of the smallest node of a partition (empty: of all); nothing where SLURM does not say.
std::optional<int> slurm_cores(const std::string& partition);

/// Asks SLURM whether it would take the script, then hands it over; returns the job's id. Usage
/// error with SLURM's own words where it refuses.
std::string submit_script(const std::string& script, const std::vector<std::string>& options);

/// A job, or one element of an array, in SLURM's words.
struct QueuedJob {
    std::string id, state, elapsed, limit, place;
    bool active() const;  ///< waits, runs, or comes again
};
/// What SLURM knows of the jobs `ids`; it forgets those that ended minutes ago. Nothing where there
/// is no SLURM.
std::optional<std::vector<QueuedJob>> queued_jobs(const std::vector<std::string>& ids);

/// submit.json in the folder of the results: ids of the jobs, the last submission only.
void write_submission(const std::string& directory, const std::vector<std::string>& ids);
std::vector<std::string> read_submission(const std::string& directory);

}  // namespace motley::cli

// Calls of the programs of SLURM, and the record of submitted jobs.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace motley::cli {

/// Whether `sbatch` can be started here.
bool slurm_present();

/// Returns the cores of the smallest node of a partition (empty: of all partitions); nothing where
/// SLURM gives no number.
std::optional<int> slurm_cores(const std::string& partition);

/// Asks SLURM whether it would accept the script, then submits it and returns the job's id. A
/// refusal is a usage error with SLURM's message.
std::string submit_script(const std::string& script, const std::vector<std::string>& options);

/// A job, or one element of an array, as SLURM describes it.
struct QueuedJob {
    std::string id, state, elapsed, limit, place;
    bool active() const;  ///< waits, runs, or will run again
};
/// Returns the state of the jobs `ids`; SLURM forgets those that ended minutes ago. Returns nothing
/// where SLURM is missing.
std::optional<std::vector<QueuedJob>> queued_jobs(const std::vector<std::string>& ids);

/// The file submit.json in the folder of the results holds the job ids of the last submission only.
void write_submission(const std::string& directory, const std::vector<std::string>& ids);
std::vector<std::string> read_submission(const std::string& directory);

}  // namespace motley::cli

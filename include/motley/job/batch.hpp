// Writes the batch script of a job for SLURM by setting lines of a template. It starts nothing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace motley::job {

/// Resources that a batch script asks SLURM for, and the command that it starts.
struct Batch {
    std::string name;
    int nodes = 1;
    int ranks_per_node = 1;
    std::int64_t megabytes_per_rank = 0;
    std::string time;       ///< time limit in the format of SLURM
    std::string log;        ///< file of output and errors, with SLURM's patterns (%j)
    std::string partition;  ///< empty: the cluster's default
    std::string account;    ///< empty: the user's default
    int elements = 0;  ///< size of a job array that shares the runs of a comparison; 0: no array
    int throttle = 0;  ///< most elements that run at once, 0: no limit
    std::string program;
    std::vector<std::string> arguments;  ///< arguments of `motley run`
    std::vector<std::string> launcher;   ///< starts a rank for each task
    int requeues = 0;                    ///< how often work that was set aside is queued again
    std::string results;                 ///< folder of the results
};

/// The text of jobs/slurm/run.sbatch when this program was built.
const std::string& batch_template();

/// `text`, a script with the lines of the template, with those lines set. `path` names it in
/// messages. Usage error where a line is missing.
std::string batch_script(const Batch& batch, const std::string& text, const std::string& path);

/// "HH:MM:00" of `minutes`; hours may be more than 24.
std::string batch_time(std::int64_t minutes);

/// `path` as part of a file pattern of SLURM.
std::string batch_path(const std::string& path);

/// `word` for a shell, in quotes where it needs them.
std::string shell_word(const std::string& word);

}  // namespace motley::job

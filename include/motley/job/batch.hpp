// Writes the batch script of a job for SLURM by setting lines of a template. Nothing is started.
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
    std::string time;       ///< as SLURM writes it
    std::string log;        ///< file of output and errors, with SLURM's patterns (%j)
    std::string partition;  ///< empty: the cluster's default
    std::string account;    ///< empty: the user's default
    int elements = 0;       ///< of a job array that shares the runs of a comparison; 0: no array
    int throttle = 0;       ///< elements at once, 0: as many as there is room for
    std::string program;
    std::vector<std::string> arguments;  ///< of `motley run`
    std::vector<std::string> launcher;   ///< starts a rank for each task
    int requeues = 0;                    ///< how often work that was set aside is queued again
};

/// jobs/slurm/run.sbatch, as it was when this program was built.
const std::string& batch_template();

/// `text`, a script with the lines of the template, with those lines set. `path` names it in
/// messages. Usage error where a line is missing.
std::string batch_script(const Batch& batch, const std::string& text, const std::string& path);

/// "HH:MM:00" of `minutes`; hours may be more than 24.
std::string batch_time(std::int64_t minutes);

/// `path` as part of a file pattern of SLURM.
std::string batch_path(const std::string& path);

/// `word` as a shell reads it: in quotes where it has to be.
std::string shell_word(const std::string& word);

}  // namespace motley::job

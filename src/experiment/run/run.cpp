// Data flow of one run: the job gives a topology, a partition of it, the network and a
// simulation (run_phases.cpp); the steps of the solver give the time series and, on request of the
// clock, a signal or the job (pause.cpp), checkpoints (checkpoints.cpp) and snapshots; the solution
// gives measures of the structure (structure.cpp) and, at the end, the files (result_files.cpp).
// This file does the rest: the folder and its lock, provenance, what an earlier start left, and the
// state in status.json.
#include "motley/experiment/run/run.hpp"

#include <filesystem>
#include <memory>

#include "attack_journal.hpp"
#include "motley/core/text_hash.hpp"
#include "motley/partition/versions.hpp"
#include "motley/record/checkpoint.hpp"
#include "motley/record/folder_lock.hpp"
#include "result_files.hpp"
#include "run_phases.hpp"

namespace motley::experiment {
namespace {

/// Does all of `run` except for the last state in status.json. `accepted`: what an earlier start
/// left is of this job.
RunResult run_here(const job::Run& job, record::Provenance provenance,
                   const mpi::Communicator& comm, const std::string& directory, Progress& progress,
                   const Limits& limits, bool& accepted) {
    const std::string inputs = mpi::on_root(comm, [&] { return input_hashes(job); });
    if (!inputs.empty()) provenance.emplace_back("inputs", inputs);
    Checkpoints checkpoints(job, inputs, directory, comm,
                            [&](const std::string& line) { progress.tell(line); });
    mpi::on_root(comm, [&] {
        if (limits.fresh) checkpoints.remove();
    });
    const bool found = checkpoints.find();
    const AttackJournal journal(directory, hash_64(job::attacked_toml(job) + inputs));
    AttackStart begun;
    mpi::on_root(comm, [&] {
        if (limits.fresh) journal.remove();
        if (job.attack) begun = journal.read();
    });
    begun.singles = comm.broadcast(std::move(begun.singles));
    begun.points = comm.broadcast(std::move(begun.points));
    accepted = true;
    mpi::on_root(comm, [&] {
        checkpoints.remove_remains();
        if (!found) remove_snapshots(directory);
        remove_results(directory);
    });
    const RunContext context{job,         provenance, comm,    directory, progress,
                             checkpoints, limits,     journal, begun};
    const bool single = job.model.precision == model::Precision::single;
    const auto result = single ? run_phases<float>(context) : run_phases<double>(context);
    if (result.paused()) return result;
    mpi::on_root(comm, [&] {
        journal.remove();
        // Checkpoints go first, because a run would resume from one without its snapshots.
        checkpoints.remove();
        remove_snapshots(directory);
    });
    return result;
}

}  // namespace

RunResult run(const job::Run& job, const std::string& resolved_text,
              const std::vector<std::string>& command, const mpi::Communicator& comm,
              const Console& console, const Limits& limits) {
    const std::string directory = job.output.directory + "/" + job.name;
    const record::FolderLock lock(comm, directory);
    record::Provenance provenance =
        record::run_provenance(comm, command, partition::library_versions());
    provenance.emplace_back("job", resolved_text);
    if (!job.preset.empty()) provenance.emplace_back("preset", job.preset);
    provenance.emplace_back("seed", std::to_string(job.seed));
    provenance.emplace_back("partitioner", partition::name(job.partition.method));
    std::unique_ptr<Progress> progress;
    bool goes_on = false, accepted = false;
    mpi::together(comm, [&] {
        goes_on = !limits.fresh && (std::filesystem::exists(directory + "/checkpoint") ||
                                    AttackJournal::exists(directory));
        progress = std::make_unique<Progress>(directory, console, comm.root(),
                                              goes_on ? LogFile::append : LogFile::fresh);
    });
    try {
        const auto result = run_here(job, provenance, comm, directory, *progress, limits, accepted);
        const bool paused = result.paused();
        mpi::together(comm, [&] {
            progress->finish(paused ? record::JobState::checkpointed : record::JobState::done, "");
        });
        return result;
    } catch (const std::exception& error) {
        // A job that is refused leaves the folder of the other one as it is.
        if (accepted || !goes_on) progress->finish(record::JobState::failed, error.what());
        throw;
    }
}

void remove_run(const std::string& directory) {
    namespace fs = std::filesystem;
    record::CheckpointFolder(directory + "/checkpoint").remove();
    remove_snapshots(directory);
    remove_results(directory);
    std::error_code ignored;
    AttackJournal(directory, "").remove();
    for (const char* name : {"status.json", "log.txt", ".lock"}) {
        fs::remove(fs::path(directory) / name, ignored);
    }
    fs::remove(directory, ignored);
}

}  // namespace motley::experiment

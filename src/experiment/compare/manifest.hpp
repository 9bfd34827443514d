// The record of a comparison's runs on disk, from which a second start knows what to keep.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "motley/experiment/compare/compare.hpp"
#include "motley/job/job.hpp"
#include "motley/record/manifest_file.hpp"

namespace motley::experiment {

/// Each run leaves result.json in its folder when it ends, and a second start relies on these files
/// alone. `manifest` in the comparison's folder has a line of JSON on the comparison and then the
/// line of each run, in their order; the group that ends a run rewrites it, at most once a second.
/// Not collective.
class Manifest {
  public:
    /// Lists the runs of `job` and touches no file. With a share, runs of other shares do not count
    /// as missing, and `manifest` is not written.
    Manifest(const job::Compare& job, const std::string& resolved_text, std::string program,
             const ComparisonShare& share);

    /// Reads what an earlier start left, takes over what it finished, forgets what failed, and
    /// writes the manifest. A usage error where the folder belongs to another job.
    void open();
    /// Deletes the results of all runs that the folder holds, also those of another job.
    void remove_results() const;
    /// Lines of the runs that ended here and that `take` has not read from others yet.
    std::string ended() const;
    void take(const std::string& lines);

    /// Runs that are still to be made.
    std::vector<std::int64_t> missing() const;
    /// Keeps a run that ended, and writes its result.json.
    void end(std::int64_t number, const RunResult& result);
    void fail(std::int64_t number, const std::string& reason);
    /// When it is due, rewrites the manifest, with the runs that other groups have ended according
    /// to the disk, and returns how many runs have ended.
    std::optional<std::int64_t> refresh();
    void write() const { write(runs_); }

    const std::vector<ComparedRun>& runs() const { return runs_; }

  private:
    ComparedRun& at(std::int64_t number) { return runs_.at(static_cast<std::size_t>(number)); }
    std::string folder(const ComparedRun& run) const { return directory_ + "/" + run.name; }
    std::string line(const ComparedRun& run) const;
    bool read(const std::string& text, ComparedRun& run) const;
    bool read_result(ComparedRun& run) const;
    void write_result(const ComparedRun& run) const;
    void write(const std::vector<ComparedRun>& runs) const;

    std::string directory_;
    record::ManifestFile file_;
    std::string program_;
    ComparisonShare share_;
    std::vector<std::string> run_hashes_;  ///< hash of each run's resolved job
    std::vector<ComparedRun> runs_;
    std::vector<bool> known_;  ///< the other ranks know that it ended
    std::chrono::steady_clock::time_point written_;
};

}  // namespace motley::experiment

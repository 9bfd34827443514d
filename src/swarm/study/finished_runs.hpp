// Which runs of a study are done, in memory and in the file `manifest` of its folder.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "motley/job/swarm.hpp"
#include "motley/mpi/communicator.hpp"
#include "motley/record/manifest_file.hpp"
#include "motley/swarm/study/study.hpp"

namespace motley::swarm {

class FinishedRuns {
  public:
    /// Not collective. Touches no file. `identity`: identity_of(job).
    FinishedRuns(const job::Swarm& job, const std::string& directory, std::string identity);

    /// Not collective. Takes over what an earlier start finished. A usage error where the folder
    /// belongs to another job.
    void read();
    /// Collective. The same: rank 0 reads.
    void open(const mpi::Communicator& comm);
    void end(std::size_t run, SwarmRun result) { runs_[run] = std::move(result); }

    /// Not collective: rank 0 writes. `write_if_due` does so where it takes no more than 2 % of the
    /// time, at most once a second; true where it wrote.
    void write();
    bool write_if_due();

    const std::vector<SwarmRun>& runs() const { return runs_; }
    std::int64_t open_runs() const;

  private:
    using Clock = std::chrono::steady_clock;
    std::string line(std::size_t number) const;
    void take(const std::string& line);

    record::ManifestFile file_;
    std::vector<SwarmRun> runs_;
    Clock::time_point written_ = Clock::now();
    Clock::duration cost_{};
};

}  // namespace motley::swarm

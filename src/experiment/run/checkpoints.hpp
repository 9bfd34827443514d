// The checkpoints of one run: what they hold, when one may be used, and how a run resumes from it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <type_traits>

#include "motley/experiment/changes/changes.hpp"
#include "motley/job/job.hpp"
#include "motley/record/checkpoint.hpp"
#include "motley/simulation/simulation.hpp"
#include "motley/simulation/solve.hpp"
#include "time_series.hpp"

namespace motley::experiment {

/// Not collective. Lines "path: hash" of the contents of the files that a job reads, in a fixed
/// order. A run resumes from a checkpoint only where they are still the same.
std::string input_hashes(const job::Run& job);

class Checkpoints {
  public:
    /// `inputs`: `input_hashes`, the same on every rank. `warn` is called on every rank.
    Checkpoints(const job::Run& job, const std::string& inputs, const std::string& directory,
                const mpi::Communicator& comm, std::function<void(const std::string&)> warn);

    /// Collective. Finds the newest whole checkpoint; false when there is none. Warns of damaged
    /// ones and skips them. A usage error when the checkpoint belongs to another job.
    bool find();
    bool found() const { return found_.has_value(); }
    std::int64_t step() const { return found_->step; }

    /// Collective. Restores the state of the checkpoint that was found. `changes`: of the run, or
    /// null.
    template <class Real>
    simulation::SolverState restore(simulation::Simulation<Real>& simulation,
                                    std::type_identity_t<Changes<Real>>* changes,
                                    TimeSeries& series) const;

    /// Collective. Writes and seals a checkpoint, unless it is the one that was found; storage
    /// errors leave the older ones untouched.
    template <class Real>
    void write(const simulation::Simulation<Real>& simulation,
               const std::type_identity_t<Changes<Real>>* changes,
               const simulation::SolverState& state, const TimeSeries& series,
               const record::Provenance& provenance) const;

    /// Not collective.
    void remove() const { folder_.remove(); }
    void remove_remains() const { folder_.remove_remains(); }

  private:
    /// False when the checkpoint is damaged.
    bool usable(std::int64_t step);

    const mpi::Communicator& comm_;
    record::CheckpointFolder folder_;
    bool rewires_, marks_arcs_;
    std::string job_;      ///< hash of the keys that determine the states
    std::string program_;  ///< version and commit
    std::function<void(const std::string&)> warn_;
    std::optional<record::Seal> found_;
};

}  // namespace motley::experiment

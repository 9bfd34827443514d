// Decides when work writes a checkpoint or is set aside, from signals and time limits; ranks agree
// on the step.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>

#include "motley/job/job.hpp"
#include "motley/mpi/communicator.hpp"

namespace motley::experiment {

/// While it lives, SIGUSR1, SIGUSR2 and SIGTERM ask the runs of this process to stop.
class SignalWatch {
  public:
    SignalWatch();
    ~SignalWatch();
    SignalWatch(const SignalWatch&) = delete;
    SignalWatch& operator=(const SignalWatch&) = delete;

    /// The name of the signal that came, or null.
    static const char* caught();
};

/// The limits of one start of the program.
struct Limits {
    using Clock = std::chrono::steady_clock;
    Clock::time_point start = Clock::now();
    Clock::time_point deadline = Clock::time_point::max();  ///< the process must have ended by then
    bool fresh = false;  ///< start over even where there is a checkpoint

    /// The process must end within `seconds` from `start`.
    void stop_after(double seconds);
    /// The deadline is so near that work which takes `cost` seconds to set aside must stop now: 5 %
    /// of the whole time, at least 1 s and at most 60 s, is kept for what follows.
    bool near(Clock::time_point now, double cost = 0.0) const;
};

/// Decides between two steps whether to write a checkpoint, and whether to stop the run. Ranks
/// agree through one small reduction about every tenth of a second, at steps that all of them know
/// beforehand (unless they agree always); the steps between need no communication.
class Pauses {
  public:
    enum class Request { none, checkpoint, stop };

    /// Where steps may take long, ranks agree at each boundary.
    enum class Agreement { sampled, always };

    Pauses(const mpi::Communicator& comm, const job::Checkpoint& job, const Limits& limits,
           Agreement agreement = Agreement::sampled);

    /// Collective, at every step boundary; the same on every rank. `steps`: adaptation steps made.
    /// `ahead`: seconds that the next step takes, as far as that is known.
    Request at(std::int64_t steps, double ahead = 0.0);
    /// Notes that a checkpoint was written in `seconds`; the value of rank 0 is used.
    void wrote(std::int64_t steps, double seconds);
    /// Why the last request was made, in words.
    const char* reason() const { return reason_; }

    /// Least seconds between two checkpoints when the job gives none and one takes `cost`
    /// seconds: ten minutes, or so long that it is 2 % of the time.
    static double automatic_interval(double cost);

  private:
    using Clock = std::chrono::steady_clock;
    /// The wish of a rank, the weakest first.
    enum class Wish : std::int64_t { nothing, due, near_limit, signalled };

    Wish wish(Clock::time_point now, double ahead) const;
    /// Boundaries until the next agreement, so that agreements are about a tenth of a second apart.
    std::int64_t next_interval(Clock::time_point now) const;
    /// Collective. All ranks take over the strongest wish of any, and the interval of rank 0.
    Request agree(double ahead);

    const mpi::Communicator& comm_;
    job::Checkpoint job_;
    Limits limits_;
    Agreement agreement_;
    Clock::time_point last_checkpoint_;
    Clock::time_point last_agreement_;
    double cost_ = 0.0;          ///< seconds of the last checkpoint
    std::int64_t waited_ = 0;    ///< boundaries since the last agreement
    std::int64_t interval_ = 1;  ///< boundaries from one agreement to the next
    std::int64_t next_step_ = std::numeric_limits<std::int64_t>::max();
    bool first_ = true;
    const char* reason_ = "";
};

}  // namespace motley::experiment

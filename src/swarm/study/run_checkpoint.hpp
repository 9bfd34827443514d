// The state of a run of a swarm between two rounds, on the disk.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "host_network.hpp"
#include "motley/record/checkpoint.hpp"
#include "motley/swarm/round/swarm.hpp"

namespace motley::swarm {

/// What the evidence and opinions of all sites belong to.
struct RunPlace {
    std::size_t run = 0;      ///< number in the study
    std::int64_t rounds = 0;  ///< made so far
};

/// The checkpoints of one study: at most one run is under way. All members are collective.
class RunCheckpoint {
  public:
    RunCheckpoint(const mpi::Communicator& comm, const std::string& directory,
                  const std::string& identity)
        : comm_(comm), folder_(directory + "/checkpoint"), identity_(identity) {}

    /// Finds the newest whole checkpoint; nothing where there is none.
    /// Skips damaged ones, with a warning.
    std::optional<RunPlace> find(const std::function<void(const std::string&)>& warn);
    /// Puts the state that was found into a swarm that has made no round, and its traffic.
    void restore(Swarm& swarm, const Spec& spec, HostTraffic* traffic, std::size_t hosts) const;
    /// `traffic`: null where none is counted.
    void write(const Swarm& swarm, const Spec& spec, const RunPlace& place,
               const HostTraffic* traffic, const record::Provenance& provenance);
    void remove();

  private:
    const mpi::Communicator& comm_;
    record::CheckpointFolder folder_;
    std::string identity_;
    std::int64_t found_ = -1;  ///< step
    RunPlace place_;
};

}  // namespace motley::swarm

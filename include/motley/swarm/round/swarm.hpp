// A swarm of sites on the ranks of a communicator: rounds of observing, publishing, reading and
// combining.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "motley/mpi/communicator.hpp"
#include "motley/swarm/knowledge/spec.hpp"
#include "motley/swarm/knowledge/synthesis.hpp"
#include "motley/swarm/overlay/greedy_walk.hpp"
#include "motley/swarm/overlay/overlay.hpp"
#include "motley/swarm/round/round_result.hpp"

namespace motley::swarm {

/// Called for every message between two sites, on the rank that accounts for it.
using Watch = std::function<void(Site from, Site to, std::int64_t bytes)>;

/// Lookups are walked on the rank of the site that searches, because ids and contacts are pure
/// functions that each rank has. Ranks exchange packets, questions and answers only.
class Swarm {
  public:
    /// Collective. `graph` is for Policy::greedy and must have a row for each site; without one,
    /// each site is linked to 8 similar and 8 random ones.
    Swarm(const Spec& spec, const mpi::Communicator& comm, const WalkGraph* graph = nullptr,
          Watch watch = {});
    ~Swarm();
    Swarm(const Swarm&) = delete;
    Swarm& operator=(const Swarm&) = delete;

    /// Collective. Makes the next round; the result is the same on every rank.
    RoundResult step();

    /// Sites of this rank in rising order, and what they believe.
    const std::vector<Site>& own_sites() const;
    const std::vector<Opinion>& opinions() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace motley::swarm

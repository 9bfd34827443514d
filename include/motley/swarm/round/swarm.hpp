// A swarm of sites on the ranks of a communicator: rounds of observing, publishing, reading and
// combining.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "motley/mpi/communicator.hpp"
#include "motley/swarm/knowledge/spec.hpp"
#include "motley/swarm/knowledge/synthesis.hpp"
#include "motley/swarm/overlay/greedy_walk.hpp"
#include "motley/swarm/overlay/overlay.hpp"
#include "motley/swarm/round/round_result.hpp"

namespace motley::swarm {

/// Sees every message between two sites, on the rank that accounts for it.
class Watch {
  public:
    virtual ~Watch() = default;
    virtual void message(Site from, Site to, std::int64_t bytes) = 0;
    /// A lookup went from `from` to the sites of `path` in turn.
    virtual void lookup(Site from, std::span<const Site> path) = 0;
};

/// Lookups are walked on the rank of the site that searches, because ids and contacts are pure
/// functions that each rank has. Ranks exchange packets, questions and answers only.
class Swarm {
  public:
    /// Collective. `graph` is for Policy::greedy and must have a row for each site; without one,
    /// each site is linked to 8 similar and 8 random ones. `watch`, where there is one, must
    /// outlive the swarm.
    Swarm(const Spec& spec, const mpi::Communicator& comm, const WalkGraph* graph = nullptr,
          Watch* watch = nullptr);
    ~Swarm();
    Swarm(const Swarm&) = delete;
    Swarm& operator=(const Swarm&) = delete;

    /// Collective. Makes the next round; the result is the same on every rank.
    RoundResult step();

    /// Sites of this rank in rising order, what they observed, and what they believe.
    const std::vector<Site>& own_sites() const;
    const std::vector<Packet>& evidence() const;
    const std::vector<Opinion>& opinions() const;

    /// Goes on as after `rounds` rounds that left this evidence and these opinions with the sites
    /// of this rank: nothing else passes from a round to the next.
    void restore(std::int64_t rounds, std::vector<Packet> evidence, std::vector<Opinion> opinions);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace motley::swarm

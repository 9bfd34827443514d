// A topology that holds its arcs in memory, for small graphs of tests. A test chooses its traits.
#pragma once

#include <algorithm>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "motley/topology/topology.hpp"
#include "support/arcs.hpp"

namespace motley::test {

class ArcTopology final : public topology::Topology {
  public:
    /// `relays` is the number of agents, the last ones, that only pass on what they get.
    ArcTopology(AgentId agents, std::vector<topology::Arc> arcs, topology::Traits traits,
                AgentId relays = 0)
        : agents_(agents), arcs_(std::move(arcs)), traits_(traits), relays_(relays) {}

    AgentId agents() const override { return agents_; }
    AgentId hosts() const override { return agents_ - relays_; }
    topology::Traits traits() const override { return traits_; }
    void arcs(std::int64_t chunk, std::int64_t chunks,
              const topology::ArcSink& sink) const override {
        const auto range =
            topology::chunk_range(static_cast<std::int64_t>(arcs_.size()), chunk, chunks);
        // Arcs come in batches of three, so that most graphs have more than one batch.
        for (std::int64_t at = range.begin; at < range.end; at += 3) {
            const auto count = std::min<std::int64_t>(3, range.end - at);
            sink({arcs_.data() + at, static_cast<std::size_t>(count)});
        }
    }
    const std::vector<topology::Arc>& list() const { return arcs_; }

  private:
    AgentId agents_;
    std::vector<topology::Arc> arcs_;
    topology::Traits traits_;
    AgentId relays_;
};

/// Weights add up and decide the routing, as for a weighted directed file.
inline topology::Traits weighted_traits() {
    topology::Traits traits;
    traits.sum_parallel = true;
    return traits;
}

inline topology::Traits uniform_traits(double survival = 1.0) {
    topology::Traits traits;
    traits.symmetric_uniform = true;
    traits.survival = survival;
    return traits;
}

inline topology::Traits complete_traits(double survival = 1.0) {
    topology::Traits traits;
    traits.complete = true;
    traits.survival = survival;
    return traits;
}

inline ArcTopology random_weighted(AgentId agents, int count, std::uint64_t seed) {
    return {agents, random_weighted_arcs<topology::Arc>(agents, count, seed), weighted_traits()};
}

inline ArcTopology random_uniform(AgentId agents, int pairs, std::uint64_t seed,
                                  double survival = 1.0) {
    return {agents, random_uniform_arcs<topology::Arc>(agents, pairs, seed, survival),
            uniform_traits(survival)};
}

/// Each agent linked to the `degree / 2` nearest on both sides.
inline std::vector<topology::Arc> ring_arcs(AgentId agents, AgentId degree) {
    std::set<std::pair<AgentId, AgentId>> pairs;
    for (AgentId i = 0; i < agents; ++i) {
        for (AgentId d = 1; d <= degree / 2; ++d) {
            pairs.emplace(i, (i + d) % agents);
            pairs.emplace((i + d) % agents, i);
        }
    }
    std::vector<topology::Arc> arcs;
    for (const auto& [source, target] : pairs) arcs.push_back({source, target, 1.0, 1.0});
    return arcs;
}

}  // namespace motley::test

// A topology that holds its arcs in memory: small graphs of the tests, with traits of their choice.
#pragma once

#include <algorithm>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "motley/core/random.hpp"
#include "motley/topology/topology.hpp"

namespace motley::test {

class ArcTopology final : public topology::Topology {
  public:
    /// `relays`: how many of the last agents only pass on what they get.
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
        // Batches of three, so that more than one batch is the rule.
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

/// Directed arcs with weights and survivals, loops and parallel arcs among them. The first agent
/// has no arc at all; the second receives only, the third sends only.
inline ArcTopology random_weighted(AgentId agents, int count, std::uint64_t seed) {
    std::vector<topology::Arc> arcs;
    const auto bound = static_cast<std::uint64_t>(agents);
    for (std::uint64_t i = 0; static_cast<int>(arcs.size()) < count; ++i) {
        const Random random(seed, Stream::test, i);
        const topology::Arc arc{static_cast<AgentId>(random.below(bound, 0)),
                                static_cast<AgentId>(random.below(bound, 1)),
                                0.2 + random.uniform(2), 0.5 + 0.5 * random.uniform(3)};
        if (arc.source == 0 || arc.target == 0) continue;
        if (agents > 3 && (arc.source == 1 || arc.target == 2)) continue;
        arcs.push_back(arc);
        if (arcs.size() % 5 == 0) arcs.push_back({arc.source, arc.target, 0.7, 0.9});
        if (arcs.size() % 7 == 0) arcs.push_back({arc.source, arc.source, 0.4, 0.8});
    }
    return {agents, std::move(arcs), weighted_traits()};
}

/// Symmetric arcs of weight 1, some listed twice, some of them loops; the first agent is alone.
inline ArcTopology random_uniform(AgentId agents, int pairs, std::uint64_t seed,
                                  double survival = 1.0) {
    std::vector<topology::Arc> arcs;
    const auto bound = static_cast<std::uint64_t>(agents);
    for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(pairs); ++i) {
        const Random random(seed, Stream::test, i);
        const auto a = static_cast<AgentId>(random.below(bound, 0));
        const auto b = static_cast<AgentId>(random.below(bound, 1));
        if (a == 0 || b == 0) continue;
        arcs.push_back({a, b, 1.0, survival});
        if (a != b || i % 2 == 0) arcs.push_back({b, a, 1.0, survival});
    }
    return {agents, std::move(arcs), uniform_traits(survival)};
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

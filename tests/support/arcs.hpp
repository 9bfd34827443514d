// Lists of arcs that tests make up: directed with weights, and symmetric. `Arc` is any struct of
// source, target, weight and survival.
#pragma once

#include <cstdint>
#include <vector>

#include "motley/core/ids.hpp"
#include "motley/core/random.hpp"

namespace motley::test {

/// Directed arcs with weights and survivals, loops and parallel arcs among them. The first agent
/// has no arc at all; the second receives only, the third sends only.
template <class Arc>
std::vector<Arc> random_weighted_arcs(AgentId agents, int count, std::uint64_t seed) {
    std::vector<Arc> arcs;
    const auto bound = static_cast<std::uint64_t>(agents);
    for (std::uint64_t i = 0; static_cast<int>(arcs.size()) < count; ++i) {
        const Random random(seed, Stream::test, i);
        const Arc arc{static_cast<AgentId>(random.below(bound, 0)),
                      static_cast<AgentId>(random.below(bound, 1)), 0.2 + random.uniform(2),
                      0.5 + 0.5 * random.uniform(3)};
        if (arc.source == 0 || arc.target == 0) continue;
        if (agents > 3 && (arc.source == 1 || arc.target == 2)) continue;
        arcs.push_back(arc);
        if (arcs.size() % 5 == 0) arcs.push_back({arc.source, arc.target, 0.7, 0.9});
        if (arcs.size() % 7 == 0) arcs.push_back({arc.source, arc.source, 0.4, 0.8});
    }
    return arcs;
}

/// Symmetric arcs of weight 1, some listed twice, some of them loops. The first agent has no arc.
template <class Arc>
std::vector<Arc> random_uniform_arcs(AgentId agents, int pairs, std::uint64_t seed,
                                     double survival = 1.0) {
    std::vector<Arc> arcs;
    const auto bound = static_cast<std::uint64_t>(agents);
    for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(pairs); ++i) {
        const Random random(seed, Stream::test, i);
        const auto a = static_cast<AgentId>(random.below(bound, 0));
        const auto b = static_cast<AgentId>(random.below(bound, 1));
        if (a == 0 || b == 0) continue;
        arcs.push_back({a, b, 1.0, survival});
        if (a != b || i % 2 == 0) arcs.push_back({b, a, 1.0, survival});
    }
    return arcs;
}

}  // namespace motley::test

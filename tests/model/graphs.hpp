// The graphs on which the tests of the kernel run.
#pragma once

#include "support/arcs.hpp"
#include "support/local_graph.hpp"

namespace motley::test {

inline SmallGraph weighted_graph(AgentId agents, int count, std::uint64_t seed) {
    return {agents, random_weighted_arcs<Arc>(agents, count, seed), {}};
}

inline SmallGraph uniform_graph(AgentId agents, int pairs, std::uint64_t seed,
                                double survival = 1.0) {
    return {agents,
            random_uniform_arcs<Arc>(agents, pairs, seed, survival),
            {.symmetric_uniform = true, .survival = survival}};
}

inline SmallGraph isolated_graph(AgentId agents) {
    return {agents, {}, {.symmetric_uniform = true}};
}

inline SmallGraph complete_graph(AgentId agents, double survival = 1.0) {
    return {agents, {}, {.complete = true, .survival = survival}};
}

}  // namespace motley::test

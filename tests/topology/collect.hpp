// What tests do with the arcs of a topology: collect, compare by chunks, look at as a graph.
#pragma once

#include <algorithm>
#include <cstdint>
#include <queue>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "motley/topology/generator.hpp"
#include "motley/topology/topology.hpp"

namespace motley::topology::test {

using Edge = std::pair<AgentId, AgentId>;
using Links = std::set<Edge>;
using ArcTuple = std::tuple<AgentId, AgentId, double, double>;

/// The sorted multiset of arcs, generated in `chunks` chunks.
inline std::vector<ArcTuple> arcs_of(const Topology& topology, std::int64_t chunks = 1) {
    std::vector<ArcTuple> arcs;
    for (std::int64_t chunk = 0; chunk < chunks; ++chunk) {
        topology.arcs(chunk, chunks, [&](std::span<const Arc> batch) {
            for (const Arc& arc : batch) {
                arcs.emplace_back(arc.source, arc.target, arc.weight, arc.survival);
            }
        });
    }
    std::sort(arcs.begin(), arcs.end());
    return arcs;
}

/// Distinct (source, target).
inline Links links_of(const Topology& topology) {
    Links links;
    for (const auto& [source, target, weight, survival] : arcs_of(topology)) {
        links.emplace(source, target);
    }
    return links;
}

/// Distinct links by a rule, from all pairs.
template <class Rule>
Links links_by(AgentId agents, Rule linked) {
    Links links;
    for (AgentId a = 0; a < agents; ++a) {
        for (AgentId b = 0; b < agents; ++b) {
            if (a != b && linked(a, b)) links.emplace(a, b);
        }
    }
    return links;
}

inline std::vector<std::vector<AgentId>> rows_of(const Links& links, AgentId agents) {
    std::vector<std::vector<AgentId>> rows(static_cast<std::size_t>(agents));
    for (const auto& [a, b] : links) rows[static_cast<std::size_t>(a)].push_back(b);
    return rows;
}

/// Longest shortest path, -1 when not connected.
inline std::int64_t diameter(const Topology& topology) {
    const auto rows = rows_of(links_of(topology), topology.agents());
    std::int64_t longest = 0;
    for (std::size_t root = 0; root < rows.size(); ++root) {
        std::vector<std::int64_t> distance(rows.size(), -1);
        std::queue<std::size_t> open({root});
        distance[root] = 0;
        while (!open.empty()) {
            const std::size_t agent = open.front();
            open.pop();
            for (const AgentId next : rows[agent]) {
                auto& there = distance[static_cast<std::size_t>(next)];
                if (there >= 0) continue;
                there = distance[agent] + 1;
                open.push(static_cast<std::size_t>(next));
            }
        }
        if (*std::ranges::min_element(distance) < 0) return -1;
        longest = std::max(longest, *std::ranges::max_element(distance));
    }
    return longest;
}

/// What is not given to the functions that make specs.
constexpr std::int64_t absent = -1;

inline Spec spec_of(const std::string& generator, AgentId agents, std::int64_t degree = 4) {
    Spec spec;
    spec.generator = generator;
    if (agents != absent) spec.agents = agents;
    spec.set("degree", degree);
    return spec;
}

/// Sets a parameter, unless it is absent.
inline void set_given(Spec& spec, const std::string& name, std::int64_t value) {
    if (value != absent) spec.set(name, value);
}

inline Spec lattice_of(const std::string& generator, std::vector<AgentId> shape,
                       const char* neighbourhood = "von-neumann") {
    Spec spec;
    spec.generator = generator;
    spec.set("shape", std::move(shape));
    spec.set("neighbourhood", neighbourhood);
    return spec;
}

}  // namespace motley::topology::test

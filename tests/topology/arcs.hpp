// The arcs of a topology by names, for tests of graph files.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "motley/topology/topology.hpp"

namespace motley::topology {

/// The weight of each arc, under the names of its ends.
using NamedArcs = std::map<std::pair<std::string, std::string>, double>;

inline NamedArcs named_arcs(const Topology& graph) {
    NamedArcs arcs;
    const auto name = [&](AgentId agent) {
        return graph.names().empty() ? std::to_string(agent)
                                     : graph.names()[static_cast<std::size_t>(agent)];
    };
    graph.arcs(0, 1, [&](std::span<const Arc> batch) {
        for (const Arc& arc : batch) arcs[{name(arc.source), name(arc.target)}] += arc.weight;
    });
    return arcs;
}

/// Whether one of the remarks of a file has this part.
inline bool says(const Topology& graph, const std::string& part) {
    for (const std::string& remark : graph.remarks()) {
        if (remark.find(part) != std::string::npos) return true;
    }
    return false;
}

}  // namespace motley::topology

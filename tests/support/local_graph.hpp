// Local graphs made from a list of arcs, without a topology, a partition or MPI.
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "motley/model/local_graph.hpp"

namespace motley::test {

/// A directed arc; weights of parallel arcs add up.
struct Arc {
    AgentId source = 0, target = 0;
    double weight = 1.0, survival = 1.0;
};

/// The properties that decide the coupling of a graph.
struct Routing {
    bool complete = false;           ///< all pairs; arcs are not listed
    bool symmetric_uniform = false;  ///< all weights count as 1, survival is the constant below
    bool use_weights = true;
    double survival = 1.0;
};

struct SmallGraph {
    AgentId agents = 0;
    std::vector<Arc> arcs{};
    Routing routing{};
};

/// Local rows are not in the order of the ids, so that a test fails when code confuses the two.
inline LocalId local_row(AgentId agent, AgentId agents) {
    return static_cast<LocalId>(agents - 1 - agent);
}

/// Rows of one kind from (neighbour, factor) by agent.
template <class Real>
model::Rows<Real> rows_from(const std::vector<std::map<AgentId, double>>& neighbours, int units,
                            int half) {
    const auto agents = static_cast<AgentId>(neighbours.size());
    std::vector<std::uint32_t> columns;
    std::vector<double> factors;
    model::Rows<Real> rows;
    rows.offsets = Buffer<std::uint64_t>(neighbours.size() + 1);
    rows.offsets[0] = 0;
    for (LocalId row = 0; row < neighbours.size(); ++row) {
        const auto agent = static_cast<std::size_t>(agents - 1 - AgentId{row});
        for (const auto& [neighbour, factor] : neighbours[agent]) {
            const LocalId place = local_row(neighbour, agents);
            columns.push_back(static_cast<std::uint32_t>(units) * place +
                              static_cast<std::uint32_t>(half));
            factors.push_back(factor);
        }
        rows.offsets[row + 1] = columns.size();
    }
    rows.columns = Buffer<std::uint32_t>(columns.size() + model::Rows<Real>::padding, 0U);
    std::copy(columns.begin(), columns.end(), rows.columns.begin());
    if (units == 1) return rows;
    rows.weights = Buffer<Real>(factors.size());
    std::copy(factors.begin(), factors.end(), rows.weights.begin());
    return rows;
}

/// The local graph of one rank that owns all agents.
template <class Real>
model::LocalGraph<Real> local_graph(const SmallGraph& graph) {
    typename model::LocalGraph<Real>::Parts parts;
    parts.agents = parts.hosts = graph.agents;
    parts.interior = static_cast<LocalId>(graph.agents);
    parts.ids = Buffer<AgentId>(static_cast<std::size_t>(graph.agents));
    for (AgentId i = 0; i < graph.agents; ++i) parts.ids[local_row(i, graph.agents)] = i;
    const Routing& routing = graph.routing;
    parts.survival = routing.survival;
    if (routing.complete) {
        parts.coupling = model::Coupling::mean_field;
        return model::LocalGraph<Real>(std::move(parts));
    }
    struct Merged {
        double weight = 0.0, survived = 0.0;
    };
    std::map<std::pair<AgentId, AgentId>, Merged> arcs;  // by (source, target)
    for (const Arc& arc : graph.arcs) {
        Merged& merged = arcs[{arc.source, arc.target}];
        merged.weight += arc.weight;
        merged.survived += arc.weight * arc.survival;
    }
    const bool equal = routing.symmetric_uniform || !routing.use_weights;
    std::vector<double> total(static_cast<std::size_t>(graph.agents), 0.0);
    for (const auto& [pair, arc] : arcs) {
        total[static_cast<std::size_t>(pair.first)] += equal ? 1.0 : arc.weight;
    }
    std::vector<std::map<AgentId, double>> in(total.size()), out(total.size());
    for (const auto& [pair, arc] : arcs) {
        const auto source = static_cast<std::size_t>(pair.first);
        const auto target = static_cast<std::size_t>(pair.second);
        const double share = (equal ? 1.0 : arc.weight) / total[source];
        const double factor = share * arc.survived / arc.weight;
        in[target][pair.first] = factor;
        out[source][pair.second] = factor;
    }
    if (routing.symmetric_uniform) {
        parts.coupling = model::Coupling::uniform;
        parts.in = rows_from<Real>(in, 1, 0);
    } else {
        parts.coupling = model::Coupling::weighted;
        parts.survival = 1.0;
        parts.in = rows_from<Real>(in, 2, 0);
        parts.out = rows_from<Real>(out, 2, 1);
    }
    return model::LocalGraph<Real>(std::move(parts));
}

}  // namespace motley::test

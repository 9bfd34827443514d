// Checks of the keys that several generators share, and arcs out of rows.
#include "topology/generators.hpp"

#include <fmt/format.h>

#include <cmath>

namespace motley::topology {

Error Keys::error(const std::string& key, const std::string& message) const {
    return usage_error(fmt::format("{}.{}: {}", prefix_, key, message));
}

AgentId Keys::agents() const {
    if (spec.agents == -1) {
        throw error("agents", fmt::format("missing; generator '{}' needs the number of agents",
                                          spec.generator));
    }
    if (spec.agents < 1) throw error("agents", fmt::format("at least 1, not {}", spec.agents));
    if (spec.agents > most_agents) {
        throw error("agents", fmt::format("at most {}, not {}", most_agents, spec.agents));
    }
    return spec.agents;
}

double Keys::survival() const {
    if (!(spec.survival > 0.0 && spec.survival <= 1.0)) {
        throw error("survival", fmt::format("must lie in (0, 1], not {}", spec.survival));
    }
    return spec.survival;
}

double Keys::probability(const std::string& key, double value) const {
    if (!(value >= 0.0 && value <= 1.0)) {
        throw error(key, fmt::format("must lie in [0, 1], not {}", value));
    }
    return value;
}

std::int64_t Keys::degree_below(AgentId agents) const {
    if (spec.degree < 1) throw error("degree", fmt::format("at least 1, not {}", spec.degree));
    if (spec.degree >= agents) {
        throw error("degree", fmt::format("must be less than the number of agents; {} is not less "
                                          "than {}",
                                          spec.degree, agents));
    }
    return spec.degree;
}

std::int64_t Keys::even_degree(AgentId agents) const {
    if (spec.degree < 2) {
        throw error("degree", fmt::format("at least 2 and even, not {}", spec.degree));
    }
    if (spec.degree % 2 != 0) {
        throw error("degree", fmt::format("must be even; nearest to {} are {} and {}", spec.degree,
                                          spec.degree - 1, spec.degree + 1));
    }
    return degree_below(agents);
}

std::int64_t Keys::count(const std::string& key, std::int64_t value, std::int64_t least,
                         std::int64_t most) const {
    if (value == -1) {
        throw error(key, fmt::format("missing; generator '{}' needs it", spec.generator));
    }
    if (value < least) throw error(key, fmt::format("at least {}, not {}", least, value));
    if (value > most) throw error(key, fmt::format("at most {}, not {}", most, value));
    return value;
}

double Keys::capacity(const std::string& key, double value) const {
    if (!(value > 0.0 && std::isfinite(value))) {
        throw error(key, fmt::format("must be a positive number, not {}", value));
    }
    return value;
}

AgentId Keys::sized(const std::string& key, const std::string& value, AgentId hosts,
                    AgentId switches) const {
    if (hosts > most_agents || switches > most_agents - hosts) {
        throw error(key, fmt::format("{} has more than {} agents, switches included; take less",
                                     value, most_agents));
    }
    const AgentId agents = hosts + switches;
    if (spec.agents != -1 && spec.agents != agents) {
        const std::string parts =
            switches == 0 ? "" : fmt::format(" ({} hosts and {} switches)", hosts, switches);
        throw error("agents", fmt::format("{}, but {} {} has {} agents{}; leave it out",
                                          spec.agents, key, value, agents, parts));
    }
    return agents;
}

void RowTopology::row(AgentId agent, std::vector<AgentId>& neighbours) const {
    if (!has_rows()) return Topology::row(agent, neighbours);
    if (agent < 0 || agent >= agents_) {
        throw internal_error(fmt::format("row of agent {} of {}", agent, agents_));
    }
    neighbours.clear();
    fill(agent, neighbours);
}

void RowTopology::arcs(std::int64_t chunk, std::int64_t chunks, const ArcSink& sink) const {
    const Range range = chunk_range(agents_, chunk, chunks);
    ArcBatch batch(sink);
    std::vector<AgentId> neighbours;
    for (AgentId agent = range.begin; agent < range.end; ++agent) {
        neighbours.clear();
        fill(agent, neighbours);
        for (const AgentId other : neighbours) batch.add({agent, other, 1.0, survival_});
    }
    batch.finish();
}

}  // namespace motley::topology

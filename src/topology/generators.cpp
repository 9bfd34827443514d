// Checks of the arguments that several generators share, and arcs from computed rows.
#include "topology/generators.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace motley::topology {

Error Arguments::error(const std::string& key, const std::string& message) const {
    return usage_error(fmt::format("{}.{}: {}", prefix_, key, message));
}

AgentId Arguments::agents() const {
    if (!spec.agents) {
        throw error("agents", fmt::format("missing; generator '{}' needs the number of agents",
                                          spec.generator));
    }
    const AgentId agents = *spec.agents;
    if (agents < 1) throw error("agents", fmt::format("at least 1, not {}", agents));
    if (agents > most_agents) {
        throw error("agents", fmt::format("at most {}, not {}", most_agents, agents));
    }
    return agents;
}

double Arguments::survival() const {
    if (!(spec.survival > 0.0 && spec.survival <= 1.0)) {
        throw error("survival", fmt::format("must lie in (0, 1], not {}", spec.survival));
    }
    return spec.survival;
}

double Arguments::probability(const std::string& key) const {
    const double value = spec.number(key);
    if (!(value >= 0.0 && value <= 1.0)) {
        throw error(key, fmt::format("must lie in [0, 1], not {}", value));
    }
    return value;
}

std::int64_t Arguments::degree_below(AgentId agents) const {
    const std::int64_t degree = spec.integer("degree");
    if (degree < 1) throw error("degree", fmt::format("at least 1, not {}", degree));
    if (degree >= agents) {
        throw error("degree", fmt::format("must be less than the number of agents; {} is not less "
                                          "than {}",
                                          degree, agents));
    }
    return degree;
}

std::int64_t Arguments::even_degree(AgentId agents) const {
    const std::int64_t degree = spec.integer("degree");
    if (degree < 2) throw error("degree", fmt::format("at least 2 and even, not {}", degree));
    if (degree % 2 != 0) {
        throw error("degree", fmt::format("must be even; nearest to {} are {} and {}", degree,
                                          degree - 1, degree + 1));
    }
    return degree_below(agents);
}

std::int64_t Arguments::count(const std::string& key, std::int64_t least, std::int64_t most) const {
    if (!spec.value(key)) {
        throw error(key, fmt::format("missing; generator '{}' needs it", spec.generator));
    }
    const std::int64_t value = spec.integer(key);
    if (value < least) throw error(key, fmt::format("at least {}, not {}", least, value));
    if (value > most) throw error(key, fmt::format("at most {}, not {}", most, value));
    return value;
}

std::int64_t Arguments::count_or(std::int64_t otherwise, const std::string& key,
                                 std::int64_t least) const {
    return spec.has(key) ? count(key, least) : otherwise;
}

double Arguments::capacity(const std::string& key) const {
    const double value = spec.number(key);
    if (!(value > 0.0 && std::isfinite(value))) {
        throw error(key, fmt::format("must be a positive number, not {}", value));
    }
    return value;
}

AgentId Arguments::sized(const std::string& key, const std::string& value, AgentId hosts,
                         AgentId switches) const {
    if (hosts > most_agents || switches > most_agents - hosts) {
        throw error(key, fmt::format("{} has more than {} agents, switches included; take less",
                                     value, most_agents));
    }
    const AgentId agents = hosts + switches;
    if (spec.agents && *spec.agents != agents) {
        const std::string parts =
            switches == 0 ? "" : fmt::format(" ({} hosts and {} switches)", hosts, switches);
        throw error("agents", fmt::format("{}, but {} {} has {} agents{}; leave it out",
                                          *spec.agents, key, value, agents, parts));
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

void sort_distinct(std::vector<AgentId>& neighbours, AgentId without) {
    std::ranges::sort(neighbours);
    const auto same = std::ranges::unique(neighbours);
    neighbours.erase(same.begin(), same.end());
    std::erase(neighbours, without);
}

void RowTopology::arcs(std::int64_t chunk, std::int64_t chunks, const ArcSink& sink) const {
    const ChunkRange range = chunk_range(agents_, chunk, chunks);
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

// Random graphs whose vertices choose their edges: Watts-Strogatz and Barabasi-Albert.
#include <fmt/format.h>

#include <algorithm>

#include "topology/generators.hpp"
#include "topology/graphs/pair_space.hpp"

namespace motley::topology {
namespace {

/// Watts, Strogatz 1998, doi:10.1038/30918: each agent owns its links to the degree / 2 next agents
/// of the ring; each link gets a new uniform end with probability `rewire`. The ends that one agent
/// owns are distinct; where two agents choose each other the parallel edges collapse to one.
class WattsStrogatz final : public UniformTopology {
  public:
    WattsStrogatz(AgentId agents, std::int64_t degree, double rewire, double survival,
                  RandomKey random)
        : UniformTopology(agents, survival, agents * degree),
          reach_(degree / 2),
          rewire_(rewire),
          random_(random) {}

    void arcs(std::int64_t chunk, std::int64_t chunks, const ArcSink& sink) const override {
        const Range range = chunk_range(agents_, chunk, chunks);
        EdgeBatch batch(sink, survival_);
        std::vector<AgentId> ends;
        for (AgentId agent = range.begin; agent < range.end; ++agent) {
            choose(agent, ends);
            for (const AgentId end : ends) batch.add(agent, end);
        }
        batch.finish();
    }

  private:
    /// First which links stay, then the new ends: so that those avoid all that stay.
    void choose(AgentId agent, std::vector<AgentId>& ends) const {
        const Random random = random_.at(static_cast<std::uint64_t>(agent));
        std::uint32_t draw = 0;
        ends.clear();
        for (AgentId step = 1; step <= reach_; ++step) {
            if (rewire_ > 0.0 && random.uniform(draw++) < rewire_) continue;
            const AgentId end = agent + step;
            ends.push_back(end < agents_ ? end : end - agents_);
        }
        while (static_cast<std::int64_t>(ends.size()) < reach_) {
            // degree < agents: at least half of the draws are accepted.
            const auto end =
                static_cast<AgentId>(random.below(static_cast<std::uint64_t>(agents_), draw++));
            if (end != agent && std::ranges::find(ends, end) == ends.end()) ends.push_back(end);
        }
    }

    std::int64_t reach_;
    double rewire_;
    RandomKey random_;
};

/// Preferential attachment after Sanders, Schulz 2016, doi:10.1016/j.ipl.2016.02.004. Edge e has
/// the two end places 2e (the agent that brings it) and 2e + 1 (its target). The target is what
/// lies at a uniform place among the edges of all earlier agents; when that is itself a target, the
/// keyed hash is followed further down: about two steps, no table, no communication. It starts from
/// a clique of m + 1 agents. There are no loops; parallel edges of one agent collapse to one, so
/// that some agents have slightly fewer than m edges of their own.
class BarabasiAlbert final : public UniformTopology {
  public:
    BarabasiAlbert(AgentId agents, std::int64_t m, double survival, RandomKey random)
        : UniformTopology(agents, survival, 2 * edge_count(agents, m)),
          m_(m),
          clique_edges_(pairs_of(m + 1)),
          random_(random) {}

    void arcs(std::int64_t chunk, std::int64_t chunks, const ArcSink& sink) const override {
        const Range range = chunk_range(edge_count(agents_, m_), chunk, chunks);
        EdgeBatch batch(sink, survival_);
        for (std::int64_t edge = range.begin; edge < range.end; ++edge) {
            batch.add(agent_at(2 * edge), agent_at(2 * edge + 1));
        }
        batch.finish();
    }

  private:
    static std::int64_t edge_count(AgentId agents, std::int64_t m) {
        return pairs_of(m + 1) + (agents - m - 1) * m;
    }

    AgentId agent_at(std::int64_t place) const {
        for (;;) {
            const std::int64_t edge = place / 2;
            const bool target = place % 2 != 0;
            if (edge < clique_edges_) {
                const Pair pair = pair_at(edge);
                return target ? pair.low : pair.high;
            }
            const std::int64_t arrival = (edge - clique_edges_) / m_;
            if (!target) return m_ + 1 + arrival;
            const std::int64_t earlier = clique_edges_ + arrival * m_;
            place =
                static_cast<std::int64_t>(random_.at(static_cast<std::uint64_t>(edge))
                                              .below(static_cast<std::uint64_t>(2 * earlier), 0));
        }
    }

    std::int64_t m_;
    std::int64_t clique_edges_;
    RandomKey random_;
};

}  // namespace

std::unique_ptr<Topology> make_watts_strogatz(const Keys& keys) {
    const AgentId agents = keys.agents();
    return std::make_unique<WattsStrogatz>(agents, keys.even_degree(agents),
                                           keys.probability("rewire", keys.spec.rewire),
                                           keys.survival(), keys.random);
}

std::unique_ptr<Topology> make_barabasi_albert(const Keys& keys) {
    const AgentId agents = keys.agents();
    return std::make_unique<BarabasiAlbert>(agents, keys.even_degree(agents) / 2, keys.survival(),
                                            keys.random);
}

}  // namespace motley::topology

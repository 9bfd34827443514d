// Graphs grown by preferential attachment.
#include "topology/generators.hpp"
#include "topology/graphs/pair_space.hpp"

namespace motley::topology {
namespace {

/// Preferential attachment after Sanders, Schulz 2016, doi:10.1016/j.ipl.2016.02.004. Edge e has
/// two end places: 2e holds the agent that brings the edge, 2e + 1 holds its target. The target is
/// the agent at a uniformly drawn place among the edges of all earlier agents. If that place is
/// itself a target, the keyed hash gives the place from which that target was drawn, and so on:
/// this takes about two steps, without tables or communication. The graph starts from a clique of m
/// + 1 agents. There are no loops. Parallel edges of one agent collapse to one, so some agents have
/// slightly fewer than m edges of their own.
class BarabasiAlbert final : public UniformTopology {
  public:
    BarabasiAlbert(AgentId agents, std::int64_t m, double survival, RandomKey random)
        : UniformTopology(agents, survival, 2 * edge_count(agents, m)),
          m_(m),
          clique_edges_(pairs_of(m + 1)),
          random_(random) {}

    void arcs(std::int64_t chunk, std::int64_t chunks, const ArcSink& sink) const override {
        const ChunkRange range = chunk_range(edge_count(agents_, m_), chunk, chunks);
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
                const AgentPair pair = pair_at(edge);
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

std::unique_ptr<Topology> make_barabasi_albert(const Arguments& arguments) {
    const AgentId agents = arguments.agents();
    return std::make_unique<BarabasiAlbert>(agents, arguments.even_degree(agents) / 2,
                                            arguments.survival(), arguments.random);
}

}  // namespace

extern const Generator barabasi_albert = {
    .name = "barabasi-albert",
    .help = "grown by preferential attachment: hubs",
    .keys = "agents! degree",
    .make = make_barabasi_albert,
};

}  // namespace motley::topology

// Random graphs with a given probability or number of edges.
#include <fmt/format.h>

#include <cmath>

#include "topology/generators.hpp"
#include "topology/graphs/pair_space.hpp"
#include "topology/graphs/shuffle.hpp"

namespace motley::topology {
namespace {

/// G(n, p): every pair is linked with probability p.
class ErdosRenyi final : public UniformTopology {
  public:
    ErdosRenyi(AgentId agents, double probability, double survival, RandomKey random)
        : UniformTopology(agents, survival, 0), trials_(pairs_of(agents), probability, random, 0) {
        expected_arcs_ = std::llround(2.0 * trials_.expected());
    }

    void arcs(std::int64_t chunk, std::int64_t chunks, const ArcSink& sink) const override {
        EdgeBatch batch(sink, survival_);
        trials_.visit(chunk, chunks, [&](std::int64_t index) {
            const AgentPair pair = pair_at(index);
            batch.add(pair.low, pair.high);
        });
        batch.finish();
    }

  private:
    Trials trials_;
};

/// G(n, m): the edges are the first m images of a random permutation of all pairs.
class ErdosRenyiExact final : public UniformTopology {
  public:
    ErdosRenyiExact(AgentId agents, std::int64_t edges, double survival, RandomKey random)
        : UniformTopology(agents, survival, 2 * edges),
          edges_(edges),
          order_(pairs_of(agents), random, 0) {}

    void arcs(std::int64_t chunk, std::int64_t chunks, const ArcSink& sink) const override {
        const ChunkRange range = chunk_range(edges_, chunk, chunks);
        EdgeBatch batch(sink, survival_);
        for (std::int64_t edge = range.begin; edge < range.end; ++edge) {
            const auto index = order_(static_cast<std::uint64_t>(edge));
            const AgentPair pair = pair_at(static_cast<std::int64_t>(index));
            batch.add(pair.low, pair.high);
        }
        batch.finish();
    }

  private:
    std::int64_t edges_;
    Shuffle order_;
};

constexpr Parameter parameters_of_erdos_renyi[] = {
    number("edge_probability", "[0, 1]", "1", "probability that a pair is linked"),
    integer("edges", "[0, inf)", "edges", "exact number of edges"),
};

std::unique_ptr<Topology> make_erdos_renyi(const Arguments& arguments) {
    const AgentId agents = arguments.agents();
    const bool by_probability = arguments.spec.has("edge_probability");
    const bool by_edges = arguments.spec.has("edges");
    if (by_probability == by_edges) {
        throw arguments.error("edge_probability",
                              by_edges
                                  ? "give either edge_probability or edges, not both"
                                  : "missing; generator 'erdos-renyi' needs edge_probability or "
                                    "edges");
    }
    if (by_probability) {
        return std::make_unique<ErdosRenyi>(agents, arguments.probability("edge_probability"),
                                            arguments.survival(), arguments.random);
    }
    const std::int64_t edges = arguments.spec.integer("edges");
    if (edges < 0 || edges > pairs_of(agents)) {
        throw arguments.error("edges", fmt::format("must lie in [0, {}] with {} agents, not {}",
                                                   pairs_of(agents), agents, edges));
    }
    return std::make_unique<ErdosRenyiExact>(agents, edges, arguments.survival(), arguments.random);
}

}  // namespace

extern const Generator erdos_renyi = {
    .name = "erdos-renyi",
    .help = "independent random edges",
    .keys = "agents! edge_probability|edges!",
    .parameters = parameters_of_erdos_renyi,
    .make = make_erdos_renyi,
};

}  // namespace motley::topology

// Random graphs whose pairs are linked independently (or as an exact number): Erdos-Renyi and the
// stochastic block model.
#include <fmt/format.h>

#include "topology/generators.hpp"
#include "topology/graphs/pair_space.hpp"
#include "topology/graphs/shuffle.hpp"

namespace motley::topology {
namespace {

std::int64_t rounded(double count) {
    return std::llround(count);
}

/// G(n, p): every pair is linked with probability p.
class ErdosRenyi final : public UniformTopology {
  public:
    ErdosRenyi(AgentId agents, double probability, double survival, RandomKey random)
        : UniformTopology(agents, survival, 0), trials_(pairs_of(agents), probability, random, 0) {
        expected_arcs_ = rounded(2.0 * trials_.expected());
    }

    void arcs(std::int64_t chunk, std::int64_t chunks, const ArcSink& sink) const override {
        EdgeBatch batch(sink, survival_);
        trials_.visit(chunk, chunks, [&](std::int64_t index) {
            const Pair pair = pair_at(index);
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
        const Range range = chunk_range(edges_, chunk, chunks);
        EdgeBatch batch(sink, survival_);
        for (std::int64_t edge = range.begin; edge < range.end; ++edge) {
            const auto index = order_(static_cast<std::uint64_t>(edge));
            const Pair pair = pair_at(static_cast<std::int64_t>(index));
            batch.add(pair.low, pair.high);
        }
        batch.finish();
    }

  private:
    std::int64_t edges_;
    Shuffle order_;
};

/// Contiguous blocks of even size; pairs are linked with p_inside or p_between. The pairs inside
/// blocks are one index space, those between blocks another; both are decoded without tables.
class StochasticBlock final : public UniformTopology {
  public:
    StochasticBlock(AgentId agents, std::int64_t blocks, double p_inside, double p_between,
                    double survival, RandomKey random)
        : UniformTopology(agents, survival, 0),
          blocks_(blocks),
          size_(agents / blocks),
          longer_(agents % blocks),
          inside_(inside_below(blocks), p_inside, random, 0),
          between_(between_below(blocks), p_between, random, 1) {
        expected_arcs_ = rounded(2.0 * (inside_.expected() + between_.expected()));
    }

    void arcs(std::int64_t chunk, std::int64_t chunks, const ArcSink& sink) const override {
        EdgeBatch batch(sink, survival_);
        inside_.visit(chunk, chunks, [&](std::int64_t index) {
            const Pair pair = inside_pair(index);
            batch.add(pair.low, pair.high);
        });
        between_.visit(chunk, chunks, [&](std::int64_t index) {
            const Pair pair = between_pair(index);
            batch.add(pair.low, pair.high);
        });
        batch.finish();
    }

  private:
    /// First agent of `block`; the first `longer_` blocks have one agent more, as in chunk_range.
    AgentId first(std::int64_t block) const { return block * size_ + std::min(block, longer_); }

    /// Pairs inside the blocks below `block`.
    std::int64_t inside_below(std::int64_t block) const {
        const std::int64_t longer = std::min(block, longer_);
        return longer * pairs_of(size_ + 1) + (block - longer) * pairs_of(size_);
    }

    /// Pairs of two different blocks, both below `block`.
    std::int64_t between_below(std::int64_t block) const {
        return pairs_of(first(block)) - inside_below(block);
    }

    Pair inside_pair(std::int64_t index) const {
        const std::int64_t in_longer = longer_ * pairs_of(size_ + 1);
        const bool longer = index < in_longer;
        const std::int64_t per_block = pairs_of(longer ? size_ + 1 : size_);
        const std::int64_t rest = longer ? index : index - in_longer;
        const Pair pair = pair_at(rest % per_block);
        const AgentId base = first(rest / per_block + (longer ? 0 : longer_));
        return {base + pair.low, base + pair.high};
    }

    /// Pairs are ordered by the block of the higher member: bisection finds it.
    Pair between_pair(std::int64_t index) const {
        std::int64_t block = 1;
        for (std::int64_t end = blocks_; end - block > 1;) {
            const std::int64_t middle = (block + end) / 2;
            (between_below(middle) <= index ? block : end) = middle;
        }
        const AgentId base = first(block);
        const std::int64_t rest = index - between_below(block);
        return {rest % base, base + rest / base};
    }

    std::int64_t blocks_;
    std::int64_t size_;
    std::int64_t longer_;
    Trials inside_;
    Trials between_;
};

}  // namespace

std::unique_ptr<Topology> make_erdos_renyi(const Keys& keys) {
    const AgentId agents = keys.agents();
    const double probability = keys.spec.edge_probability;
    const std::int64_t edges = keys.spec.edges;
    const bool by_probability = probability != -1.0;
    const bool by_edges = edges != -1;
    if (by_probability == by_edges) {
        throw keys.error("edge_probability",
                         by_edges ? "give either edge_probability or edges, not both"
                                  : "missing; generator 'erdos-renyi' needs edge_probability or "
                                    "edges");
    }
    if (by_probability) {
        return std::make_unique<ErdosRenyi>(agents,
                                            keys.probability("edge_probability", probability),
                                            keys.survival(), keys.random);
    }
    if (edges < 0 || edges > pairs_of(agents)) {
        throw keys.error("edges", fmt::format("must lie in [0, {}] with {} agents, not {}",
                                              pairs_of(agents), agents, edges));
    }
    return std::make_unique<ErdosRenyiExact>(agents, edges, keys.survival(), keys.random);
}

std::unique_ptr<Topology> make_stochastic_block(const Keys& keys) {
    const AgentId agents = keys.agents();
    const std::int64_t blocks = keys.spec.blocks;
    if (blocks < 1 || blocks > agents) {
        throw keys.error("blocks", fmt::format("must lie in [1, {}], the number of agents, not {}",
                                               agents, blocks));
    }
    const double p_inside = keys.probability("p_inside", keys.spec.p_inside);
    const double p_between = keys.probability("p_between", keys.spec.p_between);
    return std::make_unique<StochasticBlock>(agents, blocks, p_inside, p_between, keys.survival(),
                                             keys.random);
}

}  // namespace motley::topology

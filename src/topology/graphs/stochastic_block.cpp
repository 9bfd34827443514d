// Stochastic block models.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "topology/generators.hpp"
#include "topology/graphs/pair_space.hpp"

namespace motley::topology {
namespace {

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
        expected_arcs_ = std::llround(2.0 * (inside_.expected() + between_.expected()));
    }

    void arcs(std::int64_t chunk, std::int64_t chunks, const ArcSink& sink) const override {
        EdgeBatch batch(sink, survival_);
        inside_.visit(chunk, chunks, [&](std::int64_t index) {
            const AgentPair pair = inside_pair(index);
            batch.add(pair.low, pair.high);
        });
        between_.visit(chunk, chunks, [&](std::int64_t index) {
            const AgentPair pair = between_pair(index);
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

    AgentPair inside_pair(std::int64_t index) const {
        const std::int64_t in_longer = longer_ * pairs_of(size_ + 1);
        const bool longer = index < in_longer;
        const std::int64_t per_block = pairs_of(longer ? size_ + 1 : size_);
        const std::int64_t rest = longer ? index : index - in_longer;
        const AgentPair pair = pair_at(rest % per_block);
        const AgentId base = first(rest / per_block + (longer ? 0 : longer_));
        return {base + pair.low, base + pair.high};
    }

    /// Pairs are ordered by the block of the higher member, so bisection finds that block.
    AgentPair between_pair(std::int64_t index) const {
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

constexpr Parameter parameters_of_stochastic_block[] = {
    integer("blocks", "[1, inf)", "blocks", "number of blocks, of even size", 4),
    number("p_inside", "[0, 1]", "1", "probability of an edge in a block", 0.1),
    number("p_between", "[0, 1]", "1", "probability of an edge across", 0.01),
};

std::unique_ptr<Topology> make_stochastic_block(const Arguments& arguments) {
    const AgentId agents = arguments.agents();
    const std::int64_t blocks = arguments.spec.integer("blocks");
    if (blocks < 1 || blocks > agents) {
        throw arguments.error(
            "blocks",
            fmt::format("must lie in [1, {}], the number of agents, not {}", agents, blocks));
    }
    const double p_inside = arguments.probability("p_inside");
    const double p_between = arguments.probability("p_between");
    return std::make_unique<StochasticBlock>(agents, blocks, p_inside, p_between,
                                             arguments.survival(), arguments.random);
}

}  // namespace

extern const Generator stochastic_block = {
    .name = "stochastic-block",
    .help = "dense blocks, few edges between",
    .keys = "agents! blocks p_inside p_between",
    .parameters = parameters_of_stochastic_block,
    .make = make_stochastic_block,
};

}  // namespace motley::topology

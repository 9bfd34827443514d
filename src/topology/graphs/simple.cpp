// Generators whose rows are a line of arithmetic: isolated, ring, hypercube, complete, star, tree.
#include <fmt/format.h>

#include <algorithm>
#include <bit>

#include "topology/generators.hpp"

namespace motley::topology {
namespace {

void append_range(AgentId begin, AgentId end, std::vector<AgentId>& neighbours) {
    for (AgentId v = begin; v < end; ++v) neighbours.push_back(v);
}

class Isolated final : public RowTopology {
  public:
    Isolated(AgentId agents, double survival) : RowTopology(agents, survival, 0) {}

  private:
    void fill(AgentId, std::vector<AgentId>&) const override {}
};

/// Each agent is linked to the `degree / 2` nearest on both sides.
class Ring final : public RowTopology {
  public:
    Ring(AgentId agents, std::int64_t degree, double survival)
        : RowTopology(agents, survival, agents * degree), reach_(degree / 2) {}

  private:
    void fill(AgentId agent, std::vector<AgentId>& neighbours) const override {
        // degree < agents: at most one of the two sides wraps around.
        const AgentId first = agent - reach_;
        const AgentId last = agent + reach_;
        append_range(0, last - agents_ + 1, neighbours);
        append_range(std::max<AgentId>(first, 0), agent, neighbours);
        append_range(agent + 1, std::min(last + 1, agents_), neighbours);
        append_range(agents_ + std::min<AgentId>(first, 0), agents_, neighbours);
    }

    std::int64_t reach_;
};

/// Agents are linked when their ids differ in one bit.
class Hypercube final : public RowTopology {
  public:
    Hypercube(AgentId agents, double survival)
        : RowTopology(agents, survival, agents * dimensions(agents)) {}

    static int dimensions(AgentId agents) {
        return std::countr_zero(static_cast<std::uint64_t>(agents));
    }

  private:
    void fill(AgentId agent, std::vector<AgentId>& neighbours) const override {
        // Clearing the highest bit gives the least neighbour, setting the highest the greatest.
        const int bits = dimensions(agents_);
        for (int k = bits - 1; k >= 0; --k) {
            if ((agent >> k) & 1) neighbours.push_back(agent ^ (AgentId{1} << k));
        }
        for (int k = 0; k < bits; ++k) {
            if (!((agent >> k) & 1)) neighbours.push_back(agent ^ (AgentId{1} << k));
        }
    }
};

/// Agent 0 is the hub.
class Star final : public RowTopology {
  public:
    Star(AgentId agents, double survival) : RowTopology(agents, survival, 2 * (agents - 1)) {}

  private:
    void fill(AgentId agent, std::vector<AgentId>& neighbours) const override {
        if (agent == 0) {
            append_range(1, agents_, neighbours);
        } else {
            neighbours.push_back(0);
        }
    }
};

/// Numbered like a heap: the children of v are arity v + 1, ..., arity v + arity.
class Tree final : public RowTopology {
  public:
    Tree(AgentId agents, std::int64_t arity, double survival)
        : RowTopology(agents, survival, 2 * (agents - 1)), arity_(arity) {}

  private:
    void fill(AgentId agent, std::vector<AgentId>& neighbours) const override {
        if (agent > 0) neighbours.push_back((agent - 1) / arity_);
        const AgentId child = arity_ * agent + 1;
        append_range(child, std::min(child + arity_, agents_), neighbours);
    }

    std::int64_t arity_;
};

/// All pairs; the simulation never enumerates them, statistics and nested levels may.
class Complete final : public UniformTopology {
  public:
    Complete(AgentId agents, double survival)
        : UniformTopology(agents, survival, agents * (agents - 1)) {}

    Traits traits() const override {
        Traits traits = UniformTopology::traits();
        traits.complete = true;
        return traits;
    }

    void arcs(std::int64_t chunk, std::int64_t chunks, const ArcSink& sink) const override {
        const Range range = chunk_range(agents_, chunk, chunks);
        ArcBatch batch(sink);
        for (AgentId a = range.begin; a < range.end; ++a) {
            for (AgentId b = 0; b < agents_; ++b) {
                if (b != a) batch.add({a, b, 1.0, survival_});
            }
        }
        batch.finish();
    }
};

}  // namespace

std::unique_ptr<Topology> make_isolated(const Keys& keys) {
    return std::make_unique<Isolated>(keys.agents(), keys.survival());
}

std::unique_ptr<Topology> make_ring(const Keys& keys) {
    const AgentId agents = keys.agents();
    return std::make_unique<Ring>(agents, keys.even_degree(agents), keys.survival());
}

std::unique_ptr<Topology> make_hypercube(const Keys& keys) {
    const auto agents = static_cast<std::uint64_t>(keys.agents());
    if (!std::has_single_bit(agents)) {
        throw keys.error(
            "agents", fmt::format("a hypercube needs a power of two; nearest to {} are {} and {}",
                                  agents, std::bit_floor(agents), std::bit_ceil(agents)));
    }
    return std::make_unique<Hypercube>(keys.agents(), keys.survival());
}

std::unique_ptr<Topology> make_star(const Keys& keys) {
    return std::make_unique<Star>(keys.agents(), keys.survival());
}

std::unique_ptr<Topology> make_tree(const Keys& keys) {
    const AgentId agents = keys.agents();
    const std::int64_t arity = keys.spec.arity;
    if (arity < 1) throw keys.error("arity", fmt::format("at least 1, not {}", arity));
    // More children than agents make the same star; the cut keeps arity * agent within 64 bits.
    return std::make_unique<Tree>(agents, std::min(arity, agents), keys.survival());
}

std::unique_ptr<Topology> make_complete(const Keys& keys) {
    return std::make_unique<Complete>(keys.agents(), keys.survival());
}

}  // namespace motley::topology

// Pools: everyone takes the same share of what all make.
#include "topology/generators.hpp"

namespace motley::topology {
namespace {

/// M = J / N: what anyone makes is shared by all, its maker included, without arcs and at once.
class Pool final : public UniformTopology {
  public:
    explicit Pool(AgentId agents) : UniformTopology(agents, 1.0, agents * agents) {}

    Traits traits() const override {
        Traits traits = UniformTopology::traits();
        traits.complete = true;
        traits.pool = true;
        return traits;
    }

    void arcs(std::int64_t chunk, std::int64_t chunks, const ArcSink& sink) const override {
        const ChunkRange range = chunk_range(agents_, chunk, chunks);
        ArcBatch batch(sink);
        for (AgentId a = range.begin; a < range.end; ++a) {
            for (AgentId b = 0; b < agents_; ++b) batch.add({a, b, 1.0, survival_});
        }
        batch.finish();
    }
};

std::unique_ptr<Topology> make_pool(const Arguments& arguments) {
    const AgentId agents = arguments.agents();
    if (arguments.survival() != 1.0) {
        throw arguments.error("survival", "has no meaning in a pool, where nothing is lost");
    }
    return std::make_unique<Pool>(agents);
}

}  // namespace

extern const Generator pool = {
    .name = "pool",
    .help = "everyone takes the same share of what all make, at once and without arcs",
    .keys = "agents!",
    .make = make_pool,
};

}  // namespace motley::topology

// Complete graphs.
#include "topology/generators.hpp"

namespace motley::topology {
namespace {

/// All pairs are linked. The simulation never enumerates them; statistics and nested levels may.
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
        const ChunkRange range = chunk_range(agents_, chunk, chunks);
        ArcBatch batch(sink);
        for (AgentId a = range.begin; a < range.end; ++a) {
            for (AgentId b = 0; b < agents_; ++b) {
                if (b != a) batch.add({a, b, 1.0, survival_});
            }
        }
        batch.finish();
    }
};

std::unique_ptr<Topology> make_complete(const Arguments& arguments) {
    return std::make_unique<Complete>(arguments.agents(), arguments.survival());
}

}  // namespace

extern const Generator complete = {
    .name = "complete",
    .help = "everyone with everyone",
    .keys = "agents!",
    .make = make_complete,
};

}  // namespace motley::topology

// Small worlds: rings, partly rewired.
#include <algorithm>

#include "topology/generators.hpp"

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
        const ChunkRange range = chunk_range(agents_, chunk, chunks);
        EdgeBatch batch(sink, survival_);
        std::vector<AgentId> ends;
        for (AgentId agent = range.begin; agent < range.end; ++agent) {
            choose(agent, ends);
            for (const AgentId end : ends) batch.add(agent, end);
        }
        batch.finish();
    }

  private:
    /// Decides first which links stay, then draws the new ends, which avoid all that stay.
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

constexpr Parameter parameters_of_watts_strogatz[] = {
    number("rewire", "[0, 1]", "1", "probability that an edge is rewired", 0.1),
};

std::unique_ptr<Topology> make_watts_strogatz(const Arguments& arguments) {
    const AgentId agents = arguments.agents();
    return std::make_unique<WattsStrogatz>(agents, arguments.even_degree(agents),
                                           arguments.probability("rewire"), arguments.survival(),
                                           arguments.random);
}

}  // namespace

extern const Generator watts_strogatz = {
    .name = "watts-strogatz",
    .help = "small world: a ring, partly rewired",
    .keys = "agents! degree rewire",
    .parameters = parameters_of_watts_strogatz,
    .make = make_watts_strogatz,
    .drawing = Generator::Drawing::circle,
};

}  // namespace motley::topology

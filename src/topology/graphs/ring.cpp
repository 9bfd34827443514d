// Rings.
#include <algorithm>

#include "topology/generators.hpp"

namespace motley::topology {
namespace {

void append_range(AgentId begin, AgentId end, std::vector<AgentId>& neighbours) {
    for (AgentId v = begin; v < end; ++v) neighbours.push_back(v);
}

/// Each agent is linked to the `degree / 2` nearest agents on either side.
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

constexpr Parameter parameters_of_ring[] = {
    integer("degree", "[1, inf)", "agents",
            "neighbours per agent; barabasi-albert: twice the edges that each new agent brings", 4),
};

std::unique_ptr<Topology> make_ring(const Arguments& arguments) {
    const AgentId agents = arguments.agents();
    return std::make_unique<Ring>(agents, arguments.even_degree(agents), arguments.survival());
}

}  // namespace

extern const Generator ring = {
    .name = "ring",
    .help = "linked to the degree/2 nearest on both sides",
    .keys = "agents! degree",
    .parameters = parameters_of_ring,
    .make = make_ring,
    .drawing = Generator::Drawing::circle,
};

}  // namespace motley::topology

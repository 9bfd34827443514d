// Stars.
#include "topology/generators.hpp"

namespace motley::topology {
namespace {

/// Agent 0 is the hub.
class Star final : public RowTopology {
  public:
    Star(AgentId agents, double survival) : RowTopology(agents, survival, 2 * (agents - 1)) {}

  private:
    void fill(AgentId agent, std::vector<AgentId>& neighbours) const override {
        if (agent == 0) {
            for (AgentId v = 1; v < agents_; ++v) neighbours.push_back(v);
        } else {
            neighbours.push_back(0);
        }
    }
};

std::unique_ptr<Topology> make_star(const Arguments& arguments) {
    return std::make_unique<Star>(arguments.agents(), arguments.survival());
}

}  // namespace

extern const Generator star = {
    .name = "star",
    .help = "everyone with agent 0",
    .keys = "agents!",
    .make = make_star,
};

}  // namespace motley::topology

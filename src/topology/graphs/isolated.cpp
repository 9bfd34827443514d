// Agents without edges.
#include "topology/generators.hpp"

namespace motley::topology {
namespace {

class Isolated final : public RowTopology {
  public:
    Isolated(AgentId agents, double survival) : RowTopology(agents, survival, 0) {}

  private:
    void fill(AgentId, std::vector<AgentId>&) const override {}
};

std::unique_ptr<Topology> make_isolated(const Arguments& arguments) {
    return std::make_unique<Isolated>(arguments.agents(), arguments.survival());
}

}  // namespace

extern const Generator isolated = {
    .name = "isolated",
    .help = "no edges",
    .keys = "agents!",
    .make = make_isolated,
};

}  // namespace motley::topology

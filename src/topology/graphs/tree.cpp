// Balanced trees.
#include <fmt/format.h>

#include <algorithm>

#include "topology/generators.hpp"

namespace motley::topology {
namespace {

/// Agents are numbered like a heap: the children of v are arity v + 1, ..., arity v + arity.
class Tree final : public RowTopology {
  public:
    Tree(AgentId agents, std::int64_t arity, double survival)
        : RowTopology(agents, survival, 2 * (agents - 1)), arity_(arity) {}

  private:
    void fill(AgentId agent, std::vector<AgentId>& neighbours) const override {
        if (agent > 0) neighbours.push_back((agent - 1) / arity_);
        const AgentId child = arity_ * agent + 1;
        for (AgentId v = child; v < std::min(child + arity_, agents_); ++v) neighbours.push_back(v);
    }

    std::int64_t arity_;
};

constexpr Parameter parameters_of_tree[] = {
    integer("arity", "[1, inf)", "agents",
            "tree: children of a parent; fat-tree: k, ports of a switch, even", 2),
};

std::unique_ptr<Topology> make_tree(const Arguments& arguments) {
    const AgentId agents = arguments.agents();
    const std::int64_t arity = arguments.spec.integer("arity");
    if (arity < 1) throw arguments.error("arity", fmt::format("at least 1, not {}", arity));
    // An arity above the number of agents gives the same star; the limit keeps arity * agent within
    // 64 bits.
    return std::make_unique<Tree>(agents, std::min(arity, agents), arguments.survival());
}

}  // namespace

extern const Generator tree = {
    .name = "tree",
    .help = "balanced tree",
    .keys = "agents! arity",
    .parameters = parameters_of_tree,
    .make = make_tree,
};

}  // namespace motley::topology

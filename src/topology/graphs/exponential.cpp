// Exponential graphs.
#include <algorithm>

#include "topology/generators.hpp"

namespace motley::topology {
namespace {

/// Agent i is linked to i +- 2^j modulo the number of agents, for all 2^j below it: the static
/// exponential graph of decentralised learning (Ying et al. 2021, arXiv:2110.13363), undirected.
class Exponential final : public RowTopology {
  public:
    Exponential(AgentId agents, double survival)
        : RowTopology(agents, survival, agents * degree(agents)) {}

  private:
    /// Distances 2^j and agents - 2^j, distinct.
    static void append_distances(AgentId agents, std::vector<AgentId>& distances) {
        for (AgentId step = 1; step < agents; step *= 2) {
            distances.push_back(step);
            distances.push_back(agents - step);
        }
        sort_distinct(distances, agents);
    }
    static std::int64_t degree(AgentId agents) {
        std::vector<AgentId> distances;
        append_distances(agents, distances);
        return std::ssize(distances);
    }

    void fill(AgentId agent, std::vector<AgentId>& neighbours) const override {
        append_distances(agents_, neighbours);
        for (AgentId& other : neighbours) other = (agent + other) % agents_;
        std::ranges::sort(neighbours);
    }
};

std::unique_ptr<Topology> make_exponential(const Arguments& arguments) {
    return std::make_unique<Exponential>(arguments.agents(), arguments.survival());
}

}  // namespace

extern const Generator exponential = {
    .name = "exponential",
    .help = "linked where ids are a power of two apart, around a ring",
    .keys = "agents!",
    .make = make_exponential,
};

}  // namespace motley::topology

// Hypercubes.
#include <fmt/format.h>

#include <bit>

#include "topology/generators.hpp"

namespace motley::topology {
namespace {

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

std::unique_ptr<Topology> make_hypercube(const Arguments& arguments) {
    const auto agents = static_cast<std::uint64_t>(arguments.agents());
    if (!std::has_single_bit(agents)) {
        throw arguments.error(
            "agents", fmt::format("a hypercube needs a power of two; nearest to {} are {} and {}",
                                  agents, std::bit_floor(agents), std::bit_ceil(agents)));
    }
    return std::make_unique<Hypercube>(arguments.agents(), arguments.survival());
}

}  // namespace

extern const Generator hypercube = {
    .name = "hypercube",
    .help = "linked where ids differ in one bit; agents is a power of two",
    .keys = "agents!",
    .make = make_hypercube,
};

}  // namespace motley::topology

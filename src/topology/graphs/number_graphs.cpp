// Graphs by the arithmetic of agent numbers: de Bruijn and exponential.
#include <fmt/format.h>

#include <algorithm>

#include "topology/generators.hpp"

namespace motley::topology {
namespace {

void sort_distinct(std::vector<AgentId>& neighbours, AgentId without) {
    std::ranges::sort(neighbours);
    const auto same = std::ranges::unique(neighbours);
    neighbours.erase(same.begin(), same.end());
    std::erase(neighbours, without);
}

/// Words of `length` letters out of `base`, linked where one is the other shifted by a letter (de
/// Bruijn 1946; as an interconnect Pradhan, Reddy 1982, IEEE Transactions on Computers 31,
/// 863-870). Directions, loops (words of one letter) and double links (words of two letters in
/// turn) are dropped.
class DeBruijn final : public RowTopology {
  public:
    DeBruijn(AgentId agents, std::int64_t base, double survival)
        : RowTopology(agents, survival, 2 * (agents * base - base - base * (base - 1) / 2)),
          base_(base) {}

  private:
    void fill(AgentId agent, std::vector<AgentId>& neighbours) const override {
        const AgentId suffixes = agents_ / base_;
        for (std::int64_t letter = 0; letter < base_; ++letter) {
            neighbours.push_back(agent % suffixes * base_ + letter);
            neighbours.push_back(letter * suffixes + agent / base_);
        }
        sort_distinct(neighbours, agent);
    }

    std::int64_t base_;
};

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

}  // namespace

std::unique_ptr<Topology> make_de_bruijn(const Keys& keys) {
    const std::int64_t base = keys.count("base", keys.spec.base, 2);
    const std::int64_t length = keys.count("length", keys.spec.length, 1);
    AgentId agents = 1;
    for (std::int64_t k = 0; k < length && agents <= most_agents; ++k) {
        agents = capped_product(agents, base);
    }
    keys.sized("length", fmt::format("{} with base {}", length, base), agents);
    return std::make_unique<DeBruijn>(agents, base, keys.survival());
}

std::unique_ptr<Topology> make_exponential(const Keys& keys) {
    return std::make_unique<Exponential>(keys.agents(), keys.survival());
}

}  // namespace motley::topology

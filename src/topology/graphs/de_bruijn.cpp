// De Bruijn graphs.
#include <fmt/format.h>

#include <algorithm>

#include "topology/generators.hpp"

namespace motley::topology {
namespace {

/// The vertices are words of `length` letters out of `base`; two are linked where one is the other
/// shifted by a letter (de Bruijn 1946; as an interconnect Pradhan, Reddy 1982, IEEE Transactions
/// on Computers 31, 863-870). Directions and loops (words that repeat one
/// letter) are dropped; double links (words in which two letters alternate) count once.
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

constexpr Parameter parameters_of_de_bruijn[] = {
    integer("base", "[2, inf)", "letters", "size of the alphabet", 2),
    integer("length", "[1, inf)", "letters", "length of a word; there are base^length agents"),
};

std::unique_ptr<Topology> make_de_bruijn(const Arguments& arguments) {
    const std::int64_t base = arguments.count("base", 2);
    const std::int64_t length = arguments.count("length", 1);
    AgentId agents = 1;
    for (std::int64_t k = 0; k < length && agents <= most_agents; ++k) {
        agents = capped_product(agents, base);
    }
    arguments.sized("length", fmt::format("{} with base {}", length, base), agents);
    return std::make_unique<DeBruijn>(agents, base, arguments.survival());
}

}  // namespace

extern const Generator de_bruijn = {
    .name = "de-bruijn",
    .help = "words, linked where one is the other shifted",
    .keys = "base length! agents",
    .parameters = parameters_of_de_bruijn,
    .make = make_de_bruijn,
};

}  // namespace motley::topology

// Kleinberg's navigable small world.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "topology/generators.hpp"

namespace motley::topology {
namespace {

constexpr std::int64_t most_contacts = 1 << 20;  // all arcs can still be counted in 64 bits

/// Distances on a ring of `side` places.
class RingSteps {
  public:
    explicit RingSteps(std::int64_t side) : side_(side), farthest_(side / 2) {}

    std::int64_t farthest() const { return farthest_; }
    /// Places at this distance from a given one.
    std::int64_t places(std::int64_t distance) const {
        return distance == 0 || 2 * distance == side_ ? 1 : 2;
    }
    std::int64_t distance(std::int64_t from, std::int64_t to) const {
        const std::int64_t apart = std::abs(from - to);
        return std::min(apart, side_ - apart);
    }

  private:
    std::int64_t side_;
    std::int64_t farthest_;
};

/// The vertices at one distance from a given vertex on a square torus, in the order of their
/// distance `along` the first side.
class Shell {
  public:
    Shell(const RingSteps& steps, std::int64_t distance)
        : steps_(steps),
          distance_(distance),
          first_(std::max<std::int64_t>(0, distance - steps.farthest())),
          last_(std::min(distance, steps.farthest())) {}

    /// Along either side, only the first and the last distance can be 0 or half of the side.
    std::int64_t size() const {
        if (first_ == last_) return at(first_);
        return at(first_) + 4 * (last_ - first_ - 1) + at(last_);
    }

    struct Displacement {
        std::int64_t along = 0;
        std::int64_t across = 0;
    };
    /// The signed steps that lead from the given vertex to vertex number `index`.
    Displacement step(std::int64_t index) const {
        std::int64_t along = first_;
        if (index >= at(first_)) {
            index -= at(first_);
            along = std::min(first_ + 1 + index / 4, last_);
            index -= 4 * (along - first_ - 1);
        }
        const std::int64_t across = distance_ - along;
        const std::int64_t ways = steps_.places(along);
        return {index % ways == 0 ? along : -along, index / ways == 0 ? across : -across};
    }

  private:
    std::int64_t at(std::int64_t along) const {
        return steps_.places(along) * steps_.places(distance_ - along);
    }

    const RingSteps& steps_;
    std::int64_t distance_;
    std::int64_t first_;
    std::int64_t last_;
};

/// The model of Kleinberg 2000, doi:10.1145/335305.335325, without borders: a square torus on which
/// every vertex makes `contacts` independent draws of another vertex, with probability proportional
/// to (distance in steps) ^ -exponent. Contacts that coincide with each other or with a neighbour
/// collapse to one link.
class Kleinberg final : public UniformTopology {
  public:
    Kleinberg(std::int64_t side, std::int64_t contacts, double exponent, double survival,
              RandomKey random)
        : UniformTopology(side * side, survival, 2 * side * side * (2 + contacts)),
          side_(side),
          contacts_(contacts),
          steps_(side),
          random_(random) {
        double sum = 0.0;
        for (std::int64_t distance = 1; distance <= 2 * steps_.farthest(); ++distance) {
            sum += static_cast<double>(Shell(steps_, distance).size()) *
                   std::pow(static_cast<double>(distance), -exponent);
            up_to_.push_back(sum);
        }
    }

    void arcs(std::int64_t chunk, std::int64_t chunks, const ArcSink& sink) const override {
        const ChunkRange range = chunk_range(agents_, chunk, chunks);
        EdgeBatch batch(sink, survival_);
        for (AgentId agent = range.begin; agent < range.end; ++agent) {
            batch.add(agent, moved(agent, {0, 1}));
            batch.add(agent, moved(agent, {1, 0}));
            for (std::int64_t k = 0; k < contacts_; ++k) batch.add(agent, contact(agent, k));
        }
        batch.finish();
    }

    /// The length is the distance in steps.
    Link link(AgentId a, AgentId b) const override {
        const std::int64_t steps =
            steps_.distance(a / side_, b / side_) + steps_.distance(a % side_, b % side_);
        return {1.0, static_cast<double>(steps)};
    }

  private:
    AgentId moved(AgentId agent, Shell::Displacement step) const {
        const std::int64_t row = (agent / side_ + step.along + side_) % side_;
        const std::int64_t column = (agent % side_ + step.across + side_) % side_;
        return row * side_ + column;
    }

    AgentId contact(AgentId agent, std::int64_t number) const {
        const Random random = random_.at(static_cast<std::uint64_t>(agent));
        const auto draw = static_cast<std::uint32_t>(2 * number);
        const auto found = std::ranges::upper_bound(up_to_, random.uniform(draw) * up_to_.back());
        const std::int64_t index =
            std::min<std::int64_t>(found - up_to_.begin(), std::ssize(up_to_) - 1);
        const Shell shell(steps_, index + 1);
        const auto size = static_cast<std::uint64_t>(shell.size());
        return moved(agent, shell.step(static_cast<std::int64_t>(random.below(size, draw + 1))));
    }

    std::int64_t side_;
    std::int64_t contacts_;
    RingSteps steps_;
    RandomKey random_;
    std::vector<double> up_to_;  ///< summed weights of all shells up to distance index + 1
};

constexpr Parameter parameters_of_kleinberg[] = {
    integer("side", "[3, inf)", "agents", "side of the square torus"),
    integer("contacts", "[0, 1048576]", "agents", "number of contacts that each agent draws", 1),
    number("exponent", "[0, inf)", "1", "contacts are drawn with probability ~ distance^-exponent",
           2),
};

std::unique_ptr<Topology> make_kleinberg(const Arguments& arguments) {
    const std::int64_t side = arguments.count("side", 3);
    const AgentId agents =
        arguments.sized("side", std::to_string(side), capped_product(side, side));
    const std::int64_t contacts =
        arguments.count("contacts", 0, std::min(agents - 1, most_contacts));
    const double exponent = arguments.spec.number("exponent");
    if (!(exponent >= 0.0 && std::isfinite(exponent))) {
        throw arguments.error("exponent", fmt::format("at least 0, not {}", exponent));
    }
    return std::make_unique<Kleinberg>(side, contacts, exponent, arguments.survival(),
                                       arguments.random);
}

}  // namespace

extern const Generator kleinberg = {
    .name = "kleinberg",
    .help = "torus with contacts drawn by distance",
    .keys = "side! contacts exponent agents",
    .parameters = parameters_of_kleinberg,
    .make = make_kleinberg,
};

}  // namespace motley::topology

// Grids and tori in one to three dimensions, with von Neumann's or Moore's neighbourhood.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "topology/generators.hpp"

namespace motley::topology {
namespace {

constexpr int most_dimensions = 3;

/// Sides, outermost first; a lattice of fewer dimensions has leading sides of 1, which add nothing.
using Shape = std::array<AgentId, most_dimensions>;

/// The sorted distinct coordinates within one step along one side, the own one included.
struct Near {
    std::array<AgentId, 3> value;
    int count = 0;

    void add(AgentId coordinate) { value[static_cast<std::size_t>(count++)] = coordinate; }
    const AgentId* begin() const { return value.data(); }
    const AgentId* end() const { return value.data() + count; }
};

Near near(AgentId x, AgentId side, bool wrap) {
    Near near;
    // On a side of 1 or 2 the wrapped neighbours coincide with those at hand.
    wrap = wrap && side > 2;
    if (wrap && x == side - 1) near.add(0);
    if (x > 0) near.add(x - 1);
    near.add(x);
    if (x < side - 1) near.add(x + 1);
    if (wrap && x == 0) near.add(side - 1);
    return near;
}

std::int64_t near_pairs(AgentId side, bool wrap) {
    return wrap && side > 2 ? 3 * side : 3 * side - 2;
}

AgentId product(const Shape& shape) {
    return shape[0] * shape[1] * shape[2];
}

std::int64_t count_arcs(const Shape& shape, bool wrap, Neighbourhood neighbourhood) {
    const AgentId agents = product(shape);
    std::int64_t moore = 1;
    std::int64_t von_neumann = 0;
    for (const AgentId side : shape) {
        const std::int64_t pairs = near_pairs(side, wrap);
        moore *= pairs;
        von_neumann += (pairs - side) * (agents / side);
    }
    return neighbourhood == Neighbourhood::moore ? moore - agents : von_neumann;
}

class Lattice final : public RowTopology {
  public:
    Lattice(const Shape& shape, bool wrap, Neighbourhood neighbourhood, double survival)
        : RowTopology(product(shape), survival, count_arcs(shape, wrap, neighbourhood)),
          shape_(shape),
          wrap_(wrap),
          moore_(neighbourhood == Neighbourhood::moore) {}

  private:
    void fill(AgentId agent, std::vector<AgentId>& neighbours) const override {
        const AgentId z = agent % shape_[2];
        const AgentId line = agent / shape_[2];
        const AgentId y = line % shape_[1];
        const AgentId x = line / shape_[1];
        const Near nx = near(x, shape_[0], wrap_);
        const Near ny = near(y, shape_[1], wrap_);
        const Near nz = near(z, shape_[2], wrap_);
        if (moore_) {
            fill_moore(agent, nx, ny, nz, neighbours);
        } else {
            fill_von_neumann(agent, {x, y, z}, {nx, ny, nz}, neighbours);
        }
    }

    /// The product of sorted lists in mixed radix is sorted.
    void fill_moore(AgentId agent, const Near& nx, const Near& ny, const Near& nz,
                    std::vector<AgentId>& neighbours) const {
        for (const AgentId x : nx) {
            for (const AgentId y : ny) {
                const AgentId line = (x * shape_[1] + y) * shape_[2];
                for (const AgentId z : nz) {
                    if (line + z != agent) neighbours.push_back(line + z);
                }
            }
        }
    }

    /// A step along an outer side changes the id by more than any step along an inner one: steps
    /// down come outermost first, then steps up innermost first.
    void fill_von_neumann(AgentId agent, const std::array<AgentId, 3>& place,
                          const std::array<Near, 3>& nears,
                          std::vector<AgentId>& neighbours) const {
        const std::array<AgentId, 3> strides = {shape_[1] * shape_[2], shape_[2], 1};
        for (std::size_t k = 0; k < 3; ++k) {
            for (const AgentId to : nears[k]) {
                if (to < place[k]) neighbours.push_back(agent + (to - place[k]) * strides[k]);
            }
        }
        for (std::size_t k = 3; k-- > 0;) {
            for (const AgentId to : nears[k]) {
                if (to > place[k]) neighbours.push_back(agent + (to - place[k]) * strides[k]);
            }
        }
    }

    Shape shape_;
    bool wrap_;
    bool moore_;
};

AgentId power(AgentId side, int dimensions) {
    AgentId result = 1;
    for (int k = 0; k < dimensions; ++k) result *= side;
    return result;
}

Shape shape_of_sides(const Keys& keys) {
    const std::vector<AgentId>& sides = keys.spec.shape;
    if (sides.size() > most_dimensions) {
        throw keys.error("shape",
                         fmt::format("1 to {} sides, not {}", most_dimensions, sides.size()));
    }
    Shape shape = {1, 1, 1};
    std::copy(sides.begin(), sides.end(), shape.end() - static_cast<std::ptrdiff_t>(sides.size()));
    AgentId agents = 1;
    for (const AgentId side : shape) {
        if (side < 1) throw keys.error("shape", fmt::format("every side at least 1, not {}", side));
        if (side > most_agents / agents) {
            throw keys.error("shape", fmt::format("{} has more than {} agents",
                                                  fmt::join(sides, " x "), most_agents));
        }
        agents *= side;
    }
    if (keys.spec.agents != -1 && keys.spec.agents != agents) {
        throw keys.error("agents", fmt::format("{}, but shape {} has {} agents; leave one out",
                                               keys.spec.agents, fmt::join(sides, " x "), agents));
    }
    return shape;
}

Shape shape_of_agents(const Keys& keys) {
    const AgentId agents = keys.agents();
    const int dimensions = keys.spec.dimensions;
    if (dimensions < 1 || dimensions > most_dimensions) {
        throw keys.error("dimensions", fmt::format("1 to {}, not {}", most_dimensions, dimensions));
    }
    auto side =
        static_cast<AgentId>(std::floor(std::pow(static_cast<double>(agents), 1.0 / dimensions)));
    while (side > 1 && power(side, dimensions) > agents) --side;
    while (power(side + 1, dimensions) <= agents) ++side;
    if (power(side, dimensions) != agents) {
        throw keys.error("agents",
                         fmt::format("must be a {} number; nearest to {} are {} and {}, or give "
                                     "shape = [..]",
                                     dimensions == 2 ? "square" : "cube", agents,
                                     power(side, dimensions), power(side + 1, dimensions)));
    }
    Shape shape = {1, 1, 1};
    std::fill(shape.end() - dimensions, shape.end(), side);
    return shape;
}

std::unique_ptr<Topology> make_lattice(const Keys& keys, bool wrap) {
    const Shape shape = keys.spec.shape.empty() ? shape_of_agents(keys) : shape_of_sides(keys);
    return std::make_unique<Lattice>(shape, wrap, keys.spec.neighbourhood, keys.survival());
}

}  // namespace

std::unique_ptr<Topology> make_grid(const Keys& keys) {
    return make_lattice(keys, false);
}

std::unique_ptr<Topology> make_torus(const Keys& keys) {
    return make_lattice(keys, true);
}

}  // namespace motley::topology

// Grids and tori in one to three dimensions, with von Neumann's or Moore's neighbourhood.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "topology/generators.hpp"

namespace motley::topology {
namespace {

constexpr std::size_t most_dimensions = 3;

enum class Neighbourhood { von_neumann, moore };
constexpr const char* neighbourhoods[] = {"von-neumann", "moore"};

/// Sides, outermost first; a lattice of fewer dimensions has leading sides of 1, which add nothing.
using Shape = std::array<AgentId, most_dimensions>;

/// The sorted distinct coordinates within one step along one side; they include the agent's own.
struct Near {
    std::array<AgentId, 3> value;
    int count = 0;

    void add(AgentId coordinate) { value[static_cast<std::size_t>(count++)] = coordinate; }
    const AgentId* begin() const { return value.data(); }
    const AgentId* end() const { return value.data() + count; }
};

Near near(AgentId x, AgentId side, bool wrap) {
    Near near;
    // On a side of 1 or 2 the wrapped neighbours coincide with those found without wrapping.
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

    /// A step along an outer side changes the id by more than any step along an inner side. Sorted
    /// neighbours are therefore first the steps down, outermost side first, then the steps up,
    /// innermost side first.
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

AgentId power(AgentId side, std::int64_t dimensions) {
    AgentId result = 1;
    for (std::int64_t k = 0; k < dimensions; ++k) result *= side;
    return result;
}

Shape shape_of_sides(const Arguments& arguments) {
    const std::vector<AgentId> sides = arguments.spec.integers("shape");
    if (sides.size() > most_dimensions) {
        throw arguments.error("shape",
                              fmt::format("1 to {} sides, not {}", most_dimensions, sides.size()));
    }
    Shape shape = {1, 1, 1};
    std::copy(sides.begin(), sides.end(), shape.end() - static_cast<std::ptrdiff_t>(sides.size()));
    AgentId agents = 1;
    for (const AgentId side : shape) {
        if (side < 1)
            throw arguments.error("shape", fmt::format("every side at least 1, not {}", side));
        if (side > most_agents / agents) {
            throw arguments.error("shape", fmt::format("{} has more than {} agents",
                                                       fmt::join(sides, " x "), most_agents));
        }
        agents *= side;
    }
    if (arguments.spec.agents && *arguments.spec.agents != agents) {
        throw arguments.error("agents",
                              fmt::format("{}, but shape {} has {} agents; leave one out",
                                          *arguments.spec.agents, fmt::join(sides, " x "), agents));
    }
    return shape;
}

Shape shape_of_agents(const Arguments& arguments) {
    const AgentId agents = arguments.agents();
    const std::int64_t dimensions = arguments.spec.integer("dimensions");
    if (dimensions < 1 || dimensions > std::int64_t{most_dimensions}) {
        throw arguments.error("dimensions",
                              fmt::format("1 to {}, not {}", most_dimensions, dimensions));
    }
    auto side = static_cast<AgentId>(
        std::floor(std::pow(static_cast<double>(agents), 1.0 / static_cast<double>(dimensions))));
    while (side > 1 && power(side, dimensions) > agents) --side;
    while (power(side + 1, dimensions) <= agents) ++side;
    if (power(side, dimensions) != agents) {
        throw arguments.error(
            "agents", fmt::format("must be a {} number; nearest to {} are {} and {}, or give "
                                  "shape = [..]",
                                  dimensions == 2 ? "square" : "cube", agents,
                                  power(side, dimensions), power(side + 1, dimensions)));
    }
    Shape shape = {1, 1, 1};
    std::fill(shape.end() - dimensions, shape.end(), side);
    return shape;
}

/// Checks the keys of a job that concern the sides, before a topology is made.
std::vector<KeyFault> check_sides(const Spec& spec) {
    std::vector<KeyFault> faults;
    if (!spec.has("shape")) return faults;
    const std::vector<std::int64_t> sides = spec.integers("shape");
    if (sides.size() > most_dimensions) {
        faults.push_back({"shape", fmt::format("has {} sides; 1 to {} are possible", sides.size(),
                                               most_dimensions)});
    }
    // A resolved job states the default of dimensions also where shape is given.
    const std::int64_t dimensions = spec.integer("dimensions");
    if (dimensions != Spec().integer("dimensions") && dimensions != std::ssize(sides)) {
        faults.push_back({"dimensions", fmt::format("is {}, but shape has {} sides; leave it out",
                                                    dimensions, sides.size())});
    }
    std::int64_t agents = 1;
    for (const std::int64_t side : sides) agents = capped_product(agents, side);
    if (spec.agents && *spec.agents != agents) {
        faults.push_back({"agents", fmt::format("is {}, but shape says otherwise; leave one out",
                                                *spec.agents)});
    }
    return faults;
}

Shape shape_of(const Arguments& arguments) {
    return arguments.spec.has("shape") ? shape_of_sides(arguments) : shape_of_agents(arguments);
}

std::unique_ptr<Topology> make_lattice(const Arguments& arguments, bool wrap) {
    const auto neighbourhood = arguments.spec.word("neighbourhood") == "moore"
                                   ? Neighbourhood::moore
                                   : Neighbourhood::von_neumann;
    return std::make_unique<Lattice>(shape_of(arguments), wrap, neighbourhood,
                                     arguments.survival());
}

/// Cells 1 apart, in the order of the ids: along x, then down y, then down z.
std::vector<Place> places_of_cells(const Arguments& arguments) {
    const Shape shape = shape_of(arguments);
    std::vector<Place> places;
    for (AgentId agent = 0; agent < product(shape); ++agent) {
        const AgentId line = agent / shape[2];
        places.push_back({static_cast<double>(agent % shape[2]),
                          static_cast<double>(-(line % shape[1])),
                          static_cast<double>(-(line / shape[1]))});
    }
    return places;
}

constexpr Parameter parameters_of_lattice[] = {
    integers("shape", "[1, 2147483648]", "agents",
             "length of each side: of a lattice, in place of agents and dimensions; of the box of "
             "switches (hyperx)"),
    integer("dimensions", "[1, 3]", "1", "number of sides of equal length", 2),
    word("neighbourhood", neighbourhoods,
         "neighbours along the sides only, or along diagonals too"),
};

std::unique_ptr<Topology> make_grid(const Arguments& arguments) {
    return make_lattice(arguments, false);
}

std::unique_ptr<Topology> make_torus(const Arguments& arguments) {
    return make_lattice(arguments, true);
}

}  // namespace

extern const Generator grid = {
    .name = "grid",
    .help = "lattice with borders; agents is a square or cube number",
    .keys = "agents/shape! dimensions neighbourhood",
    .parameters = parameters_of_lattice,
    .make = make_grid,
    .check = check_sides,
    .drawing = Generator::Drawing::rows,
    .places = places_of_cells,
};

extern const Generator torus = {
    .name = "torus",
    .help = "lattice without borders; agents is a square or cube number",
    .keys = "agents/shape! dimensions neighbourhood",
    .make = make_torus,
    .check = check_sides,
    .places = places_of_cells,
};

}  // namespace motley::topology

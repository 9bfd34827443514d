// Random geometric graphs: points of the unit square, linked where they are near.
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

#include "topology/generators.hpp"

namespace motley::topology {
namespace {

struct PlanePoint {
    double x = 0.0;
    double y = 0.0;
};

double squared_distance(const PlanePoint& a, const PlanePoint& b) {
    return (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y);
}

/// Independent uniform points, numbered by the cells of a grid with 2^levels cells a side; the
/// cells follow each other in Morton's order. Repeated halving of the square determines how many
/// points each cell has: the count of a half is binomial with 1/2, drawn as the number of ones
/// among as many random bits as there are points. Any rank draws the points of any cell alone (as
/// Funke et al. 2018, doi:10.1109/IPDPS.2018.00043).
class CellGrid {
  public:
    CellGrid(AgentId points, int levels, RandomKey random) : levels_(levels), random_(random) {
        std::vector<std::int64_t> counts = {points};
        for (int halving = 0; halving < 2 * levels; ++halving) counts = halved(counts);
        first_.push_back(0);
        for (const std::int64_t count : counts) first_.push_back(first_.back() + count);
    }

    std::int64_t cells_per_side() const { return std::int64_t{1} << levels_; }

    struct GridCell {
        std::int64_t column = 0;
        std::int64_t row = 0;
    };
    GridCell cell_of(AgentId point) const {
        const auto index = std::ranges::upper_bound(first_, point) - first_.begin() - 1;
        GridCell cell;
        for (int bit = 0; bit < levels_; ++bit) {
            cell.column |= (index >> (2 * bit) & 1) << bit;
            cell.row |= (index >> (2 * bit + 1) & 1) << bit;
        }
        return cell;
    }

    ChunkRange points_of(const GridCell& cell) const {
        std::size_t index = 0;
        for (int bit = 0; bit < levels_; ++bit) {
            index |= static_cast<std::size_t>(cell.column >> bit & 1) << (2 * bit);
            index |= static_cast<std::size_t>(cell.row >> bit & 1) << (2 * bit + 1);
        }
        return {first_[index], first_[index + 1]};
    }

    /// Place of `point`, which lies in `cell`.
    PlanePoint place(AgentId point, const GridCell& cell) const {
        const Random random = random_.at(static_cast<std::uint64_t>(point));
        const double width = 1.0 / static_cast<double>(cells_per_side());
        return {(static_cast<double>(cell.column) + random.uniform(0)) * width,
                (static_cast<double>(cell.row) + random.uniform(1)) * width};
    }

  private:
    /// The ids of the random numbers for halvings start here; those for points lie below.
    static constexpr std::uint64_t halvings = std::uint64_t{1} << 40;

    std::vector<std::int64_t> halved(const std::vector<std::int64_t>& counts) const {
        std::vector<std::int64_t> halves;
        halves.reserve(2 * counts.size());
        for (std::size_t i = 0; i < counts.size(); ++i) {
            const Random random = random_.at(halvings + counts.size() + i);
            std::int64_t ones = 0;
            std::uint32_t word = 0;
            for (std::int64_t left = counts[i]; left > 0; left -= 64) {
                const std::uint64_t bits = random.bits(word++);
                ones += std::popcount(left >= 64 ? bits : bits >> (64 - left));
            }
            halves.push_back(ones);
            halves.push_back(counts[i] - ones);
        }
        return halves;
    }

    int levels_;
    RandomKey random_;
    std::vector<std::int64_t> first_;  ///< first point of each cell, then the number of points
};

/// Points not farther apart than `radius` are linked (Gilbert 1961, doi:10.1137/0109045); cells are
/// as wide as the radius or wider, so that neighbours lie in adjacent ones.
class RandomGeometric final : public RowTopology {
  public:
    RandomGeometric(AgentId agents, double radius, double mean_degree, double survival,
                    RandomKey random)
        : RowTopology(agents, survival, std::llround(mean_degree * static_cast<double>(agents))),
          squared_radius_(radius * radius),
          grid_(agents, levels(agents, radius), random) {}

    /// The length is the distance; the sides of the square have length 1.
    Link link(AgentId a, AgentId b) const override {
        return {1.0, std::sqrt(squared_distance(place(a), place(b)))};
    }

    PlanePoint place(AgentId agent) const { return grid_.place(agent, grid_.cell_of(agent)); }

  private:
    /// The cells have at least two points on average; at most 4^11 cells make a table of 32 MB.
    static int levels(AgentId agents, double radius) {
        int levels = 0;
        while (levels < 11 && radius <= std::ldexp(1.0, -levels - 1) &&
               AgentId{2} << (2 * levels + 2) <= agents) {
            ++levels;
        }
        return levels;
    }

    void fill(AgentId agent, std::vector<AgentId>& neighbours) const override {
        const CellGrid::GridCell own = grid_.cell_of(agent);
        const PlanePoint here = grid_.place(agent, own);
        const std::int64_t last = grid_.cells_per_side() - 1;
        for (auto row = std::max<std::int64_t>(own.row - 1, 0); row <= std::min(own.row + 1, last);
             ++row) {
            for (auto column = std::max<std::int64_t>(own.column - 1, 0);
                 column <= std::min(own.column + 1, last); ++column) {
                append_near(agent, here, {column, row}, neighbours);
            }
        }
        std::ranges::sort(neighbours);
    }

    void append_near(AgentId agent, const PlanePoint& here, const CellGrid::GridCell& cell,
                     std::vector<AgentId>& neighbours) const {
        const ChunkRange points = grid_.points_of(cell);
        for (AgentId other = points.begin; other < points.end; ++other) {
            if (other == agent) continue;
            if (squared_distance(here, grid_.place(other, cell)) <= squared_radius_) {
                neighbours.push_back(other);
            }
        }
    }

    double squared_radius_;
    CellGrid grid_;
};

/// Probability that two uniform points of the unit square are at most `r` <= 1 apart (Ghosh 1951,
/// Bulletin of the Calcutta Mathematical Society 43, 17-24).
double probability_near(double r) {
    return r * r * (std::numbers::pi - 8.0 / 3.0 * r + r * r / 2.0);
}

/// The radius <= 1 that gives this probability, exact to the last bit.
double radius_of(double probability) {
    double low = 0.0;
    double high = 1.0;
    for (double middle = 0.5; low < middle && middle < high; middle = (low + high) / 2.0) {
        (probability_near(middle) < probability ? low : high) = middle;
    }
    return high;
}

double checked_radius(const Arguments& arguments, AgentId agents) {
    const bool by_radius = arguments.spec.has("radius");
    if (by_radius == arguments.spec.has("mean_degree")) {
        throw arguments.error("radius", !by_radius ? "missing; generator 'random-geometric' needs "
                                                     "radius or mean_degree"
                                                   : "give either radius or mean_degree, not both");
    }
    if (by_radius) {
        const double radius = arguments.spec.number("radius");
        if (!(radius > 0.0 && radius <= 1.0)) {
            throw arguments.error("radius", fmt::format("must lie in (0, 1], not {}", radius));
        }
        return radius;
    }
    const double degree = arguments.spec.number("mean_degree");
    const double most = probability_near(1.0) * static_cast<double>(agents - 1);
    if (!(degree > 0.0 && degree <= most)) {
        throw arguments.error("mean_degree",
                              fmt::format("must lie in (0, {:.6g}] with {} agents, not "
                                          "{}",
                                          most, agents, degree));
    }
    return radius_of(degree / static_cast<double>(agents - 1));
}

constexpr Parameter parameters_of_random_geometric[] = {
    number("radius", "(0, 1]", "side of the square",
           "points that are not farther apart are linked"),
    number("mean_degree", "(0, inf)", "agents",
           "expected number of neighbours, in place of radius"),
};

std::unique_ptr<RandomGeometric> make_points(const Arguments& arguments) {
    const AgentId agents = arguments.agents();
    const double radius = checked_radius(arguments, agents);
    const double mean_degree = probability_near(radius) * static_cast<double>(agents - 1);
    return std::make_unique<RandomGeometric>(agents, radius, mean_degree, arguments.survival(),
                                             arguments.random);
}

std::unique_ptr<Topology> make_random_geometric(const Arguments& arguments) {
    return make_points(arguments);
}

std::vector<Place> places_of_points(const Arguments& arguments) {
    const auto points = make_points(arguments);
    std::vector<Place> places;
    for (AgentId agent = 0; agent < points->agents(); ++agent) {
        const PlanePoint point = points->place(agent);
        places.push_back({point.x, point.y, 0.0});
    }
    return places;
}

}  // namespace

extern const Generator random_geometric = {
    .name = "random-geometric",
    .help = "points of a square, linked if near",
    .keys = "agents! radius|mean_degree!",
    .parameters = parameters_of_random_geometric,
    .make = make_random_geometric,
    .places = places_of_points,
};

}  // namespace motley::topology

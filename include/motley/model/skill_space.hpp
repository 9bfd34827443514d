// Agents and demands as distributions over a space of skills, of which the tasks are points.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "motley/core/ids.hpp"

namespace motley::model {

/// A part of a demand that is spread over the space.
struct Bump {
    std::vector<double> centre{0.5};  ///< x, and y in a square, in [0, 1]
    double breadth = 0.1;             ///< standard deviation, in sides of the space
    double weight = 1.0;              ///< its share is its weight over the sum of all
};

struct SkillSpace {
    enum class Shape {
        line,    ///< task k at (k + 1/2) / K
        circle,  ///< of circumference 1, task k at k / K
        square   ///< m^2 tasks, task k at ((k mod m) + 1/2, floor(k / m) + 1/2) / m
    };
    /// Where the agents have their centres.
    enum class Centres {
        same,    ///< all at one place
        random,  ///< drawn evenly over the space
        even,    ///< evenly spread by id
        groups   ///< evenly spread within each group
    };
};

/// x and y in [0, 1]; y is 0 on lines and circles.
using SkillPoint = std::array<double, 2>;

/// The place of a task; the tasks of a square are m^2.
SkillPoint place_of_task(SkillSpace::Shape shape, std::int64_t task, std::int64_t tasks);
/// The centre of agent number `index` of `count` that are evenly spread: on lines and circles
/// (index + 1/2) / count; in squares a lattice with the golden ratio.
SkillPoint even_centre(SkillSpace::Shape shape, std::int64_t index, std::int64_t count);
/// Adds `weight` times a bump exp(-d^2 / (2 breadth^2)) over the distances d from `centre` to the
/// tasks, scaled so that the bump sums to 1: the area does not depend on centre and breadth.
void add_bump(SkillSpace::Shape shape, const SkillPoint& centre, double breadth, double weight,
              std::vector<double>& row);

}  // namespace motley::model

#include "motley/model/skill_space.hpp"

#include <algorithm>
#include <cmath>

namespace motley::model {
namespace {

/// The side of a square of tasks.
std::int64_t side_of(std::int64_t tasks) {
    return std::llround(std::sqrt(static_cast<double>(tasks)));
}

double squared_distance(SkillSpace::Shape shape, const SkillPoint& a, const SkillPoint& b) {
    double x = std::abs(a[0] - b[0]);
    if (shape == SkillSpace::Shape::circle) x = std::min(x, 1.0 - x);
    const double y = a[1] - b[1];
    return x * x + y * y;
}

}  // namespace

SkillPoint place_of_task(SkillSpace::Shape shape, std::int64_t task, std::int64_t tasks) {
    const auto k = static_cast<double>(task), count = static_cast<double>(tasks);
    if (shape == SkillSpace::Shape::circle) return {k / count, 0.0};
    if (shape == SkillSpace::Shape::line) return {(k + 0.5) / count, 0.0};
    const std::int64_t side = side_of(tasks);
    const auto width = static_cast<double>(side);
    return {(static_cast<double>(task % side) + 0.5) / width,
            (static_cast<double>(task / side) + 0.5) / width};
}

SkillPoint even_centre(SkillSpace::Shape shape, std::int64_t index, std::int64_t count) {
    const double x = (static_cast<double>(index) + 0.5) / static_cast<double>(count);
    if (shape != SkillSpace::Shape::square) return {x, 0.0};
    constexpr double golden = 0.6180339887498949;
    const double turns = golden * (static_cast<double>(index) + 0.5);
    return {x, turns - std::floor(turns)};
}

void add_bump(SkillSpace::Shape shape, const SkillPoint& centre, double breadth, double weight,
              std::vector<double>& row) {
    const auto tasks = static_cast<std::int64_t>(row.size());
    std::vector<double> squares;
    for (std::int64_t k = 0; k < tasks; ++k) {
        squares.push_back(squared_distance(shape, place_of_task(shape, k, tasks), centre));
    }
    // The nearest task has the exponent 0, so that a narrow bump between two tasks does not vanish.
    const double nearest = *std::ranges::min_element(squares);
    double sum = 0.0;
    for (double& square : squares) {
        square = std::exp(-0.5 * (square - nearest) / (breadth * breadth));
        sum += square;
    }
    for (std::size_t k = 0; k < row.size(); ++k) row[k] += weight * squares[k] / sum;
}

}  // namespace motley::model

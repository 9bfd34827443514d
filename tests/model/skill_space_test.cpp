// Agents and demands over a space of skills: areas, symmetry and limits by closed forms.
#include "motley/model/skill_space.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "motley/model/state.hpp"

namespace motley::model {
namespace {

using Shape = SkillSpace::Shape;

std::vector<double> rows_of(const Distribution& distribution, std::int64_t agents,
                            std::int64_t tasks, bool shares = false) {
    std::vector<AgentId> ids(static_cast<std::size_t>(agents));
    std::iota(ids.begin(), ids.end(), AgentId{0});
    std::vector<double> rows(ids.size() * static_cast<std::size_t>(tasks));
    fill_rows<double>(distribution,
                      {.seed = 3,
                       .ids = ids,
                       .agents = agents,
                       .tasks = tasks,
                       .width = static_cast<int>(tasks),
                       .shares = shares},
                      rows.data());
    return rows;
}

Distribution skills(Shape space, SkillSpace::Centres centres, double breadth) {
    Distribution out{.kind = Distribution::Kind::skill};
    out.space = space;
    out.centres = centres;
    out.breadth = breadth;
    out.centre = {0.4, 0.7};
    out.groups = 3;
    return out;
}

TEST(SkillSpace, EveryAgentHasTheSameArea) {
    using Centres = SkillSpace::Centres;
    for (const Shape space : {Shape::line, Shape::circle, Shape::square}) {
        for (const Centres each :
             {Centres::same, Centres::random, Centres::even, Centres::groups}) {
            for (const double breadth : {1e-4, 0.05, 0.3, 1e9}) {
                Distribution distribution = skills(space, each, breadth);
                const auto rows = rows_of(distribution, 11, 25);
                for (std::size_t i = 0; i < 11; ++i) {
                    const double* row = rows.data() + 25 * i;
                    EXPECT_NEAR(std::accumulate(row, row + 25, 0.0), 25.0, 1e-12);
                    if (breadth < 1.0) continue;
                    for (int k = 0; k < 25; ++k) EXPECT_NEAR(row[k], 1.0, 1e-12);  // generalists
                }
            }
        }
    }
}

TEST(SkillSpace, BumpsAreGaussianInTheDistance) {
    // On a circle of 8 tasks the tasks 1 and 7 are as far from task 0 as 1 / 8.
    std::vector<double> row(8, 0.0);
    add_bump(Shape::circle, {0.0, 0.0}, 0.25, 2.0, row);
    EXPECT_NEAR(std::accumulate(row.begin(), row.end(), 0.0), 2.0, 1e-14);
    EXPECT_EQ(row[1], row[7]);
    EXPECT_NEAR(std::log(row[0] / row[1]), 0.5 * std::pow(0.125 / 0.25, 2), 1e-14);
    EXPECT_NEAR(std::log(row[0] / row[4]), 0.5 * std::pow(0.5 / 0.25, 2), 1e-14);
    // In a square of 3 x 3 the corners are sqrt(2) / 3 from the middle, the sides 1 / 3.
    std::vector<double> square(9, 0.0);
    add_bump(Shape::square, {0.5, 0.5}, 0.2, 1.0, square);
    EXPECT_NEAR(std::log(square[4] / square[0]), 0.5 * 2.0 / 9.0 / 0.04, 1e-13);
    EXPECT_NEAR(std::log(square[4] / square[1]), 0.5 / 9.0 / 0.04, 1e-13);
}

TEST(SkillSpace, EvenCentresCoverTheSpace) {
    Distribution distribution = skills(Shape::line, SkillSpace::Centres::even, 1e-3);
    const auto rows = rows_of(distribution, 6, 6);
    for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(rows[6 * i + i], 6.0, 1e-12);
    distribution.centres = SkillSpace::Centres::groups;  // two agents in each of three groups
    const auto grouped = rows_of(distribution, 6, 2);
    for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(grouped[2 * i + i % 2], 2.0, 1e-12);
    distribution.centres = SkillSpace::Centres::random;
    const auto drawn = rows_of(distribution, 4000, 4);
    for (std::size_t k = 0; k < 4; ++k) {
        double here = 0.0;
        for (std::size_t i = 0; i < 4000; ++i) here += drawn[4 * i + k] > 2.0 ? 1.0 : 0.0;
        EXPECT_NEAR(here / 4000.0, 0.25, 4.0 * std::sqrt(0.25 * 0.75 / 4000.0));
    }
}

TEST(SkillSpace, DemandsAreSumsOfBumps) {
    Distribution demand = skills(Shape::line, SkillSpace::Centres::even, 0.1);
    demand.bumps = {{{0.25}, 1e-3, 3.0}, {{0.75}, 1e-3, 1.0}};
    EXPECT_TRUE(is_common(demand));
    const auto row = rows_of(demand, 1, 2, true);
    EXPECT_NEAR(row[0], 0.75, 1e-15);
    EXPECT_NEAR(row[1], 0.25, 1e-15);
    demand.bumps.clear();
    EXPECT_FALSE(is_common(demand));  // each agent needs what is near its centre
}

}  // namespace
}  // namespace motley::model

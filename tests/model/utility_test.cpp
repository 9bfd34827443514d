// The scalar utility and the growth of resources against their formulas.
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "motley/model/growth.hpp"
#include "motley/model/step_rows.hpp"

namespace motley::test {
namespace {

double ces(const std::array<double, 3>& c, const std::array<double, 3>& d, double elasticity) {
    return model::utility(c.data(), d.data(), 3, elasticity);
}

TEST(Utility, IsTheConstantWhenEveryRatioIsTheSame) {
    const std::array<double, 3> demand{0.2, 0.3, 0.5}, twice{0.4, 0.6, 1.0};
    for (const double elasticity : {0.05, 0.5, 1.0, 2.0, 100.0}) {
        EXPECT_NEAR(ces(twice, demand, elasticity), 2.0, 1e-14) << elasticity;
    }
}

TEST(Utility, IsTheWeightedMeanOfItsOrder) {
    const std::array<double, 3> demand{0.2, 0.3, 0.5}, c{0.1, 0.6, 1.0};  // ratios 0.5, 2, 2
    EXPECT_NEAR(ces(c, demand, 1.0), std::pow(0.5, 0.2) * std::pow(2.0, 0.8), 1e-14);
    EXPECT_NEAR(ces(c, demand, 0.5), 1.0 / (0.2 / 0.5 + 0.8 / 2.0), 1e-14);
    EXPECT_NEAR(ces(c, demand, 2.0), std::pow(0.2 * std::sqrt(0.5) + 0.8 * std::sqrt(2.0), 2.0),
                1e-14);
}

TEST(Utility, TasksWithoutDemandAreAbsent) {
    const std::array<double, 3> demand{0.5, 0.0, 0.5};
    for (const double elasticity : {0.05, 1.0, 3.0}) {
        EXPECT_EQ(ces({1.0, 0.0, 2.0}, demand, elasticity),
                  ces({1.0, 7.0, 2.0}, demand, elasticity));
    }
}

TEST(Utility, VanishesWithoutBeingInfiniteOrNotANumber) {
    const std::array<double, 3> demand{0.2, 0.3, 0.5};
    for (const double elasticity : {0.05, 0.5, 1.0}) {
        const double u = ces({0.0, 1.0, 1.0}, demand, elasticity);
        EXPECT_TRUE(std::isfinite(u)) << elasticity;
        EXPECT_LT(u, elasticity < 1.0 ? 1e-290 : 1e-60) << elasticity;
    }
    EXPECT_EQ(ces({0.0, 0.0, 0.0}, demand, 0.5) < 1e-290, true);
}

TEST(Growth, FollowsTheReplicatorEquation) {
    model::State<double> state;
    state.resource = Buffer<double>(3);
    state.resource[0] = 1.0;
    state.resource[1] = 2.0;
    state.resource[2] = 3.0;
    const std::array<double, 3> reward{1.0, 2.0, 1e9}, mean{2.0, 2.0, 2.0};
    model::grow<double>(0.1, reward, mean, state);
    EXPECT_NEAR(state.resource[0], std::exp(-0.05), 1e-15);
    EXPECT_EQ(state.resource[1], 2.0);
    EXPECT_NEAR(state.resource[2], 3.0 * std::exp(4.0), 1e-12) << "the drive is limited to 4";
}

TEST(Growth, KeepsResourcesAboveExtinctionAndAloneWithoutIncome) {
    model::State<float> state;
    state.resource = Buffer<float>(2);
    state.resource[0] = 1e-30F;
    state.resource[1] = 1.0F;
    const std::array<double, 2> reward{0.0, 0.0}, mean{1.0, 0.0};
    for (int step = 0; step < 100; ++step) model::grow<float>(4.0, reward, mean, state);
    EXPECT_GT(state.resource[0], 0.0F);
    EXPECT_EQ(state.resource[1], 1.0F) << "nobody around earns anything";
}

}  // namespace
}  // namespace motley::test

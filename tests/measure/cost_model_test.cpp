// Costs per unit against a grid search, and known cases.
#include "motley/measure/cost_model.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "motley/core/random.hpp"

namespace motley::measure {
namespace {

TEST(CostModelTest, FindsTheCostsThatMadeTheTimes) {
    std::vector<CostSample> samples;
    for (const double a : {1e3, 1e4, 1e5}) {
        for (const double b : {0.0, 2e3, 5e5}) samples.push_back({a, b, 3e-8 * a + 2e-9 * b});
    }
    const Costs costs = fit_costs(samples);
    EXPECT_NEAR(costs.per_first, 3e-8, 1e-18);
    EXPECT_NEAR(costs.per_second, 2e-9, 1e-19);
    EXPECT_NEAR(costs.residual, 0.0, 1e-7);
    EXPECT_NEAR(costs.predict(10, 20), 3.4e-7, 1e-15);
}

TEST(CostModelTest, NoCostIsNegativeAndTheErrorIsTheLeast) {
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        const Random random(seed, Stream::test, 0);
        std::vector<CostSample> samples;
        for (std::uint32_t i = 0; i < 6; ++i) {
            samples.push_back({random.uniform(3 * i), random.uniform(3 * i + 1),
                               0.2 + random.uniform(3 * i + 2)});
        }
        const auto error = [&](double p, double q) {
            double sum = 0.0;
            for (const auto& s : samples) {
                sum += std::pow((p * s.first + q * s.second) / s.seconds - 1.0, 2);
            }
            return sum;
        };
        const Costs costs = fit_costs(samples);
        EXPECT_GE(costs.per_first, 0.0);
        EXPECT_GE(costs.per_second, 0.0);
        double least = INFINITY;
        for (int i = 0; i <= 300; ++i) {
            for (int j = 0; j <= 300; ++j) least = std::min(least, error(0.01 * i, 0.01 * j));
        }
        const double found = error(costs.per_first, costs.per_second);
        EXPECT_LE(found, least + 1e-12);
        EXPECT_NEAR(costs.residual, std::sqrt(found / 6.0), 1e-9);
    }
}

TEST(CostModelTest, WhatCannotBeToldApartGoesToOne) {
    const std::vector<CostSample> samples = {{1, 8, 2}, {2, 16, 4}, {5, 40, 10}};
    const Costs costs = fit_costs(samples);
    EXPECT_NEAR(costs.predict(3, 24), 6.0, 1e-12);
    EXPECT_TRUE(costs.per_first == 0.0 || costs.per_second == 0.0);
    EXPECT_EQ(fit_costs({}).predict(1, 1), 0.0);
    const std::vector<CostSample> nothing = {{1, 1, 0.0}};
    EXPECT_EQ(fit_costs(nothing).per_first, 0.0);
}

TEST(CostModelTest, AConstantIsFoundWhereThereIsOne) {
    std::vector<CostSample> samples;
    for (const double messages : {1.0, 4.0, 16.0, 64.0}) {
        for (const double bytes : {64.0, 4096.0, 65536.0}) {
            samples.push_back({messages, bytes, 1.2e-6 + 0.8e-6 * messages + 4e-11 * bytes});
        }
    }
    const Costs costs = fit_costs_with_constant(samples);
    EXPECT_NEAR(costs.constant, 1.2e-6, 1e-15);
    EXPECT_NEAR(costs.per_first, 0.8e-6, 1e-15);
    EXPECT_NEAR(costs.per_second, 4e-11, 1e-19);
    EXPECT_NEAR(costs.predict(2, 100), 2.8e-6 + 4e-9, 1e-15);
    EXPECT_GT(fit_costs(samples).residual, 0.05);
    // Messages that are always one cannot be told from a constant: they are the messages'.
    const std::vector<CostSample> single = {{1, 64, 3e-6}, {1, 1e6, 5e-6}, {1, 4e6, 11e-6}};
    EXPECT_EQ(fit_costs_with_constant(single).constant, 0.0);
    EXPECT_EQ(fit_costs_with_constant(single).per_first, fit_costs(single).per_first);
    EXPECT_EQ(fit_costs_with_constant({}).predict(1, 1), 0.0);
}

TEST(CostModelTest, BytesCostWhatIsLongerThanTheWorkBehindWhichTheyTravel) {
    const StepWork work{.compute = 10.0, .interior = 4.0, .messages = 1.0, .way = 3.0};
    EXPECT_DOUBLE_EQ(work.seconds(0.0), 14.0);
    EXPECT_DOUBLE_EQ(work.seconds(0.5), 12.0);
    EXPECT_DOUBLE_EQ(work.seconds(1.0), 11.0);  // no less than work and messages
    const StepWork border{.compute = 12.0, .interior = 0.0, .messages = 0.0, .way = 0.5};
    const std::vector<StepWork> both = {work, border};
    EXPECT_DOUBLE_EQ(step_seconds(both, 1.0), 12.5);
    EXPECT_EQ(step_seconds({}, 1.0), 0.0);
}

TEST(CostModelTest, TheOverlapThatMadeTheTimesIsFound) {
    const auto samples_of = [](double overlap) {
        std::vector<OverlapSample> samples;
        for (const double size : {1.0, 3.0, 10.0}) {
            const std::vector<StepWork> ranks = {
                {.compute = size, .interior = 0.8 * size, .messages = 0.1, .way = 0.9 * size},
                {.compute = size, .interior = 0.7 * size, .messages = 0.1, .way = 0.9 * size}};
            samples.push_back({ranks, step_seconds(ranks, overlap)});
        }
        return samples;
    };
    for (const double overlap : {0.0, 0.37, 1.0}) {
        EXPECT_DOUBLE_EQ(fit_overlap(samples_of(overlap)), overlap);
    }
    // A step that is slower than everything after another hides nothing.
    auto slow = samples_of(0.0);
    for (auto& sample : slow) sample.seconds *= 1.5;
    EXPECT_EQ(fit_overlap(slow), 0.0);
    EXPECT_EQ(fit_overlap({}), 0.0);
    slow.front().seconds = 0.0;
    EXPECT_EQ(fit_overlap(std::vector<OverlapSample>{slow.front()}), 0.0);
}

}  // namespace
}  // namespace motley::measure

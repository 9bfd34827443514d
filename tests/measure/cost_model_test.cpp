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
        for (const double b : {0.0, 2e3, 5e5}) samples.push_back({{a, b}, 3e-8 * a + 2e-9 * b});
    }
    const Costs costs = fit_costs(samples);
    EXPECT_NEAR(costs.per_unit[0], 3e-8, 1e-18);
    EXPECT_NEAR(costs.per_unit[1], 2e-9, 1e-19);
    EXPECT_NEAR(costs.residual, 0.0, 1e-7);
    EXPECT_NEAR(costs.predict({10, 20}), 3.4e-7, 1e-15);
}

TEST(CostModelTest, NoCostIsNegativeAndTheErrorIsTheLeast) {
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        const Random random(seed, Stream::test, 0);
        std::vector<CostSample> samples;
        for (std::uint32_t i = 0; i < 6; ++i) {
            samples.push_back({{random.uniform(3 * i), random.uniform(3 * i + 1)},
                               0.2 + random.uniform(3 * i + 2)});
        }
        const auto error = [&](double p, double q) {
            double sum = 0.0;
            for (const auto& s : samples) {
                sum += std::pow((p * s.units[0] + q * s.units[1]) / s.seconds - 1.0, 2);
            }
            return sum;
        };
        const Costs costs = fit_costs(samples);
        EXPECT_GE(costs.per_unit[0], 0.0);
        EXPECT_GE(costs.per_unit[1], 0.0);
        double least = INFINITY;
        for (int i = 0; i <= 300; ++i) {
            for (int j = 0; j <= 300; ++j) least = std::min(least, error(0.01 * i, 0.01 * j));
        }
        const double found = error(costs.per_unit[0], costs.per_unit[1]);
        EXPECT_LE(found, least + 1e-12);
        EXPECT_NEAR(costs.residual, std::sqrt(found / 6.0), 1e-9);
    }
}

TEST(CostModelTest, WhatCannotBeToldApartGoesToOne) {
    const std::vector<CostSample> samples = {{{1, 8}, 2}, {{2, 16}, 4}, {{5, 40}, 10}};
    const Costs costs = fit_costs(samples);
    EXPECT_NEAR(costs.predict({3, 24}), 6.0, 1e-12);
    EXPECT_TRUE(costs.per_unit[0] == 0.0 || costs.per_unit[1] == 0.0);
    EXPECT_EQ(fit_costs({}).predict({1, 1}), 0.0);
    const std::vector<CostSample> nothing = {{{1, 1}, 0.0}};
    EXPECT_EQ(fit_costs(nothing).per_unit[0], 0.0);
}

/// Exchanges of some messages, bytes, and up to eight times as many that leave the node.
std::vector<ExchangeSample> exchanges(const ExchangeCosts& costs) {
    std::vector<ExchangeSample> samples;
    for (const double messages : {1.0, 7.0, 63.0}) {
        for (const double bytes : {64.0, 4096.0, 262144.0}) {
            for (const double leaving : {0.0, bytes, 8.0 * bytes}) {
                const RankLoad load{.messages = messages, .bytes = bytes, .leaving = leaving};
                samples.push_back({load, costs.seconds(load)});
            }
        }
    }
    return samples;
}

TEST(CostModelTest, TheWayGoesOnWhileTheProcessorWorksOnOtherMessages) {
    const ExchangeCosts costs{.message = 0.5, .byte = 0.25, .leaving = 0.125, .constant = 2.0};
    EXPECT_DOUBLE_EQ(costs.seconds({.messages = 1, .bytes = 4}), 0.5 + 1.0 + 2.0);
    EXPECT_DOUBLE_EQ(costs.seconds({.messages = 1, .bytes = 4, .leaving = 8}), 1.5 + 2.0 + 1.0);
    EXPECT_DOUBLE_EQ(costs.seconds({.messages = 3, .bytes = 4, .leaving = 8}), 2.5 + 3.0 - 1.0);
    EXPECT_DOUBLE_EQ(costs.seconds({.messages = 21, .bytes = 4, .leaving = 8}), 10.5 + 1.0);
    EXPECT_EQ(costs.seconds({}), 0.0);
}

TEST(CostModelTest, TheCostsOfExchangesAreFound) {
    const ExchangeCosts costs{
        .message = 0.8e-6, .byte = 1.4e-10, .leaving = 4e-11, .constant = 1.2e-6};
    const auto samples = exchanges(costs);
    const ExchangeCosts found = fit_exchange(samples);
    EXPECT_NEAR(found.message, costs.message, 1e-14);
    EXPECT_NEAR(found.byte, costs.byte, 1e-18);
    EXPECT_NEAR(found.leaving, costs.leaving, 1e-18);
    EXPECT_NEAR(found.constant, costs.constant, 1e-14);
    EXPECT_NEAR(found.residual, 0.0, 1e-6);
    const double predicted = found.seconds({.messages = 2, .bytes = 100, .leaving = 1e5});
    EXPECT_NEAR(predicted, 0.8e-6 + 1.4e-8 + 1.2e-6 + 4e-6 + 0.8e-6 - 0.8e-6, 1e-13);
}

TEST(CostModelTest, TheSlowerLinkIsTheWay) {
    const ExchangeCosts costs{
        .message = 0.5, .byte = 0.25, .leaving = 0.125, .constant = 2.0, .crossing = 1.0};
    const RankLoad within = {.messages = 3, .bytes = 4, .leaving = 80};
    RankLoad across = within;
    across.crossing = 9;  // 9 s against 10
    EXPECT_DOUBLE_EQ(costs.way(across), costs.way(within));
    across.crossing = 12;
    EXPECT_DOUBLE_EQ(costs.way(across), costs.way(within) + 2.0);
}

TEST(CostModelTest, CostsAreFoundWhereIslandsAreTheLimit) {
    const ExchangeCosts costs{.message = 0.8e-6,
                              .byte = 1.4e-10,
                              .leaving = 4e-11,
                              .constant = 1.2e-6,
                              .crossing = 1e-10};
    auto samples = exchanges(costs);
    const std::size_t count = samples.size();
    for (std::size_t i = 0; i < count; ++i) {
        for (const double part : {0.1, 2.0}) {
            RankLoad load = samples[i].load;
            load.crossing = part * load.leaving;
            samples.push_back({load, costs.seconds(load)});
        }
    }
    const ExchangeCosts found = fit_exchange(samples, costs.crossing);
    EXPECT_NEAR(found.message, costs.message, 1e-14);
    EXPECT_NEAR(found.byte, costs.byte, 1e-18);
    EXPECT_NEAR(found.leaving, costs.leaving, 1e-18);
    EXPECT_NEAR(found.constant, costs.constant, 1e-14);
    EXPECT_EQ(found.crossing, costs.crossing);
    // Without knowing of them the link of the node would have to take the blame.
    EXPECT_GT(fit_exchange(samples).residual, 0.1);
}

TEST(CostModelTest, CostsOfExchangesThatNothingTellsApart) {
    // Messages that are always one cannot be told from a constant: they are the messages'.
    const std::vector<ExchangeSample> single = {{{.messages = 1, .bytes = 64}, 3e-6},
                                                {{.messages = 1, .bytes = 1e6}, 5e-6},
                                                {{.messages = 1, .bytes = 4e6}, 11e-6}};
    EXPECT_EQ(fit_exchange(single).constant, 0.0);
    EXPECT_GT(fit_exchange(single).message, 2e-6);
    EXPECT_EQ(fit_exchange(single).leaving, 0.0);
    // What leaves and what is sent are the same: the bytes have the cost.
    std::vector<ExchangeSample> all_leave;
    for (const double bytes : {1e3, 1e5, 1e7}) {
        all_leave.push_back(
            {{.messages = 1, .bytes = bytes, .leaving = 8.0 * bytes}, 1e-6 + 3e-10 * bytes});
    }
    EXPECT_NEAR(fit_exchange(all_leave).byte, 3e-10, 1e-18);
    EXPECT_EQ(fit_exchange(all_leave).leaving, 0.0);
    EXPECT_EQ(fit_exchange({}).seconds({.messages = 1, .bytes = 1}), 0.0);
    const std::vector<ExchangeSample> nothing = {{{.messages = 1}, 0.0}, {{.bytes = 1}, 1.0}};
    EXPECT_EQ(fit_exchange(nothing).seconds({.messages = 1, .bytes = 1}), 0.0);
}

TEST(CostModelTest, NoCostsOfNoisyExchangesAreMuchBetterThanThoseFound) {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const Random random(seed, Stream::test, 1);
        auto samples = exchanges({.message = 0.8, .byte = 1e-4, .leaving = 5e-5, .constant = 2.0});
        for (std::size_t i = 0; i < samples.size(); ++i) {
            samples[i].seconds *= 0.7 + 0.6 * random.uniform(static_cast<std::uint32_t>(i));
        }
        const auto error = [&](const ExchangeCosts& costs) {
            double sum = 0.0;
            for (const auto& s : samples) {
                sum += std::pow(costs.seconds(s.load) / s.seconds - 1.0, 2);
            }
            return sum;
        };
        const ExchangeCosts found = fit_exchange(samples);
        double least = INFINITY;
        for (double message = 0.4; message < 1.3; message += 0.1) {
            for (double byte = 0.0; byte < 2.1e-4; byte += 2e-5) {
                for (double leaving = 0.0; leaving < 1.1e-4; leaving += 1e-5) {
                    for (double constant = 0.0; constant < 4.1; constant += 0.5) {
                        least = std::min(least, error({message, byte, leaving, constant}));
                    }
                }
            }
        }
        EXPECT_LE(error(found), 1.02 * least);
        EXPECT_NEAR(found.residual, std::sqrt(error(found) / static_cast<double>(samples.size())),
                    1e-9);
    }
}

TEST(CostModelTest, AStepIsWorkMessagesAndWhatOfTheirWayIsLonger) {
    CostModel model;
    model.compute.per_unit = {2.0, 0.5};
    model.exchange = {.message = 3.0, .byte = 0.25, .leaving = 0.125, .constant = 1.0};
    const StepWork work = model.work(
        {.agents = 10, .interior = 4, .arcs = 40, .messages = 2, .bytes = 16, .leaving = 800});
    EXPECT_DOUBLE_EQ(work.compute, 40.0);
    EXPECT_DOUBLE_EQ(work.interior, 16.0);
    EXPECT_DOUBLE_EQ(work.messages, 10.0);
    EXPECT_DOUBLE_EQ(work.way, 98.0);
    EXPECT_DOUBLE_EQ(work.seconds(0.0), 148.0);
    EXPECT_DOUBLE_EQ(work.seconds(0.5), 140.0);
    // A rank that sends nothing waits for nobody.
    EXPECT_DOUBLE_EQ(model.work({.agents = 10, .arcs = 40}).seconds(0.0), 40.0);
    EXPECT_EQ(model.work({}).seconds(1.0), 0.0);
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

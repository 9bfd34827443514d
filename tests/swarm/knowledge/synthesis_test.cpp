// Operators against closed forms and the prototypes, by many draws.
#include "motley/swarm/knowledge/synthesis.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "motley/core/random.hpp"
#include "motley/swarm/knowledge/theory.hpp"

namespace motley::swarm {
namespace {

struct Setting {
    int packets = 1;
    double heterogeneity = 0.0;
    double false_share = 0.0;
    double shift = 0.0;
    double deviation = 1.0;
};

/// Mean squared error of the opinion of the last site, which is honest, and its mean error.
struct Errors {
    double squared = 0.0, bias = 0.0, claimed = 0.0;
};

Errors errors_of(const SynthesisSpec& spec, const Setting& setting, int draws) {
    Errors errors;
    std::vector<Packet> packets(static_cast<std::size_t>(setting.packets));
    const int liars = static_cast<int>(std::lround(setting.false_share * setting.packets));
    for (int d = 0; d < draws; ++d) {
        const Random random(17, Stream::test, static_cast<std::uint64_t>(d));
        double truth = 0.0;
        for (int i = 0; i < setting.packets; ++i) {
            const auto draw = static_cast<std::uint32_t>(2 * i);
            const bool lies = i < liars;
            truth = std::sqrt(setting.heterogeneity) * random.normal(draw);
            const double mean = lies ? setting.shift + 0.1 * random.normal(draw + 1)
                                     : truth + setting.deviation * random.normal(draw + 1);
            packets[static_cast<std::size_t>(i)] = {static_cast<std::uint32_t>(i), mean,
                                                    1.0 / (setting.deviation * setting.deviation)};
        }
        const Summary summary = summarise(spec, setting.heterogeneity, packets);
        const Opinion opinion = opinion_of(spec, packets.back(), summary);
        errors.squared += (opinion.mean - truth) * (opinion.mean - truth) / draws;
        errors.bias += (opinion.mean - truth) / draws;
        errors.claimed += opinion.variance / draws;
    }
    return errors;
}

TEST(Synthesis, T12_ShrinkageReachesTheBestLinearError) {
    for (const double between : {0.0, 0.1, 0.5, 1.0, 2.0}) {
        for (const int packets : {1, 2, 4, 16, 64}) {
            const Errors best = errors_of({}, {packets, between}, 20000);
            const double expected = shrunk_error(1.0, between, packets);
            EXPECT_NEAR(best.squared, expected, 0.04 * expected) << between << " " << packets;
            EXPECT_NEAR(best.claimed, expected, 1e-9) << between << " " << packets;
        }
    }
}

TEST(Synthesis, T12_PoolingWithoutShrinkageHarmsWhereSitesDifferMoreThanTheyErr) {
    SynthesisSpec pooled;
    pooled.op = Operator::mean;
    for (const double between : {0.5, 0.9, 1.1, 2.0}) {
        for (const int packets : {4, 16}) {
            const double error = errors_of(pooled, {packets, between}, 40000).squared;
            EXPECT_NEAR(error, pooled_error(1.0, between, packets), 0.03 * error);
            EXPECT_EQ(error > 1.0, between > 1.0) << between << " " << packets;
        }
    }
}

TEST(Synthesis, AnEstimatedHeterogeneityCostsWhatThePrototypeSays) {
    SynthesisSpec estimated;
    estimated.variance = Variance::dersimonian_laird;
    const std::array<int, 3> packets = {4, 16, 64};
    const std::array<double, 3> expected = {0.382, 0.106, 0.029};
    for (std::size_t i = 0; i < packets.size(); ++i) {
        EXPECT_NEAR(errors_of(estimated, {packets[i], 0.0}, 20000).squared, expected[i],
                    0.04 * expected[i]);
    }
}

TEST(Synthesis, BothEstimatorsFindTheHeterogeneityOfManySites) {
    std::vector<Packet> packets(20000);
    for (std::uint32_t i = 0; i < packets.size(); ++i) {
        const Random random(5, Stream::test, i);
        const double variance = 0.5 + random.uniform(3);
        packets[i] = {i, std::sqrt(2.0) * random.normal(0) + std::sqrt(variance) * random.normal(1),
                      1.0 / variance};
    }
    EXPECT_NEAR(dersimonian_laird(packets), 2.0, 0.1);
    EXPECT_NEAR(paule_mandel(packets), 2.0, 0.1);
    // With equal weights both are the sample variance less the variance of a packet.
    std::vector<Packet> equal = {{0, 1.0, 2.0}, {1, 4.0, 2.0}, {2, -2.0, 2.0}};
    EXPECT_NEAR(dersimonian_laird(equal), 9.0 - 0.5, 1e-9);
    EXPECT_NEAR(paule_mandel(equal), 9.0 - 0.5, 1e-9);
}

TEST(Synthesis, T16_TheMedianIsShiftedAsTheClosedFormSays) {
    EXPECT_NEAR(median_shift(0.1), 0.140, 5e-4);
    EXPECT_NEAR(median_shift(0.2), 0.319, 5e-4);
    EXPECT_NEAR(median_shift(0.3), 0.566, 5e-4);
    EXPECT_NEAR(median_shift(0.4), 0.967, 5e-4);
    SynthesisSpec median;
    median.op = Operator::median;
    for (const double share : {0.1, 0.3, 0.4}) {
        const Errors errors = errors_of(median, {1000, 0.0, share, 1e3, 1.5}, 200);
        EXPECT_NEAR(errors.bias, 1.5 * median_shift(share), 0.02 * 1.5) << share;
    }
}

TEST(Synthesis, T16_RejectionSwitchesOffAtOneOverOnePlusKSquared) {
    for (const double sigmas : {3.0, 5.0}) {
        SynthesisSpec spec;
        spec.op = Operator::rejection;
        spec.sigmas = sigmas;
        const auto rejected = [&](double share) {
            std::vector<Packet> packets(1000);
            std::vector<std::uint8_t> kept(1000);
            const auto liars = static_cast<std::uint32_t>(share * 1000);
            for (std::uint32_t i = 0; i < 1000; ++i) {
                packets[i] = {i, i < liars ? 50.0 : Random(9, Stream::test, i).normal(0), 1.0};
            }
            summarise(spec, 0.0, packets, kept);
            return std::count(kept.begin(), kept.begin() + liars, 0) / static_cast<double>(liars);
        };
        const double limit = rejection_limit(sigmas);
        EXPECT_EQ(rejected(limit - 0.01), 1.0) << sigmas;
        EXPECT_EQ(rejected(limit + 0.01), 0.0) << sigmas;
    }
}

TEST(Synthesis, NoOperatorWinsEverywhere) {
    // m = 50, 30 % liars, shift 10 (far) and 2 (hidden): the numbers of the prototype.
    struct Row {
        Operator op;
        double far, hidden, tolerance;
    };
    for (const Row& row : {Row{Operator::mean, 9.0, 0.38, 0.05},
                           {Operator::rejection, 9.0, 0.38, 0.05},
                           {Operator::trimmed, 4.2, 0.51, 0.1},
                           {Operator::median, 0.37, 0.37, 0.1},
                           {Operator::krum, 0.037, 1.3, 0.25}}) {
        SynthesisSpec spec;
        spec.op = row.op;
        spec.assumed = 0.3;
        EXPECT_NEAR(errors_of(spec, {50, 0.0, 0.3, 10.0}, 2000).squared, row.far,
                    row.tolerance * row.far);
        EXPECT_NEAR(errors_of(spec, {50, 0.0, 0.3, 2.0}, 2000).squared, row.hidden,
                    row.tolerance * row.hidden);
    }
}

/// The definition, in every pair.
double slow_krum(const std::vector<Packet>& packets, std::size_t near) {
    double best = 0.0, least = -1.0;
    std::vector<Packet> sorted = packets;
    std::ranges::sort(sorted, {}, &Packet::mean);
    for (const Packet& one : sorted) {
        std::vector<double> distances;
        for (const Packet& other : sorted) {
            distances.push_back((one.mean - other.mean) * (one.mean - other.mean));
        }
        std::ranges::sort(distances);
        double sum = 0.0;
        for (std::size_t i = 1; i <= near; ++i) sum += distances[i];
        if (least < 0.0 || sum < least) {
            least = sum;
            best = one.mean;
        }
    }
    return best;
}

TEST(Synthesis, KrumIsThatOfTheDefinition) {
    SynthesisSpec krum;
    krum.op = Operator::krum;
    krum.assumed = 0.25;
    for (std::uint64_t draw = 0; draw < 50; ++draw) {
        std::vector<Packet> packets(3 + draw);
        for (std::uint32_t i = 0; i < packets.size(); ++i) {
            packets[i] = {i, Random(draw, Stream::test, i).normal(0), 1.0};
        }
        const auto count = static_cast<std::int64_t>(packets.size());
        const std::int64_t near = std::max<std::int64_t>(1, count - count / 4 - 2);
        EXPECT_DOUBLE_EQ(summarise(krum, 0.0, packets).centre,
                         slow_krum(packets, static_cast<std::size_t>(near)));
    }
}

TEST(Synthesis, PacketsBeyondTheRangeAreLeftOut) {
    SynthesisSpec spec;
    spec.range = 10.0;
    const std::vector<Packet> packets = {
        {0, 1.0, 1.0}, {1, 1e6, 1.0}, {2, 3.0, 1.0}, {3, NAN, 1.0}};
    std::vector<std::uint8_t> kept(4);
    const Summary summary = summarise(spec, 0.0, packets, kept);
    EXPECT_EQ(summary.used, 2);
    EXPECT_EQ(summary.packets, 4);
    EXPECT_DOUBLE_EQ(summary.centre, 2.0);
    EXPECT_EQ(kept, (std::vector<std::uint8_t>{1, 0, 1, 0}));
}

TEST(Synthesis, ASiteWithoutObservationsTakesTheCentreAndItsDoubt) {
    const std::vector<Packet> packets = {{0, 1.0, 1.0}, {1, 3.0, 1.0}};
    const Summary summary = summarise({}, 0.5, packets);
    const Opinion opinion = opinion_of({}, {7, 0.0, 0.0}, summary);
    EXPECT_DOUBLE_EQ(opinion.mean, 2.0);
    EXPECT_DOUBLE_EQ(opinion.variance, 0.75 + 0.5);
}

}  // namespace
}  // namespace motley::swarm

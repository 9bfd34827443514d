// Paths, bytes and errors of rounds against exact counts, closed forms and a slow reference.
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "motley/swarm/knowledge/theory.hpp"
#include "motley/swarm/knowledge/world.hpp"
#include "motley/swarm/overlay/hop_theory.hpp"
#include "swarm/round/rounds.hpp"

namespace motley::swarm {
namespace {

double log_slope(double x1, double y1, double x2, double y2) {
    return std::log(y2 / y1) / std::log(x2 / x1);
}

TEST(Swarm, T01_OneProblemReadByAllHasAllPairs) {
    for (const Policy policy : {Policy::full, Policy::broadcast, Policy::gossip}) {
        const RoundResult result = one_round(base(policy, 500, 1));
        EXPECT_EQ(result.counts.pairs, 500 * 499 / 2);
        EXPECT_EQ(result.counts.useful, 500 * 499 / 2);
        EXPECT_EQ(result.counts.together, 500 * 499 / 2);
        EXPECT_EQ(result.counts.paths, 500 * 499);
    }
}

TEST(Swarm, T02_SitesOfDistinctProblemsHaveNoPairs) {
    Spec spec = base(Policy::full, 300, 1e9);
    const RoundResult result = one_round(spec);
    EXPECT_EQ(result.counts.pairs, 0);
    EXPECT_EQ(result.counts.paths, 0);
    EXPECT_EQ(result.error, result.own_error);
}

TEST(Swarm, T03_RealisedPairsAreThoseOfTheHillNumber) {
    for (const auto& [problems, zipf] : {std::pair{16.0, 0.0}, {100.0, 1.0}}) {
        double sum = 0.0, squares = 0.0;
        constexpr int draws = 20;
        Spec spec = base(Policy::full, 1000, problems);
        spec.problems.zipf = zipf;
        spec.overlay.replication = 1;
        for (int d = 0; d < draws; ++d) {
            spec.seed = static_cast<std::uint64_t>(d);
            const auto pairs = static_cast<double>(one_round(spec).counts.pairs);
            sum += pairs / draws;
            squares += pairs * pairs / draws;
        }
        const double expected =
            pairs_of(1000) * chance_of_the_same(zipf_shares(spec.problem_count(), zipf));
        EXPECT_NEAR(sum, expected, 3.0 * std::sqrt((squares - sum * sum) / draws));
    }
}

TEST(Swarm, T04_DiversityThatGrowsTakesFromTheExponent) {
    for (const double growth : {0.0, 0.5, 1.0}) {
        double low = 0.0, high = 0.0;
        for (std::uint64_t seed = 0; seed < 10; ++seed) {
            Spec spec = base(Policy::full, 1024,
                             growth == 0.0   ? 16.0
                             : growth == 1.0 ? 0.125
                                             : 1.0);
            spec.problems.growth = growth;
            spec.overlay.replication = 1;
            spec.seed = seed;
            low += static_cast<double>(one_round(spec).counts.pairs);
            spec.sites = 16384;
            high += static_cast<double>(one_round(spec).counts.pairs);
        }
        EXPECT_NEAR(log_slope(1024, low, 16384, high), 2.0 - growth, 0.03) << growth;
    }
}

TEST(Swarm, T05_PairsOfSimHashAreTheSumOfTheirChances) {
    for (const auto& [bits, tables] :
         {std::pair<std::int64_t, std::int64_t>{8, 1}, {12, 1}, {16, 4}}) {
        Spec spec = base(Policy::full, 200, 8);
        spec.keys.kind = KeyKind::simhash;
        spec.keys.bits = bits;
        spec.keys.tables = tables;
        spec.overlay.replication = 1;
        double off = 0.0, squares = 0.0;
        constexpr int draws = 30;
        for (int d = 0; d < draws; ++d) {
            spec.seed = static_cast<std::uint64_t>(d);
            const World sites(spec);
            double expected = 0.0;
            std::vector<std::vector<double>> places(200);
            for (std::uint32_t s = 0; s < 200; ++s) sites.place(s, places[s]);
            for (std::uint32_t a = 0; a < 200; ++a) {
                for (std::uint32_t b = 0; b < a; ++b) {
                    double dot = 0.0;
                    for (std::size_t i = 0; i < places[a].size(); ++i) {
                        dot += places[a][i] * places[b][i];
                    }
                    expected += chance_of_a_common_key(std::acos(std::min(1.0, dot)), bits, tables);
                }
            }
            const double one = static_cast<double>(one_round(spec).counts.pairs) - expected;
            off += one / draws;
            squares += one * one / draws;
        }
        EXPECT_LT(std::abs(off), 3.0 * std::sqrt(squares / draws)) << bits << " " << tables;
    }
}

TEST(Swarm, T06_HopsOfTheRoundsAreThoseOfTheRecursion) {
    const RoundResult result = one_round(base(Policy::aggregate, 16384, 4096));
    const double mean =
        static_cast<double>(result.counts.hops) / static_cast<double>(result.counts.lookups);
    EXPECT_NEAR(mean, expected_hops(14, 20), 0.03);
    EXPECT_EQ(result.counts.lookups, 2 * 16384);
    EXPECT_EQ(result.counts.messages, 2 * result.counts.hops + 16384 * 21);
}

TEST(Swarm, T08_PathsAreAtMostThePacketsDelivered) {
    for (int p = 0; p < policy_count; ++p) {
        Spec spec = base(static_cast<Policy>(p), 400, 9);
        spec.overlay.loss = 0.1;
        spec.overlay.session = 3.0;
        const RoundResult result = one_round(spec);
        EXPECT_LE(result.counts.paths, result.counts.delivered) << name_of(spec.policy);
        EXPECT_LE(result.counts.pairs, result.counts.paths) << name_of(spec.policy);
        EXPECT_GE(2 * result.counts.pairs, result.counts.paths) << name_of(spec.policy);
    }
}

TEST(Swarm, T09_ACapMakesPathsLinearAndStopsTheGain) {
    const RoundResult small = one_round(base(Policy::cap, 1000, 1));
    const RoundResult large = one_round(base(Policy::cap, 8000, 1));
    EXPECT_EQ(small.counts.paths, 1000 * 20);
    EXPECT_EQ(large.counts.paths, 8000 * 20);
    // Sites share packets, so errors are correlated: over draws of the seed.
    double error = 0.0;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        Spec spec = base(Policy::cap, 4000, 4);
        spec.seed = seed;
        error += one_round(spec).error / 20;
    }
    EXPECT_NEAR(error, 1.0 / 21.0, 0.02 / 21.0 + 1e-3);
}

TEST(Swarm, T10_SumsOfHoldersGiveTheSameBitsAsAllPackets) {
    for (const double loss : {0.0, 0.2}) {
        Spec spec = base(Policy::full, 700, 5);
        spec.overlay.loss = loss;
        spec.problems.heterogeneity = 0.3;
        Swarm full(spec, world());
        const RoundResult all = full.step();
        spec.policy = Policy::aggregate;
        Swarm aggregate(spec, world());
        const RoundResult sum = aggregate.step();
        ASSERT_EQ(full.opinions().size(), aggregate.opinions().size());
        for (std::size_t i = 0; i < full.opinions().size(); ++i) {
            EXPECT_EQ(full.opinions()[i].mean, aggregate.opinions()[i].mean);
            EXPECT_EQ(full.opinions()[i].variance, aggregate.opinions()[i].variance);
        }
        EXPECT_EQ(all.checksum, sum.checksum);
        EXPECT_GT(all.counts.bytes, 3 * sum.counts.bytes);
    }
}

TEST(Swarm, T10_OpinionsAreThoseOfASlowReference) {
    Spec spec = base(Policy::full, 300, 7);
    spec.problems.heterogeneity = 0.5;
    Swarm swarm(spec, world());
    swarm.step();
    const World sites(spec);
    for (std::size_t i = 0; i < swarm.own_sites().size(); ++i) {
        const Site site = swarm.own_sites()[i];
        long double sum = 0, count = 0;
        for (Site other = 0; other < 300; ++other) {
            if (sites.problem(other) != sites.problem(site)) continue;
            sum += sites.observe(other, 0).mean;
            ++count;
        }
        const long double share = 1.0L / 1.5L;
        const long double expected =
            share * sum / count + (1 - share) * sites.observe(site, 0).mean;
        EXPECT_NEAR(swarm.opinions()[i].mean, static_cast<double>(expected), 1e-12);
    }
}

TEST(Swarm, T11_BytesOfASiteGrowWithWhatItReads) {
    const auto slope = [](Policy policy) {
        const auto of = [&](std::int64_t sites) {
            Spec spec = base(policy, sites, 1);
            spec.overlay.replication = 1;
            const RoundResult result = one_round(spec);
            return static_cast<double>(result.counts.bytes) / static_cast<double>(sites);
        };
        return log_slope(512, of(512), 8192, of(8192));
    };
    EXPECT_NEAR(slope(Policy::full), 1.0, 0.03);
    EXPECT_NEAR(slope(Policy::cap), 0.0, 0.03);
    EXPECT_NEAR(slope(Policy::aggregate), 0.0, 0.12);  // the logarithm of the lookups
}

TEST(Swarm, T12_ErrorsAreThoseOfTheBestLinearEstimate) {
    for (const double between : {0.0, 0.5, 2.0}) {
        double error = 0.0, expected = 0.0;
        constexpr int draws = 40;
        for (std::uint64_t seed = 0; seed < draws; ++seed) {
            Spec spec = base(Policy::full, 2000, 200);
            spec.problems.heterogeneity = between;
            spec.overlay.replication = 1;
            spec.seed = seed;
            const RoundResult result = one_round(spec);
            error += result.error / draws;
            expected += result.claimed / draws;  // v (1 - B (1 - 1/m)) of each site
        }
        EXPECT_NEAR(error, expected, 0.03 * expected) << between;
    }
}

TEST(Swarm, T13_TheSumOfPrecisionsIsQuadraticOnlyWhereSitesDoNotDiffer) {
    const auto slope = [](double between) {
        const auto of = [&](std::int64_t sites) {
            Spec spec = base(Policy::aggregate, sites, 1);
            spec.problems.heterogeneity = between;
            spec.overlay.replication = 1;
            return one_round(spec).precision;
        };
        return log_slope(4096, of(4096), 16384, of(16384));
    };
    EXPECT_NEAR(slope(0.0), 2.0, 1e-6);
    EXPECT_NEAR(slope(0.1), 1.0, 0.02);
    Spec spec = base(Policy::aggregate, 4096, 1);
    EXPECT_DOUBLE_EQ(one_round(spec).information, 4096.0);  // what is distinct is linear
}

TEST(Swarm, T14_OneMeanOfAllHarmsWhereProblemsDiffer) {
    double error = 0.0;
    constexpr int draws = 60;
    for (std::uint64_t seed = 0; seed < draws; ++seed) {
        Spec spec = base(Policy::average, 4096, 16);
        spec.seed = seed;
        error += one_round(spec).error / draws;
    }
    const double expected = 9.0 * (1.0 - 1.0 / 16.0) + 1.0 / 4096.0;
    EXPECT_NEAR(error, expected, 0.12 * expected);  // 60 draws of 16 truths
    EXPECT_LT(one_round(base(Policy::average, 4096, 1)).error, 0.02);
}

}  // namespace
}  // namespace motley::swarm

// Rounds of a swarm against exact counts, closed forms and a slow reference.
#include "motley/swarm/round/swarm.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

#include "motley/swarm/knowledge/theory.hpp"
#include "motley/swarm/knowledge/world.hpp"
#include "motley/swarm/overlay/hop_theory.hpp"

namespace motley::swarm {
namespace {

const mpi::Communicator& world() {
    static const mpi::Communicator comm = mpi::Communicator::world();
    return comm;
}

Spec base(Policy policy, std::int64_t sites, double problems) {
    Spec spec;
    spec.policy = policy;
    spec.sites = sites;
    spec.problems.count = problems;
    return spec;
}

RoundResult one_round(const Spec& spec) {
    return Swarm(spec, world()).step();
}

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

TEST(Swarm, T15_PosteriorsThatArePublishedAgainCountEvidenceTwice) {
    Spec spec = base(Policy::full, 20, 1);
    spec.evidence.observe = Observe::once;
    spec.synthesis.deposit = Deposit::posterior;
    Swarm posterior(spec, world());
    spec.synthesis.deposit = Deposit::own;
    Swarm own(spec, world());
    double claimed = 1.0;
    const double error = Swarm(spec, world()).step().error;
    for (int round = 0; round < 3; ++round) {
        const RoundResult result = posterior.step();
        claimed /= 20.0;
        EXPECT_NEAR(result.claimed, claimed, 1e-9 * claimed) << round;
        EXPECT_NEAR(result.error, error, 1e-12);
        EXPECT_NEAR(own.step().claimed, 0.05, 1e-12);
    }
    // Calibration of own evidence: mean squared error over claimed variance.
    double ratio = 0.0;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        Spec many = base(Policy::full, 800, 40);
        many.seed = seed;
        many.overlay.replication = 1;
        const RoundResult result = one_round(many);
        ratio += result.error / result.claimed / 100;
    }
    EXPECT_NEAR(ratio, 1.0, 0.05);
}

TEST(Swarm, T16_AShiftInRangeIsNotRejectedAndMovesTheMedian) {
    Spec spec = base(Policy::full, 4000, 1);
    spec.adversaries = {0.3, Attack::shift, 1e3};
    spec.synthesis.op = Operator::median;
    EXPECT_NEAR(one_round(spec).bias, median_shift(0.3), 0.1);
    spec.adversaries.shift = 2.0;
    spec.synthesis.op = Operator::rejection;
    const RoundResult hidden = one_round(spec);
    EXPECT_EQ(hidden.counts.lies_rejected, 0);
    spec.adversaries.attack = Attack::out_of_range;
    spec.synthesis.op = Operator::shrink;
    spec.synthesis.range = 100.0;
    const RoundResult detected = one_round(spec);
    EXPECT_EQ(detected.counts.lies_rejected, detected.counts.lies_read);
    EXPECT_GT(detected.counts.lies_rejected, 0);
    EXPECT_EQ(detected.counts.truths_rejected, 0);
    EXPECT_LT(detected.error, 0.01);
}

TEST(Swarm, T17_AsManyAttackersAsHonestSitesCaptureAKey) {
    // About 10 honest sites at problem 0 of 100; 1 % of 1000 sites attack it.
    const auto error_at_0 = [](double share) {
        Spec spec = base(Policy::full, 1000, 100);
        spec.adversaries = {share, Attack::targeted, 10.0};
        spec.synthesis.op = Operator::median;
        double worst = 0.0;
        constexpr int draws = 30;
        for (std::uint64_t seed = 0; seed < draws; ++seed) {
            spec.seed = seed;
            Swarm swarm(spec, world());
            swarm.step();
            const World sites(spec);
            double off = 0.0;
            for (std::size_t i = 0; i < swarm.own_sites().size(); ++i) {
                const Site site = swarm.own_sites()[i];
                if (sites.problem(site) != 0 || !sites.honest(site)) continue;
                off = swarm.opinions()[i].mean - sites.truth(site);
            }
            worst += (world().max(off) > 5.0 ? 1.0 : 0.0) / draws;
        }
        return worst;
    };
    EXPECT_LT(error_at_0(0.003), 0.1);
    EXPECT_GT(error_at_0(0.02), 0.9);
}

TEST(Swarm, T18_TrialsAvoidedAreAtMostOneLessOneOverTheSitesOfAProblem) {
    Spec spec = base(Policy::none, 1000, 50);
    spec.task = TaskKind::discovery;
    const RoundResult alone = one_round(spec);
    EXPECT_NEAR(static_cast<double>(alone.counts.trials), trials_alone(1000, 20), 900.0);
    spec.policy = Policy::aggregate;
    const RoundResult shared = one_round(spec);
    const double avoided = 1.0 - static_cast<double>(shared.counts.trials) / trials_alone(1000, 20);
    EXPECT_LE(avoided, 1.0 - 1.0 / 20.0);
    EXPECT_GT(avoided, 0.5);
    spec.policy = Policy::cap;
    spec.cap = 2;
    const RoundResult some = one_round(spec);
    EXPECT_GT(some.counts.trials, shared.counts.trials);
    EXPECT_LT(some.counts.trials, alone.counts.trials);
}

TEST(Swarm, T19_CodingErrorsLosePairs) {
    Spec spec = base(Policy::full, 400, 1);
    spec.keys.error = 0.05;
    double share = 0.0;
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        spec.seed = seed;
        const RoundResult result = one_round(spec);
        share += static_cast<double>(result.counts.pairs) /
                 static_cast<double>(result.counts.together) / 20;
    }
    EXPECT_NEAR(share, chance_of_the_same_code(0.05, 10, 5), 0.03);
}

TEST(Swarm, T21_TheHottestHolderServesASquareOrALine) {
    RoundResult result = one_round(base(Policy::full, 600, 1));
    EXPECT_EQ(result.hottest_served, 600LL * 599 * packet_bytes);
    EXPECT_EQ(result.hottest_stored, 600LL * packet_bytes);
    result = one_round(base(Policy::aggregate, 600, 1));
    EXPECT_EQ(result.hottest_served, 600LL * packet_bytes);
    result = one_round(base(Policy::central, 600, 10));
    EXPECT_EQ(result.hottest_served, 2LL * 600 * packet_bytes);
    EXPECT_NEAR(result.load_gini, 1.0 - 1.0 / 600.0, 1e-9);
}

TEST(Swarm, GossipNeedsALogarithmOfSteps) {
    // The prototype, means of 20 runs: 5.95 at 64, 9.05 at 1024, 12.15 at 16384.
    const std::map<std::int64_t, double> expected = {{64, 5.95}, {1024, 9.05}, {16384, 12.15}};
    for (const auto& [sites, steps] : expected) {
        double mean = 0.0;
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            Spec spec = base(Policy::gossip, sites, 1e6);
            spec.overlay.replication = 1;
            spec.seed = seed;
            mean += static_cast<double>(one_round(spec).steps) / 20;
        }
        EXPECT_NEAR(mean, steps, 0.6) << sites;
    }
}

TEST(Swarm, AllWaysToAddUpAKeyGiveTheSameOpinions) {
    std::set<std::uint64_t> sums;
    for (const Policy policy : {Policy::central, Policy::broadcast, Policy::gossip, Policy::full,
                                Policy::aggregate, Policy::hierarchical}) {
        sums.insert(one_round(base(policy, 300, 6)).checksum);
    }
    EXPECT_EQ(sums.size(), 1U);
}

TEST(Swarm, LossOfAnswersAndHoldersAsTheirChances) {
    Spec spec = base(Policy::aggregate, 8000, 2000);
    spec.overlay.replication = 3;
    spec.overlay.session = 1.0 / std::log(2.0);  // half of the sites are away
    const RoundResult churn = one_round(spec);
    const auto share = static_cast<double>(churn.counts.unanswered) /
                       static_cast<double>(churn.counts.unanswered + churn.counts.answered);
    EXPECT_NEAR(share, 0.125, 0.025);  // all three holders are away
    spec.overlay.session = 0.0;
    spec.overlay.loss = 0.2;
    const RoundResult lossy = one_round(spec);
    EXPECT_NEAR(static_cast<double>(lossy.counts.unanswered) / 8000.0, 0.2, 0.02);
    EXPECT_NEAR(static_cast<double>(lossy.counts.stored), 8000 * 3 * 0.8, 8000 * 3 * 0.01);
    spec.overlay.loss = 0.0;
    spec.adversaries = {0.5, Attack::silent, 0.0};
    const RoundResult silent = one_round(spec);
    EXPECT_NEAR(static_cast<double>(silent.counts.unanswered) / 8000.0, 0.125, 0.025);
}

TEST(Swarm, LateSitesAreServedAtOnce) {
    Spec spec = base(Policy::aggregate, 3000, 30);
    spec.overlay.late = 0.1;
    const RoundResult result = one_round(spec);
    EXPECT_NEAR(static_cast<double>(result.counts.late), 300.0, 60.0);
    EXPECT_LT(result.late_error, 2.0 * result.error);
    EXPECT_LT(result.late_error, 0.1 * result.own_error);
}

TEST(Swarm, T20_ResultsDoNotDependOnRanksNorOnThePartition) {
    for (int p = 0; p < policy_count; ++p) {
        Spec spec = base(static_cast<Policy>(p), 500, 12);
        spec.rounds = 2;
        spec.overlay.loss = 0.05;
        spec.overlay.session = 5.0;
        spec.overlay.late = 0.05;
        spec.adversaries = {0.1, Attack::shift, 2.0};
        spec.synthesis.op = Operator::rejection;
        spec.problems.heterogeneity = 0.2;
        for (const std::int64_t tables : {1, 3}) {
            if (tables > 1 && spec.policy != Policy::full && spec.policy != Policy::cap) continue;
            spec.keys.kind = tables > 1 ? KeyKind::simhash : KeyKind::exact;
            spec.keys.tables = tables;
            const mpi::Communicator self = mpi::Communicator::self();
            spec.partition = SitePartition::prefix;
            Swarm alone(spec, self), prefix(spec, world());
            spec.partition = SitePartition::hash;
            Swarm hashed(spec, world());
            for (int round = 0; round < 2; ++round) {
                RoundResult a = alone.step(), b = prefix.step(), c = hashed.step();
                for (RoundResult* other : {&b, &c}) {
                    EXPECT_EQ(a.checksum, other->checksum) << name_of(spec.policy);
                    const auto left = a.counts.all(), right = other->counts.all();
                    EXPECT_TRUE(std::equal(left.begin(), left.end(), right.begin()))
                        << name_of(spec.policy);
                    EXPECT_EQ(a.error, other->error);
                    EXPECT_EQ(a.precision, other->precision);
                    EXPECT_EQ(a.hottest_served, other->hottest_served);
                    EXPECT_EQ(a.hottest_stored, other->hottest_stored);
                    EXPECT_EQ(a.load_gini, other->load_gini);
                    EXPECT_EQ(a.bytes_p99, other->bytes_p99);
                    EXPECT_EQ(a.class_sites, other->class_sites);
                }
            }
        }
    }
}

}  // namespace
}  // namespace motley::swarm

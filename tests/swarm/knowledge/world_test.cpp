// Keys, truths and searches against closed forms and the prototypes.
#include "motley/swarm/knowledge/world.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "motley/swarm/knowledge/discovery.hpp"
#include "motley/swarm/knowledge/theory.hpp"

namespace motley::swarm {
namespace {

double pairs_that_meet(const Spec& spec) {
    const World world(spec);
    std::map<std::uint64_t, double> count;
    std::vector<std::uint64_t> keys;
    double pairs = 0.0;
    for (std::uint32_t s = 0; s < spec.sites; ++s) {
        world.keys(s, keys);
        pairs += count[keys[0]]++;
    }
    return pairs;
}

TEST(World, T03_PairsOfProblemsAreThoseOfTheHillNumber) {
    Spec spec;
    spec.sites = 1000;
    for (const auto& [count, zipf] : {std::pair{1.0, 0.0}, {4.0, 0.0}, {64.0, 0.0}, {100.0, 1.0}}) {
        spec.problems.count = count;
        spec.problems.zipf = zipf;
        const auto shares = zipf_shares(spec.problem_count(), zipf);
        constexpr int draws = 40;
        double sum = 0.0, squares = 0.0;
        for (int d = 0; d < draws; ++d) {
            spec.seed = static_cast<std::uint64_t>(d);
            const double pairs = pairs_that_meet(spec);
            sum += pairs / draws;
            squares += pairs * pairs / draws;
        }
        const double error = std::sqrt(std::max(0.0, squares - sum * sum) / draws);
        EXPECT_NEAR(sum, pairs_of(1000) * chance_of_the_same(shares), 3.0 * error + 1e-9) << count;
    }
    EXPECT_NEAR(chance_of_the_same(zipf_shares(100, 1.0)), 0.0608, 5e-5);
}

TEST(World, T19_CodingErrorsPartSitesOfOneProblem) {
    Spec spec;
    spec.sites = 400;
    spec.problems.count = 1;
    for (const auto& [fields, error] : {std::pair{5, 0.01}, {10, 0.05}, {20, 0.1}}) {
        spec.keys.fields = fields;
        spec.keys.error = error;
        constexpr int draws = 30;
        double sum = 0.0, squares = 0.0;
        for (int d = 0; d < draws; ++d) {
            spec.seed = static_cast<std::uint64_t>(d);
            const double share = pairs_that_meet(spec) / pairs_of(400);
            sum += share / draws;
            squares += share * share / draws;
        }
        const double deviation = std::sqrt((squares - sum * sum) / draws);
        EXPECT_NEAR(sum, chance_of_the_same_code(error, fields, 5), 3.0 * deviation) << fields;
    }
    EXPECT_NEAR(chance_of_the_same_code(0.05, 10, 5), 0.361, 5e-4);
}

TEST(World, SitesOfOneProblemAreSimilar) {
    Spec spec;
    spec.keys.kind = KeyKind::simhash;
    const World world(spec);
    double same = 0.0, other = 0.0;
    int alike = 0, unlike = 0;
    for (std::uint32_t a = 0; a < 60; ++a) {
        for (std::uint32_t b = 0; b < a; ++b) {
            const bool one = world.problem(a) == world.problem(b);
            (one ? same : other) += world.similarity(a, b);
            ++(one ? alike : unlike);
        }
    }
    EXPECT_GT(same / alike, 0.88);  // 1 / (1 + 0.3^2) = 0.92 without the curvature of the sphere
    EXPECT_LT(std::abs(other / unlike), 0.15);
}

TEST(World, TruthsAndObservationsHaveTheirVariances) {
    Spec spec;
    spec.problems.count = 1e6;
    spec.problems.heterogeneity = 0.5;
    spec.evidence = {4, 2.0};
    const World world(spec);
    double truth = 0, within = 0, error = 0;
    constexpr int sites = 20000;
    for (std::uint32_t s = 0; s < sites; ++s) {
        const double common = world.truth_of_problem(world.problem(s)), own = world.truth(s);
        const Packet packet = world.observe(s, 3);
        truth += common * common / sites;
        within += (own - common) * (own - common) / sites;
        error += (packet.mean - own) * (packet.mean - own) / sites;
        EXPECT_DOUBLE_EQ(packet.weight, 1.0);
    }
    EXPECT_NEAR(truth, 9.0, 0.4);
    EXPECT_NEAR(within, 0.5, 0.02);
    EXPECT_NEAR(error, 1.0, 0.04);
}

struct Found {
    double trials = 0, duplicates = 0;
};

Found found(const DiscoverySpec& spec, std::uint32_t sites, Reading reading, std::int64_t cap) {
    std::vector<std::uint32_t> all(sites);
    std::iota(all.begin(), all.end(), 0U);
    Found mean;
    constexpr int draws = 400;
    for (std::uint64_t d = 0; d < draws; ++d) {
        const Discovery one = discover(spec, d, d, all, reading, cap);
        mean.trials += static_cast<double>(one.trials) / draws;
        mean.duplicates += static_cast<double>(one.duplicates) / draws;
    }
    return mean;
}

TEST(Discovery, T18_SharingSavesTheTrialsThatThePrototypeSays) {
    const DiscoverySpec spec{100, 0, Choice::random};
    EXPECT_NEAR(found(spec, 20, Reading::nothing, 0).trials, trials_alone(20, 100), 15.0);
    EXPECT_NEAR(found(spec, 20, Reading::all, 0).trials, 69.0, 5.0);
    EXPECT_NEAR(found({100, 3, Choice::random}, 20, Reading::all, 0).trials, 138.0, 7.0);
    const Found divided = found({100, 0, Choice::divided}, 20, Reading::all, 0);
    EXPECT_NEAR(divided.trials, 60.0, 4.0);
    EXPECT_EQ(divided.duplicates, 0.0);
}

TEST(Discovery, T18_TheAvoidedShareIsAtMostOneLessOneOverTheSites) {
    for (const std::uint32_t sites : {1U, 2U, 5U, 20U}) {
        for (const Reading reading : {Reading::nothing, Reading::some, Reading::all}) {
            const double trials = found({20, 0, Choice::random}, sites, reading, 3).trials;
            const double avoided = 1.0 - trials / trials_alone(sites, 20);
            // Three standard deviations of the mean of 400 draws.
            const double noise = 3.0 * 0.55 / std::sqrt(400.0 * sites);
            EXPECT_LE(avoided, 1.0 - 1.0 / sites + noise) << sites;
        }
    }
    const double some = found({20, 0, Choice::random}, 20, Reading::some, 3).trials;
    EXPECT_LT(some, found({20, 0, Choice::random}, 20, Reading::nothing, 0).trials);
    EXPECT_GE(some, found({20, 0, Choice::random}, 20, Reading::all, 0).trials - 5.0);
}

}  // namespace
}  // namespace motley::swarm

// Random generators against what theory says of their counts, degrees and probabilities.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <map>

#include "collect.hpp"
#include "topology/graphs/pair_space.hpp"

namespace motley::topology {
namespace {

using namespace test;

std::int64_t edges_of(const Topology& topology) {
    return static_cast<std::int64_t>(links_of(topology).size()) / 2;
}

/// `count` of `trials` with probability p lies within five standard deviations of its mean.
void expect_binomial(double count, double trials, double p, const std::string& what) {
    EXPECT_NEAR(count, trials * p, 5.0 * std::sqrt(trials * p * (1.0 - p)) + 1e-9) << what;
}

Spec erdos_renyi(AgentId agents, double p, std::int64_t edges, std::uint64_t seed) {
    Spec spec = spec_of("erdos-renyi", agents);
    if (p != absent) spec.set("edge_probability", p);
    set_given(spec, "edges", edges);
    spec.seed = seed;
    return spec;
}

TEST(PairSpace, CountsPairsInOrder) {
    std::int64_t index = 0;
    for (std::int64_t high = 1; high < 200; ++high) {
        for (std::int64_t low = 0; low < high; ++low, ++index) {
            const AgentPair pair = pair_at(index);
            ASSERT_EQ(pair.low, low);
            ASSERT_EQ(pair.high, high);
        }
    }
    for (const std::int64_t high : {94906267LL, (1LL << 31) - 1}) {
        for (const std::int64_t low : {std::int64_t{0}, high / 2, high - 1}) {
            const AgentPair pair = pair_at(pairs_of(high) + low);
            EXPECT_EQ(pair.low, low);
            EXPECT_EQ(pair.high, high);
        }
    }
}

TEST(ErdosRenyi, HasTheBinomialNumberOfEdges) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        for (const double p : {0.001, 0.02, 0.5, 0.97}) {
            const auto topology = make(erdos_renyi(700, p, absent, seed));
            const auto arcs = arcs_of(*topology);
            EXPECT_EQ(std::ranges::adjacent_find(arcs), arcs.end()) << "every pair at most once";
            expect_binomial(static_cast<double>(arcs.size()) / 2, 700.0 * 699 / 2, p, "edges");
        }
    }
}

TEST(ErdosRenyi, IsEmptyAndCompleteAtTheEnds) {
    EXPECT_TRUE(links_of(*make(erdos_renyi(90, 0.0, absent, 1))).empty());
    EXPECT_EQ(links_of(*make(erdos_renyi(90, 1.0, absent, 1))),
              links_of(*make(spec_of("complete", 90))));
    EXPECT_TRUE(links_of(*make(erdos_renyi(90, 1e-300, absent, 1))).empty());
    EXPECT_TRUE(links_of(*make(erdos_renyi(1, 0.5, absent, 1))).empty());
    EXPECT_TRUE(links_of(*make(erdos_renyi(1, absent, 0, 1))).empty());
}

TEST(ErdosRenyi, HasExactlyTheEdgesAskedFor) {
    for (const AgentId agents : {2, 5, 30, 301}) {
        const std::int64_t pairs = agents * (agents - 1) / 2;
        for (const std::int64_t edges : {std::int64_t{0}, std::int64_t{1}, pairs / 3, pairs}) {
            for (std::uint64_t seed = 1; seed <= 5; ++seed) {
                const auto topology = make(erdos_renyi(agents, absent, edges, seed));
                EXPECT_EQ(edges_of(*topology), edges);
                EXPECT_EQ(arcs_of(*topology).size(), static_cast<std::size_t>(2 * edges));
            }
        }
    }
}

/// Every pair of a small graph is linked equally often over many seeds.
template <class MakeSpec>
void expect_equal_pairs(AgentId agents, double p, MakeSpec spec) {
    constexpr int seeds = 3000;
    std::map<Edge, double> seen;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        for (const Edge& link : links_of(*make(spec(seed)))) ++seen[link];
    }
    for (AgentId a = 0; a < agents; ++a) {
        for (AgentId b = 0; b < a; ++b) {
            expect_binomial(seen[{a, b}], seeds, p, std::to_string(a) + "-" + std::to_string(b));
        }
    }
}

TEST(ErdosRenyi, LinksAllPairsAlike) {
    expect_equal_pairs(4, 2.0 / 6,
                       [](std::uint64_t seed) { return erdos_renyi(4, absent, 2, seed); });
    expect_equal_pairs(12, 0.3,
                       [](std::uint64_t seed) { return erdos_renyi(12, 0.3, absent, seed); });
    expect_equal_pairs(12, 20.0 / 66,
                       [](std::uint64_t seed) { return erdos_renyi(12, absent, 20, seed); });
}

Spec watts_strogatz(AgentId agents, std::int64_t degree, double rewire, std::uint64_t seed) {
    Spec spec = spec_of("watts-strogatz", agents, degree);
    spec.set("rewire", rewire);
    spec.seed = seed;
    return spec;
}

TEST(WattsStrogatz, IsTheRingWithoutRewiring) {
    for (const auto& [agents, degree] :
         std::vector<std::pair<AgentId, std::int64_t>>{{3, 2}, {50, 8}, {51, 50}}) {
        EXPECT_EQ(arcs_of(*make(watts_strogatz(agents, degree, 0.0, 3))),
                  arcs_of(*make(spec_of("ring", agents, degree))));
    }
}

TEST(WattsStrogatz, RewiresTheAskedShareAndKeepsTheEdges) {
    constexpr AgentId agents = 4096;
    constexpr std::int64_t reach = 4;
    for (const double rewire : {0.05, 0.3, 1.0}) {
        const auto topology = make(watts_strogatz(agents, 2 * reach, rewire, 5));
        const auto arcs = arcs_of(*topology);
        ASSERT_EQ(arcs.size(), static_cast<std::size_t>(agents * 2 * reach));
        // Two agents choose each other at most about reach^2 / 2 = 8 times.
        EXPECT_GE(edges_of(*topology), agents * reach - 40);
        double far = 0, sum = 0;
        for (const auto& [a, b, weight, survival] : arcs) {
            const AgentId apart = std::min(std::abs(a - b), agents - std::abs(a - b));
            if (apart <= reach) continue;
            far += 0.5;
            sum += 0.5 * static_cast<double>(apart);
        }
        // A new end falls outside the reach with probability 1 - 2 reach / (agents - 1).
        expect_binomial(far, static_cast<double>(agents * reach),
                        rewire * (1.0 - 2.0 * reach / (agents - 1)), "far ends");
        const double deviation = agents / 2.0 / std::sqrt(12.0 * far);
        EXPECT_NEAR(sum / far, (reach + agents / 2.0) / 2, 5 * deviation + 1) << "uniform ends";
    }
}

TEST(WattsStrogatz, GivesEveryAgentDistinctEndsOfItsOwn) {
    // Degree N - 1: if ends could repeat, fewer than N / 2 distinct neighbours would be common.
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        const auto topology = make(watts_strogatz(9, 8, 1.0, seed));
        const Links links = links_of(*topology);
        for (const auto& row : rows_of(links, 9)) EXPECT_GE(row.size(), 4U);
        EXPECT_EQ(arcs_of(*topology).size(), 72U);
    }
}

Spec regular(AgentId agents, std::int64_t degree, std::uint64_t seed) {
    Spec spec = spec_of("random-regular", agents, degree);
    spec.seed = seed;
    return spec;
}

TEST(RandomRegular, IsExactlyRegularAndSimple) {
    const std::vector<std::pair<AgentId, std::int64_t>> sizes = {
        {2, 1},    {3, 2},    {4, 1},     {4, 2},    {4, 3},     {5, 2},    {5, 4},    {6, 2},
        {6, 3},    {6, 4},    {6, 5},     {7, 4},    {7, 6},     {8, 3},    {8, 4},    {8, 5},
        {9, 4},    {9, 6},    {10, 3},    {10, 4},   {10, 5},    {11, 4},   {12, 5},   {13, 6},
        {20, 9},   {21, 10},  {40, 19},   {41, 20},  {64, 31},   {64, 32},  {101, 50}, {128, 13},
        {1000, 3}, {1000, 8}, {1001, 24}, {1025, 6}, {1500, 23}, {2001, 40}};
    for (const auto& [agents, degree] : sizes) {
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            const auto topology = make(regular(agents, degree, seed));
            const auto arcs = arcs_of(*topology);
            const Links links = links_of(*topology);
            ASSERT_EQ(arcs.size(), links.size()) << agents << " " << degree << " " << seed;
            for (const auto& [a, b] : links) {
                ASSERT_NE(a, b);
                ASSERT_TRUE(links.contains({b, a}));
            }
            for (const auto& row : rows_of(links, agents)) {
                ASSERT_EQ(static_cast<std::int64_t>(row.size()), degree)
                    << agents << " " << degree << " " << seed;
            }
        }
    }
}

TEST(RandomRegular, LinksAllPairsAlike) {
    expect_equal_pairs(5, 2.0 / 4, [](std::uint64_t seed) { return regular(5, 2, seed); });
    expect_equal_pairs(9, 4.0 / 8, [](std::uint64_t seed) { return regular(9, 4, seed); });
    expect_equal_pairs(16, 4.0 / 15, [](std::uint64_t seed) { return regular(16, 4, seed); });
    expect_equal_pairs(16, 5.0 / 15, [](std::uint64_t seed) { return regular(16, 5, seed); });
    expect_equal_pairs(16, 11.0 / 15, [](std::uint64_t seed) { return regular(16, 11, seed); });
}

TEST(RandomRegular, IsConnectedWithALogarithmicDiameter) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
        const std::int64_t longest = diameter(*make(regular(1000, 4, seed)));
        EXPECT_GE(longest, 6);  // Moore's bound: 1 + 4 (3^5 - 1) / 2 < 1000
        EXPECT_LE(longest, 12);
    }
}

Spec barabasi_albert(AgentId agents, std::int64_t degree, std::uint64_t seed) {
    Spec spec = spec_of("barabasi-albert", agents, degree);
    spec.seed = seed;
    return spec;
}

TEST(BarabasiAlbert, BringsMEdgesPerAgentToEarlierOnes) {
    for (const std::int64_t m : {1, 2, 5}) {
        constexpr AgentId agents = 400;
        const auto topology = make(barabasi_albert(agents, 2 * m, 7));
        std::vector<std::int64_t> down(agents, 0);
        for (const auto& [a, b, weight, survival] : arcs_of(*topology)) {
            if (b < a) ++down[static_cast<std::size_t>(a)];
        }
        for (AgentId agent = 0; agent < agents; ++agent) {
            EXPECT_EQ(down[static_cast<std::size_t>(agent)], std::min(agent, m)) << agent;
        }
        const std::int64_t edges = m * (m + 1) / 2 + m * (agents - m - 1);
        EXPECT_EQ(topology->traits().expected_arcs, 2 * edges);
        EXPECT_LE(edges_of(*topology), edges);
        EXPECT_GE(static_cast<double>(edges_of(*topology)), 0.9 * static_cast<double>(edges));
        EXPECT_GT(diameter(*topology), 0) << "connected";
    }
}

TEST(BarabasiAlbert, AttachesInProportionToTheDegree) {
    // m = 1: agents 0 and 1 are linked; agent 2 joins either; then the degrees are 2, 1, 1.
    constexpr int seeds = 4000;
    double first = 0, same = 0, latest = 0;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        const Links links = links_of(*make(barabasi_albert(4, 2, seed)));
        const AgentId of_two = links.contains({2, 0}) ? 0 : 1;
        first += of_two == 0;
        same += links.contains({3, of_two});
        latest += links.contains({3, 2});
    }
    expect_binomial(first, seeds, 0.5, "agent 2 to agent 0");
    expect_binomial(same, seeds, 0.5, "agent 3 to the agent of degree 2");
    expect_binomial(latest, seeds, 0.25, "agent 3 to agent 2");
}

TEST(BarabasiAlbert, HasTheDegreeLawOfPreferentialAttachment) {
    constexpr AgentId agents = 40000;
    constexpr double m = 4;
    std::vector<double> degrees(agents, 0);
    for (const auto& [a, b, weight, survival] : arcs_of(*make(barabasi_albert(agents, 8, 1)))) {
        ++degrees[static_cast<std::size_t>(a)];
    }
    std::map<double, double> share;
    for (const double degree : degrees) share[degree] += 1.0 / agents;
    // Bollobas et al. 2001, doi:10.1002/rsa.1009: 2 m (m + 1) / (k (k + 1) (k + 2)).
    for (double k = m; k <= 12; ++k) {
        EXPECT_NEAR(share[k], 2 * m * (m + 1) / (k * (k + 1) * (k + 2)), 0.012) << k;
    }
    EXPECT_GT(*std::ranges::max_element(degrees), 30 * 2 * m);
}

Spec stochastic_block(AgentId agents, std::int64_t blocks, double inside, double between,
                      std::uint64_t seed) {
    Spec spec = spec_of("stochastic-block", agents);
    spec.set("blocks", blocks);
    spec.set("p_inside", inside);
    spec.set("p_between", between);
    spec.seed = seed;
    return spec;
}

std::int64_t block_of(AgentId agent, AgentId agents, std::int64_t blocks) {
    std::int64_t block = 0;
    while (chunk_range(agents, block, blocks).end <= agent) ++block;
    return block;
}

TEST(StochasticBlock, IsExactAtTheEnds) {
    for (const auto& [agents, blocks] : std::vector<std::pair<AgentId, std::int64_t>>{
             {1, 1}, {10, 1}, {10, 3}, {12, 4}, {13, 13}, {29, 7}, {64, 5}}) {
        const AgentId n = agents;
        const std::int64_t b = blocks;
        const auto together = [&](AgentId u, AgentId v) {
            return block_of(u, n, b) == block_of(v, n, b);
        };
        EXPECT_EQ(links_of(*make(stochastic_block(agents, blocks, 1.0, 0.0, 1))),
                  links_by(agents, together));
        EXPECT_EQ(links_of(*make(stochastic_block(agents, blocks, 0.0, 1.0, 1))),
                  links_by(agents, [&](AgentId u, AgentId v) { return !together(u, v); }));
    }
}

TEST(StochasticBlock, HasTheBinomialNumbersOfEdges) {
    constexpr AgentId agents = 602;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        const auto topology = make(stochastic_block(agents, 4, 0.2, 0.03, seed));
        EXPECT_EQ(arcs_of(*topology).size(), links_of(*topology).size());
        double inside = 0, between = 0, pairs = 0;
        for (const auto& [a, b] : links_of(*topology)) {
            const bool same = block_of(a, agents, 4) == block_of(b, agents, 4);
            (same ? inside : between) += 0.5;
        }
        for (const double size : {151.0, 151.0, 150.0, 150.0}) pairs += size * (size - 1) / 2;
        expect_binomial(inside, pairs, 0.2, "inside");
        expect_binomial(between, 602.0 * 601 / 2 - pairs, 0.03, "between");
    }
}

}  // namespace
}  // namespace motley::topology

// Pools against theory: comparative advantage (Dornbusch, Fischer, Samuelson 1977; Ricardo), gains
// from trade, tuning to a prior, and a step against formulas written out.
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "support/simulations.hpp"

namespace motley::test {
namespace {

std::unique_ptr<topology::Topology> pool_of(AgentId agents) {
    topology::Spec spec;
    spec.generator = "pool";
    spec.agents = agents;
    return topology::make(spec);
}

/// v_i = sum_k q_ik y_ik, the income of an agent.
double income(const AgentRow& row, double returns = 1.0) {
    double total = 0.0;
    for (std::size_t k = 0; k < row.allocation.size(); ++k) {
        const double made = row.resource * row.capability[k] * std::pow(row.allocation[k], returns);
        total += row.value[k] * made;
    }
    return total;
}

/// The utility of an agent on its own, sigma = 1: prod_k (R a x / D)^D at x = D.
double autarky(const AgentRow& row) {
    double log = 0.0;
    for (std::size_t k = 0; k < row.demand.size(); ++k) {
        if (row.demand[k] > 0) log += row.demand[k] * std::log(row.resource * row.capability[k]);
    }
    return std::exp(log);
}

model::Spec trade(std::int64_t goods) {
    model::Spec spec;
    spec.tasks = goods;
    spec.elasticity = 1.0;
    spec.capability = from_table("a");
    spec.resource = from_table("R");
    return spec;
}

struct World {
    std::vector<AgentRow> rows;
    simulation::Solution solution;
};

World solve(const model::Spec& spec, AgentId agents, const Tables& tables, double gap) {
    const auto topology = pool_of(agents);
    auto simulation = serial_simulation(*topology, spec, 1, tables);
    const auto solution = optimum(simulation, spec, gap, 200000);
    return {rows_of(simulation), solution};
}

std::vector<double> ladder() {
    std::vector<double> a;
    for (int k = 0; k < 16; ++k) a.push_back(std::exp(1.0 - 2.0 * (k + 0.5) / 16.0));
    a.insert(a.end(), 16, 1.0);
    return a;
}

TEST(Pool, FindsTheWageAndGainsOfComparativeAdvantage) {
    const World world = solve(trade(16), 2, {{"a", ladder()}, {"R", {1.0, 2.0}}}, 1e-9);
    ASSERT_TRUE(world.solution.certified);
    const double home = income(world.rows[0]), abroad = income(world.rows[1]);
    EXPECT_NEAR(world.solution.measures.productivity, 3.777862486378023, 1e-6);
    EXPECT_NEAR(home, 1.4212865748006966, 1e-6);
    EXPECT_NEAR(abroad, 2.3565759115773264, 1e-6);
    EXPECT_NEAR(home / (abroad / 2.0), 1.2062302494209807, 1e-6);
    EXPECT_NEAR(home / autarky(world.rows[0]), 1.4212865748006966, 1e-6);
    EXPECT_NEAR(abroad / autarky(world.rows[1]), 1.1782879557886632, 1e-6);
    // Home makes the goods before the cut-off 6, and shares good 6: it spends .0194317 of all
    // income that goes to that good there.
    for (std::size_t k = 0; k < 16; ++k) {
        const double here = world.rows[0].allocation[k], there = world.rows[1].allocation[k];
        if (k < 6) {
            EXPECT_LT(there, 1e-6) << k;
        } else if (k > 6) {
            EXPECT_LT(here, 1e-6) << k;
        } else {
            EXPECT_GT(here, 1e-4);
            EXPECT_GT(there, 1e-4);
        }
    }
}

TEST(Pool, WagesFollowTheSizeOfCountries) {
    const World equal = solve(trade(16), 2, {{"a", ladder()}, {"R", {1.0, 1.0}}}, 1e-9);
    EXPECT_NEAR(income(equal.rows[0]) / income(equal.rows[1]), 1.0, 1e-6);
    EXPECT_NEAR(income(equal.rows[0]), std::exp(0.25), 1e-6);
    EXPECT_NEAR(income(equal.rows[1]), std::exp(0.25), 1e-6);
    const World large = solve(trade(16), 2, {{"a", ladder()}, {"R", {3.0, 1.0}}}, 1e-9);
    EXPECT_NEAR(income(large.rows[0]) / 3.0 / income(large.rows[1]), 0.7316156289466419, 1e-6);
}

TEST(Pool, ALargeCountryOfRicardoGainsNothing) {
    const World world = solve(trade(2), 2, {{"a", {6, 3, 2, 1.8}}, {"R", {1, 1}}}, 1e-9);
    EXPECT_NEAR(world.solution.measures.productivity, 6.788225, 1e-6);
    EXPECT_NEAR(income(world.rows[0]), 4.242641, 1e-6);
    EXPECT_NEAR(income(world.rows[1]), 2.545584, 1e-6);
    EXPECT_NEAR(autarky(world.rows[0]), 4.242641, 1e-6);
}

/// Theorem: with a common demand, v_i is the largest income at world prices, where the bundle of
/// autarky can be afforded and a unit of utility costs 1.
TEST(Pool, NobodyLosesByTrade) {
    double least = INFINITY;
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        const Random random(seed, Stream::test, 0);
        constexpr std::size_t agents = 5, goods = 4;
        std::vector<double> a, resources;
        for (std::uint32_t i = 0; i < agents * goods; ++i) {
            a.push_back(std::exp(0.7 * random.normal(i)));
        }
        for (std::uint32_t i = 0; i < agents; ++i) {
            resources.push_back(std::exp(0.5 * random.normal(100 + i)));
        }
        model::Spec spec = trade(goods);
        spec.elasticity = seed % 3 == 0 ? 1.0 : seed % 3 == 1 ? 0.5 : 3.0;
        const Tables tables = {{"a", a}, {"R", resources}};
        const World world = solve(spec, agents, tables, 1e-6);
        ASSERT_TRUE(world.solution.certified) << seed;
        for (const AgentRow& row : world.rows) {
            // The optimum of an agent alone is its cost function's: (sum D a^(sigma - 1))^(1 /
            // (sigma - 1)), and the product of a^D at sigma = 1; times R.
            double alone = autarky(row);
            if (spec.elasticity != 1.0) {
                double sum = 0.0;
                for (std::size_t k = 0; k < goods; ++k) {
                    sum += row.demand[k] * std::pow(row.capability[k], spec.elasticity - 1.0);
                }
                alone = row.resource * std::pow(sum, 1.0 / (spec.elasticity - 1.0));
            }
            least = std::min(least, income(row) / alone);
        }
    }
    EXPECT_GE(least, 1.0 - 1e-5);
    EXPECT_LT(least, 1.5);
}

/// x_k ~ p_k^e with D_k ~ p_k^sigma, a = 1: e = sigma / (sigma (1 - gamma) + gamma).
TEST(Pool, TuningFollowsThePrior) {
    const std::vector<double> prior = {0.4, 0.3, 0.2, 0.1};
    // gamma = 2 has no certificate; its allocation is found at a fixed rate.
    for (const double gamma : {1.0, 0.5, 2.0}) {
        model::Spec spec;
        spec.tasks = 4;
        spec.elasticity = 0.5;
        spec.returns = gamma;
        spec.capability = {};
        spec.demand.kind = model::Distribution::Kind::weights;
        for (const double p : prior) spec.demand.weights.push_back(std::sqrt(p));
        const auto topology = pool_of(3);
        auto simulation = serial_simulation(*topology, spec);
        dynamics(simulation, spec, 3000, 0.1);
        const double e = 0.5 / (0.5 * (1.0 - gamma) + gamma);
        double total = 0.0;
        for (const double p : prior) total += std::pow(p, e);
        const auto rows = rows_of(simulation);
        for (std::size_t k = 0; k < 4; ++k) {
            EXPECT_NEAR(rows[0].allocation[k], std::pow(prior[k], e) / total, 1e-8) << gamma;
        }
    }
}

TEST(Pool, EveryoneConsumesTheMeanOutputAndValuesTheMeanPriceInTheSameStep) {
    constexpr AgentId agents = 11;  // one block and a part of another
    model::Spec spec;
    spec.tasks = 3;
    spec.elasticity = 2.0;
    spec.noise = 0.4;
    spec.demand.kind = model::Distribution::Kind::dirichlet;
    const auto topology = pool_of(agents);
    auto simulation = serial_simulation(*topology, spec, 7);
    const auto before = rows_of(simulation);
    const auto measures = simulation.measured_step(0.1);
    const auto after = rows_of(simulation);
    std::vector<double> made(3, 0.0), price(3, 0.0);
    for (const auto& row : before) {
        for (std::size_t k = 0; k < 3; ++k) {
            made[k] += row.capability[k] * row.allocation[k] / double(agents);
        }
    }
    double productivity = 0.0;
    for (const auto& row : before) {
        const double u = model::utility(made.data(), row.demand.data(), 3, spec.elasticity);
        productivity += u;
        for (std::size_t k = 0; k < 3; ++k) {
            price[k] += std::sqrt(u * row.demand[k] / made[k]) / double(agents);
        }
    }
    EXPECT_NEAR(measures.productivity, productivity, 1e-12 * productivity);
    EXPECT_NEAR(measures.value, productivity, 1e-12 * productivity);  // Euler, at once
    EXPECT_EQ(measures.flow_residual, 0.0);
    const double all = std::accumulate(made.begin(), made.end(), 0.0) * double(agents);
    EXPECT_NEAR(measures.produced, all, 1e-12 * all);
    EXPECT_NEAR(measures.consumed, all, 1e-12 * all);
    EXPECT_NEAR(measures.traffic, all * (1.0 - 1.0 / double(agents)), 1e-12 * all);
    EXPECT_NEAR(measures.received, measures.traffic, 1e-12 * all);
    for (std::size_t i = 0; i < after.size(); ++i) {
        double mean = 0.0, total = 0.0;
        for (std::size_t k = 0; k < 3; ++k) {
            EXPECT_NEAR(after[i].consumption[k], made[k], 1e-12);
            EXPECT_NEAR(after[i].value[k], price[k], 1e-12);
            mean += before[i].allocation[k] * before[i].capability[k] * price[k];
        }
        std::vector<double> grown;
        for (std::size_t k = 0; k < 3; ++k) {
            const double gain = before[i].capability[k] * price[k];
            grown.push_back(before[i].allocation[k] * std::exp(0.1 * (gain / mean - 1.0)));
            total += grown.back();
        }
        for (std::size_t k = 0; k < 3; ++k) {
            EXPECT_NEAR(after[i].allocation[k], grown[k] / total, 1e-12);
        }
    }
}

}  // namespace
}  // namespace motley::test

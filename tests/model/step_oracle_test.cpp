// The vectorised step against the dense reference: every coupling, many task counts, elasticities
// and returns, several steps, every agent; double to 1e-12, single to 1e-4.
#include <gtest/gtest.h>

#include <string>
#include <tuple>

#include "model/system.hpp"

namespace motley::test {
namespace {

constexpr int steps = 6;
constexpr AgentId agent_count = 13;

/// Largest relative difference of allocations, capabilities, consumption, values and utilities.
/// The mean field takes the values of all others as total - own: where an agent's own value was
/// larger by `cancelled` than what it gets now, rounding leaves nothing of the others'.
template <class Real>
double worst_difference(const LocalSystem<Real>& system, const Reference& reference,
                        const Matrix& values_before) {
    constexpr Wide cancelled = 1e3;
    double worst = 0.0;
    const auto note = [&](double found, Wide expected) {
        const double d = difference<Real>(found, expected);
        worst = d <= worst ? worst : d;  // keeps a nan
    };
    for (std::size_t i = 0; i < reference.agents; ++i) {
        const auto agent = system.agent(i);
        note(agent.utility, reference.utility[i]);
        for (std::size_t k = 0; k < reference.tasks; ++k) {
            note(system.allocation(i, k), reference.allocation[i][k]);
            note(system.capability(i, k), reference.capability[i][k]);
            note(agent.consumption[k], reference.consumption[i][k]);
            const Wide value = reference.value[i][k];
            if (system.mean_field() && values_before[i][k] > cancelled * value) continue;
            note(agent.value[k], value);
        }
    }
    return worst;
}

template <class Real>
void expect_same_steps(const SmallGraph& graph, const SystemOptions& options, double tolerance,
                       double rate) {
    SCOPED_TRACE("K = " + std::to_string(options.tasks) +
                 ", sigma = " + std::to_string(options.elasticity) +
                 ", gamma = " + std::to_string(options.returns) +
                 ", mu = " + std::to_string(options.learning_rate));
    LocalSystem<Real> system(graph, options);
    Reference reference = system.reference(graph);
    for (int step = 0; step < steps; ++step) {
        const Matrix values_before = reference.value;
        system.step(rate);
        reference.step(rate, options.learning_rate);
        const double worst = worst_difference(system, reference, values_before);
        ASSERT_LE(worst, tolerance) << "after step " << step + 1;
    }
}

/// Both precisions. Needs that nobody serves put ln(c / D) at the floor of the number range, where
/// its rounding alone is 1e-13 (single: 1e-5), divided by the share of the need and by sigma.
void expect_same_in_both(const SmallGraph& graph, const SystemOptions& options, double rate) {
    const double steep = std::max(1.0, 0.3 / options.elasticity);
    expect_same_steps<double>(graph, options, (options.gaps ? 1e-11 : 1e-12) * steep, rate);
    expect_same_steps<float>(graph, options, (options.gaps ? 1e-2 : 1e-4) * steep, rate);
}

struct NamedGraph {
    std::string name;
    SmallGraph graph;
};

std::vector<NamedGraph> graphs() {
    std::vector<NamedGraph> list;
    list.push_back({"weighted", weighted_graph(agent_count, 30, 3)});
    list.push_back({"uniform", uniform_graph(agent_count, 24, 4)});
    list.push_back({"lossy_uniform", uniform_graph(agent_count, 24, 5, 0.75)});
    list.push_back({"complete", complete_graph(agent_count, 0.9)});
    list.push_back({"isolated", isolated_graph(agent_count)});
    return list;
}

class StepOracle : public testing::TestWithParam<std::tuple<int, bool>> {
  protected:
    SystemOptions options(std::uint64_t seed) const {
        SystemOptions result;
        result.tasks = std::get<0>(GetParam());
        result.gaps = std::get<1>(GetParam());
        result.seed = seed;
        result.own_demand = seed % 2 == 0;
        result.own_resource = seed % 3 == 0;
        return result;
    }
};

TEST_P(StepOracle, MatchesTheDenseReferenceForAllElasticitiesAndReturns) {
    for (const auto& [name, graph] : graphs()) {
        SCOPED_TRACE(name);
        std::uint64_t seed = 0;
        for (const double elasticity : {0.05, 0.3, 0.7, 1.0, 2.0, 100.0}) {
            for (const double returns : {0.7, 1.0, 1.4}) {
                SystemOptions system = options(++seed);
                system.elasticity = elasticity;
                system.returns = returns;
                expect_same_in_both(graph, system, 0.2 * std::min(1.0, elasticity));
            }
        }
    }
}

TEST_P(StepOracle, MatchesTheDenseReferenceWhenCapabilitiesLearn) {
    for (const auto& [name, graph] : graphs()) {
        SCOPED_TRACE(name);
        for (const double exponent : {0.5, 1.0, 2.0}) {
            SystemOptions system = options(50);
            system.elasticity = 0.7;
            system.learning_rate = 0.2;
            system.learning_exponent = exponent;
            expect_same_in_both(graph, system, 0.2);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(TaskCounts, StepOracle,
                         testing::Combine(testing::Values(1, 2, 3, 4, 5, 8, 9, 16, 17, 40),
                                          testing::Bool()),
                         [](const auto& param_info) {
                             return std::to_string(std::get<0>(param_info.param)) +
                                    (std::get<1>(param_info.param) ? "_gaps" : "");
                         });

TEST(StepOracleSmall, MatchesForOneAndTwoAgents) {
    for (const AgentId agents : {1, 2}) {
        const SmallGraph loop{agents, {{0, 0, 2.0, 0.5}}};
        for (const auto& graph : {complete_graph(agents), isolated_graph(agents), loop}) {
            SystemOptions options;
            options.gaps = false;
            expect_same_steps<double>(graph, options, 1e-12, 0.3);
        }
    }
}

TEST(StepOracleSmall, IsContinuousWhereElasticityPassesOne) {
    const auto graph = weighted_graph(agent_count, 30, 3);
    for (const double elasticity : {1.0 - 1e-6, 1.0 + 1e-6, 1.0 - 1e-3, 1.0 + 1e-3}) {
        SystemOptions options;
        options.elasticity = elasticity;
        options.gaps = false;
        expect_same_steps<double>(graph, options, 1e-11, 0.3);
    }
}

TEST(StepOracleSmall, FrozenAllocationsStayWhileFlowsSettle) {
    const auto graph = weighted_graph(agent_count, 30, 3);
    SystemOptions options;
    options.gaps = false;
    LocalSystem<double> system(graph, options);
    const LocalSystem<double> before(graph, options);
    for (int step = 0; step < 200; ++step) system.step(0.0);
    const auto settled = system.agent(5);
    system.step(0.0);
    for (std::size_t k = 0; k < 4; ++k) {
        EXPECT_EQ(system.allocation(5, k), before.allocation(5, k));
        EXPECT_NEAR(system.agent(5).consumption[k], settled.consumption[k], 1e-14);
    }
}

/// Allocations that ask for nothing are what c -> 0 comes from: they must stay finite, and shares
/// must stay shares.
template <class Real>
void expect_finite(double elasticity, double returns, double rate) {
    const auto graph = weighted_graph(agent_count, 30, 3);
    SystemOptions options;
    options.tasks = 5;
    options.elasticity = elasticity;
    options.returns = returns;
    LocalSystem<Real> system(graph, options);
    for (int step = 0; step < 400; ++step) system.step(rate);
    for (std::size_t i = 0; i < system.agents(); ++i) {
        const auto agent = system.agent(i);
        ASSERT_TRUE(std::isfinite(agent.utility)) << "agent " << i;
        double total = 0.0;
        for (std::size_t k = 0; k < 5; ++k) {
            ASSERT_TRUE(std::isfinite(agent.value[k])) << "agent " << i << ", task " << k;
            ASSERT_GE(system.allocation(i, k),
                      system.capability(i, k) > 0.0 ? Real(model::allocation_floor) : Real{0});
            total += system.allocation(i, k);
        }
        const double rounding = sizeof(Real) == 8 ? 1e-12 : 1e-5;
        ASSERT_NEAR(total, 1.0, rounding);
    }
}

TEST(StepOracleSmall, NothingBecomesInfiniteWhenConsumptionVanishes) {
    for (const double elasticity : {0.05, 0.2, 1.0, 5.0, 100.0}) {
        for (const double returns : {0.5, 1.0, 2.0}) {
            for (const double rate : {0.05, 4.0}) {
                SCOPED_TRACE(std::to_string(elasticity) + " " + std::to_string(returns) + " " +
                             std::to_string(rate));
                expect_finite<double>(elasticity, returns, rate);
                expect_finite<float>(elasticity, returns, rate);
            }
        }
    }
}

}  // namespace
}  // namespace motley::test

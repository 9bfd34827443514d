// Own rules of flows against theory: no relay, the welfare sum of ln u, chosen openness.
#include <gtest/gtest.h>

#include <cmath>

#include "support/simulations.hpp"

namespace motley::test {
namespace {

/// One unit of task 0 that agent 0 makes, on a ring of degree 2: relayed it reaches everyone,
/// without relay it goes one hop.
TEST(FlowRules, WithoutRelayAUnitTravelsOneHop) {
    constexpr AgentId agents = 9;
    topology::Spec shape;
    shape.generator = "ring";
    shape.agents = agents;
    shape.set("degree", std::int64_t{2});
    shape.survival = 0.8;
    const auto ring = topology::make(shape);
    model::Spec spec;
    spec.tasks = 2;
    spec.openness = 0.6;
    spec.elasticity = 2.0;
    spec.relay = false;
    spec.capability = from_table("a");
    std::vector<double> a;
    for (AgentId i = 0; i < agents; ++i) {
        a.push_back(i == 0 ? 1.0 : 0.0);
        a.push_back(i == 0 ? 0.0 : 1.0);
    }
    auto simulation = serial_simulation(*ring, spec, 1, {{"a", a}});
    for (int i = 0; i < 3; ++i) simulation.step(0.0, nullptr);
    const auto measures = simulation.measured_step(0.0);
    for (const auto& row : rows_of(simulation)) {
        const bool next = row.agent == 1 || row.agent == agents - 1;
        const double expected = row.agent == 0 ? 0.4 : next ? 0.6 * 0.8 / 2.0 : 0.0;
        EXPECT_NEAR(row.consumption[0], expected, 1e-15) << row.agent;
    }
    EXPECT_NEAR(measures.produced, 9.0, 1e-13);
    EXPECT_NEAR(measures.consumed, 9.0 * (0.4 + 0.6 * 0.8), 1e-12);
    EXPECT_NEAR(measures.traffic, 9.0 * 0.6, 1e-12);
    EXPECT_NEAR(measures.received, 9.0 * 0.6 * 0.8, 1e-12);
    EXPECT_NEAR(measures.value, measures.productivity, 1e-12);
    EXPECT_EQ(measures.flow_residual, 0.0);
}

/// Settled flows are c = M y, q = M^T p with M = (1 - l) I + l T on any weighted graph.
TEST(FlowRules, SettledFlowsWithoutRelayAreThoseOfADenseMatrix) {
    const ArcTopology graph = random_weighted(20, 70, 3);
    model::Spec spec;
    spec.tasks = 3;
    spec.openness = 0.7;
    spec.elasticity = 0.8;
    spec.relay = false;
    spec.noise = 0.3;
    auto simulation = serial_simulation(graph, spec, 4);
    for (int i = 0; i < 4; ++i) simulation.step(0.0, nullptr);
    const auto rows = rows_of(simulation);
    const Matrix transfer = transfer_of(20, graph.list(), graph.traits());
    std::vector<double> open(20, 0.0);
    for (std::size_t j = 0; j < 20; ++j) {
        for (std::size_t i = 0; i < 20; ++i) {
            if (transfer[i][j] > 0) open[j] = 0.7;
        }
    }
    std::vector<const AgentRow*> by_id(20);
    for (const auto& row : rows) by_id[static_cast<std::size_t>(row.agent)] = &row;
    const auto made = [&](std::size_t i, std::size_t k) {
        return by_id[i]->resource * by_id[i]->capability[k] * by_id[i]->allocation[k];
    };
    const auto price = [&](std::size_t i, std::size_t k) {
        return std::pow(by_id[i]->utility * by_id[i]->demand[k] / by_id[i]->consumption[k],
                        1.0 / 0.8);
    };
    for (std::size_t i = 0; i < 20; ++i) {
        for (std::size_t k = 0; k < 3; ++k) {
            double consumed = (1.0 - open[i]) * made(i, k), value = (1.0 - open[i]) * price(i, k);
            for (std::size_t j = 0; j < 20; ++j) {
                consumed += double(transfer[i][j]) * open[j] * made(j, k);
                value += open[i] * double(transfer[j][i]) * price(j, k);
            }
            EXPECT_NEAR(by_id[i]->consumption[k], consumed, 1e-12 * consumed);
            EXPECT_NEAR(by_id[i]->value[k], value, 1e-11 * value);
        }
    }
}

TEST(FlowRules, TheOptimumWithoutRelayIsCertified) {
    for (const char* name : {"ring", "complete"}) {
        model::Spec spec;
        spec.tasks = 4;
        spec.relay = false;
        const auto graph = generated(name, 40);
        auto simulation = serial_simulation(*graph, spec, 2);
        const auto found = optimum(simulation, spec, 1e-5, 20000);
        EXPECT_TRUE(found.certified) << name << " " << found.measures.gap;
        // No other allocation reaches more than the bound.
        auto other = serial_simulation(*graph, spec, 2);
        const auto tried = dynamics(other, spec, 2000, 0.2);
        EXPECT_LE(tried.measures.productivity,
                  found.measures.productivity * (1.0 + found.measures.gap) * (1.0 + 1e-12));
    }
}

/// Two agents that are alone maximise sum ln u each on its own: x = D at sigma = 1 and the welfare
/// is that of the closed form; the gap is that of W.
TEST(FlowRules, LogWelfareOfIsolatedAgentsIsTheClosedForm) {
    model::Spec spec;
    spec.tasks = 2;
    spec.elasticity = 1.0;
    spec.welfare = model::Welfare::log;
    spec.capability = from_table("a");
    spec.noise = 0.5;
    const auto graph = generated("isolated", 3);
    const std::vector<double> a = {1, 4, 100, 1, 2, 0.01};
    auto simulation = serial_simulation(*graph, spec, 1, {{"a", a}});
    const auto found = optimum(simulation, spec, 1e-10, 20000);
    EXPECT_TRUE(found.certified);
    for (const auto& row : rows_of(simulation)) {
        EXPECT_NEAR(row.allocation[0], 0.5, 1e-5);
        const auto i = static_cast<std::size_t>(row.agent);
        EXPECT_NEAR(row.utility, std::sqrt(a[2 * i] * a[2 * i + 1]), 1e-9 * row.utility);
    }
}

/// The theorem W* - W <= sum_i R_i |a_i o q_i| / ubar - N: at any state with settled flows no
/// allocation has more welfare than the bound, and the optimum reaches it.
TEST(FlowRules, NoAllocationHasMoreLogWelfareThanTheBound) {
    const auto welfare = [](const simulation::Simulation<double>& simulation) {
        double sum = 0.0;
        for (const auto& row : rows_of(simulation)) sum += std::log(row.utility);
        return sum;
    };
    model::Spec spec;
    spec.tasks = 4;
    spec.elasticity = 0.8;
    spec.openness = 0.6;
    spec.welfare = model::Welfare::log;
    spec.noise = 1.0;
    const auto graph = generated("ring", 24);
    auto best = serial_simulation(*graph, spec, 3);
    const auto found = optimum(best, spec, 1e-8, 100000);
    ASSERT_TRUE(found.certified);
    const double most = welfare(best);
    for (const int steps : {0, 5, 40, 400}) {
        auto simulation = serial_simulation(*graph, spec, 3);
        for (int i = 0; i < steps; ++i) simulation.step(0.05, nullptr);
        const auto measures = simulation.settle(1e-12, 2000);
        EXPECT_LE(most - welfare(simulation), 24.0 * measures.gap + 1e-9) << steps;
        EXPECT_GE(most + 24e-8, welfare(simulation)) << steps;
        if (steps == 0) {
            EXPECT_GT(measures.gap, 1e-3);
        }
    }
    EXPECT_NEAR(found.measures.value, found.measures.productivity, 1e-5);
}

TEST(FlowRules, AnAgentThatLacksATaskHasNoLogWelfare) {
    model::Spec spec;
    spec.tasks = 2;
    spec.elasticity = 1.0;
    spec.welfare = model::Welfare::log;
    spec.capability = from_table("a");
    const auto graph = generated("isolated", 3);
    const std::vector<double> a = {1, 4, 100, 0, 2, 0.01};
    try {
        const auto simulation = serial_simulation(*graph, spec, 1, {{"a", a}});
        FAIL() << "an agent without a task that it needs was accepted";
    } catch (const Error& error) {
        const std::string what = error.what();
        EXPECT_EQ(what.find("welfare = \"log\": agent 1 gets nothing of task 1"), 0U) << what;
    }
}

/// Armington worlds: 1 - lambda = 1 / (1 + sum kappa^(sigma - 1)) and the gain over autarky is
/// pi^(-1 / (sigma - 1)) (Arkolakis, Costinot, Rodriguez-Clare 2012), on a complete graph.
TEST(FlowRules, ChosenOpennessReachesTheGainsFormula) {
    struct Case {
        AgentId agents;
        double sigma, kappa, pi, gain;
    };
    for (const Case& c : {Case{8, 5, 0.8, 0.25858502275548195, 1.402326555594344},
                          Case{8, 5, 0.6, 0.5243288590604027, 1.1751665713688032},
                          Case{8, 3, 0.8, 0.18248175182481752, 2.340939982143925},
                          Case{20, 5, 0.8, 0.11386409182000361, 1.721485239762059}}) {
        topology::Spec shape;
        shape.generator = "complete";
        shape.agents = c.agents;
        shape.survival = c.kappa;
        const auto graph = topology::make(shape);
        model::Spec spec;
        spec.tasks = c.agents;
        spec.elasticity = c.sigma;
        spec.relay = false;
        spec.welfare = model::Welfare::log;
        spec.openness = 0.5;
        spec.openness_rate = 0.1;
        spec.capability = from_table("a");
        std::vector<double> a(static_cast<std::size_t>(c.agents * c.agents), 0.0);
        for (AgentId i = 0; i < c.agents; ++i) a[static_cast<std::size_t>(i * c.agents + i)] = 1.0;
        auto simulation = serial_simulation(*graph, spec, 1, {{"a", a}});
        dynamics(simulation, spec, 4000, 0.1);
        const double alone = std::pow(1.0 / double(c.agents), 1.0 / (c.sigma - 1.0));
        for (LocalId row = 0; row < simulation.graph().owned(); ++row) {
            EXPECT_NEAR(1.0 - simulation.state().openness[row], c.pi, 1e-6);
        }
        for (const auto& row : rows_of(simulation)) {
            EXPECT_NEAR(row.utility / alone, c.gain, 1e-6);
        }
    }
}

}  // namespace
}  // namespace motley::test

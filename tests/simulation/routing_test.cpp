// Chosen routing against its definition and against gravity.
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "support/simulations.hpp"

namespace motley::test {
namespace {

using Shares = std::map<std::pair<AgentId, AgentId>, double>;

Shares shares_of(const simulation::Simulation<double>& simulation) {
    Shares shares;
    for (const auto& arc : simulation.routing()) shares[{arc.source, arc.target}] = arc.weight;
    return shares;
}

/// w_ji exp(rate clip(V_ji / sum_h w_hi V_hi - 1, +-4)), renormalised, V_ji = kappa_ji sum_k z_ik
/// q_jk: one step of the program against the formula, from its own state before.
void expect_formula(const ArcTopology& graph, model::Spec spec) {
    spec.routing_rate = 0.4;
    auto simulation = serial_simulation(graph, spec, 3);
    for (int i = 0; i < 7; ++i) simulation.step(0.05, nullptr);
    const Shares before = shares_of(simulation);
    std::map<AgentId, std::vector<double>> values, passed;
    for (const auto& row : rows_of(simulation)) values[row.agent] = row.value;
    simulation.step(0.05, nullptr);
    std::map<AgentId, bool> open;
    for (const auto& [arc, share] : before) open[arc.first] = true;
    for (const auto& row : rows_of(simulation)) {
        for (const double c : row.consumption) {
            passed[row.agent].push_back(c / (1.0 - (open[row.agent] ? spec.openness : 0.0)));
        }
    }
    std::map<std::pair<AgentId, AgentId>, double> survival;
    for (const auto& arc : graph.list()) survival[{arc.source, arc.target}] = arc.survival;
    std::map<AgentId, double> mean, total;
    Shares worth, expected;
    for (const auto& [arc, share] : before) {
        double sum = 0.0;
        for (std::size_t k = 0; k < passed[arc.first].size(); ++k) {
            sum += passed[arc.first][k] * values[arc.second][k];
        }
        worth[arc] = survival[arc] * sum;
        mean[arc.first] += share * worth[arc];
    }
    for (const auto& [arc, share] : before) {
        const double drive = std::clamp(worth[arc] / mean[arc.first] - 1.0, -4.0, 4.0);
        expected[arc] = share * std::exp(0.4 * drive);
        total[arc.first] += expected[arc];
    }
    const Shares after = shares_of(simulation);
    ASSERT_EQ(after.size(), expected.size());
    for (const auto& [arc, share] : after) {
        EXPECT_NEAR(share, expected[arc] / total[arc.first], 1e-12)
            << arc.first << " " << arc.second;
    }
}

/// A directed graph without loops and parallel arcs, each arc with its own weight and survival.
ArcTopology simple_weighted() {
    const ArcTopology drawn = random_weighted(23, 90, 5);
    std::map<std::pair<AgentId, AgentId>, topology::Arc> arcs;
    for (const auto& arc : drawn.list()) {
        if (arc.source != arc.target) arcs[{arc.source, arc.target}] = arc;
    }
    std::vector<topology::Arc> list;
    for (const auto& [pair, arc] : arcs) list.push_back(arc);
    return {23, std::move(list), drawn.traits()};
}

TEST(Routing, AStepFollowsTheDefinition) {
    model::Spec spec;
    spec.tasks = 3;
    spec.openness = 0.6;
    spec.noise = 0.5;
    expect_formula(simple_weighted(), spec);
    expect_formula(random_uniform(23, 60, 4, 0.8), spec);
}

/// Leaves of a directed star pass nothing on: a rank that owns leaves alone has no out-arcs, and
/// must not refuse while others wait for it.
TEST(Routing, RanksWithoutArcsTakePart) {
    std::vector<topology::Arc> arcs;
    for (AgentId leaf = 1; leaf < 9; ++leaf) arcs.push_back({0, leaf, 1.0, 0.9});
    const ArcTopology star(9, std::move(arcs), weighted_traits());
    model::Spec spec;
    spec.tasks = 3;
    spec.routing_rate = 0.1;
    const auto world = mpi::Communicator::world();
    auto simulation =
        simulation_of<double>(star, partition::Partition::block(9, world.size()), spec, 1, world);
    for (int i = 0; i < 5; ++i) simulation.step(0.05, nullptr);
    double total = 0.0;
    for (const auto& arc : simulation.routing()) total += arc.weight;
    EXPECT_NEAR(total, world.rank() == 0 ? 1.0 : 0.0, 1e-12);
}

/// Gravity: a circle of 16 countries with kappa = d^-0.3, one good each. w_ij ~ kappa^(sigma - 1),
/// 1 - lambda = 1 / (1 + sum_j kappa^(sigma - 1)), gain = (1 - lambda)^(-1 / (sigma - 1))
/// (Arkolakis, Costinot, Rodriguez-Clare 2012).
TEST(Routing, GravityOnACircle) {
    constexpr AgentId countries = 16;
    constexpr double sigma = 5.0;
    std::vector<topology::Arc> arcs;
    double sum = 0.0;
    for (AgentId i = 0; i < countries; ++i) {
        for (AgentId j = 0; j < countries; ++j) {
            if (i == j) continue;
            const AgentId apart =
                std::min((j - i + countries) % countries, (i - j + countries) % countries);
            const double survival = std::pow(static_cast<double>(apart), -0.3);
            if (i == 0) sum += std::pow(survival, sigma - 1.0);
            arcs.push_back({i, j, 1.0 + 0.5 * std::sin(double(3 * i + 7 * j)), survival});
        }
    }
    topology::Traits traits;
    traits.use_weights = true;
    const ArcTopology world(countries, arcs, traits);
    model::Spec spec;
    spec.tasks = countries;
    spec.elasticity = sigma;
    spec.openness = 0.5;
    spec.relay = false;
    spec.welfare = model::Welfare::log;
    spec.openness_rate = 0.1;
    spec.routing_rate = 0.1;
    spec.capability = from_table("a");
    std::vector<double> identity(countries * countries, 0.0);
    for (std::size_t i = 0; i < countries; ++i) identity[i * countries + i] = 1.0;
    auto simulation = serial_simulation(world, spec, 1, {{"a", identity}});
    const auto found = dynamics(simulation, spec, 8000, 0.1);
    const Shares shares = shares_of(simulation);
    const double open = sum / (1.0 + sum);
    for (LocalId r = 0; r < countries; ++r) {
        EXPECT_NEAR(simulation.state().openness[r], open, 1e-6);
    }
    for (const auto& arc : arcs) {
        const double share = shares.at({arc.source, arc.target});
        EXPECT_NEAR(share, std::pow(arc.survival, sigma - 1.0) / sum, 1e-6);
    }
    // Shipments that arrive fall with distance by the elasticity -0.3 (sigma - 1) = -1.2.
    EXPECT_NEAR(std::log(shares.at({0, 4}) / shares.at({0, 1})) / std::log(4.0), -1.2, 1e-6);
    const double alone = std::pow(1.0 / countries, sigma / (sigma - 1.0) - 1.0);
    const double autarky = std::pow(static_cast<double>(countries), -1.0 / (sigma - 1.0));
    EXPECT_NEAR(alone, autarky, 1e-15);
    const double gain = found.measures.productivity / countries / autarky;
    EXPECT_NEAR(gain, std::pow(1.0 - open, -1.0 / (sigma - 1.0)), 1e-6 * gain);
    EXPECT_NEAR(gain, 1.53719138, 2e-6);
    EXPECT_NEAR(open, 0.8209030, 1e-6);
}

/// What an agent makes is worth to it what it keeps and what its arcs carry: at a stationary state
/// sum_k s q = (1 - lambda) sum_k s p + lambda sum of the values of its arcs, on any ranks' graph.
TEST(ArcValues, AddUpToTheWorthOfTheStock) {
    const auto check = [](const topology::Topology& graph) {
        model::Spec spec;
        spec.tasks = 3;
        spec.openness = 0.6;
        spec.elasticity = 1.0;
        spec.noise = 0.5;
        auto simulation = serial_simulation(graph, spec, 3);
        simulation.settle(1e-15, 5000);
        std::map<AgentId, double> carried;
        const auto arcs = simulation.arc_values();
        EXPECT_EQ(std::ssize(arcs), simulation.graph().arcs());
        for (const auto& arc : arcs) carried[arc.source] += arc.value;
        for (const auto& row : rows_of(simulation)) {
            const bool sends = carried.contains(row.agent);
            const double open = sends ? 0.6 : 0.0;
            double worth = 0.0, kept = 0.0;
            for (std::size_t k = 0; k < 3; ++k) {
                worth += row.consumption[k] / (1.0 - open) * row.value[k];
                kept += row.utility * row.demand[k];  // (1 - lambda) s p = c p
            }
            EXPECT_NEAR(worth, kept + open * carried[row.agent], 1e-11 * worth);
        }
    };
    check(simple_weighted());
    check(random_uniform(23, 60, 4, 0.8));
}

}  // namespace
}  // namespace motley::test

// What a measured step adds up, against dense sums over the reference.
#include <gtest/gtest.h>

#include <cmath>

#include "model/system.hpp"

namespace motley::test {
namespace {

using model::Tally;

Wide entropy_term(Wide v) {
    return v > 0 ? v * std::log(v) : 0;
}

/// The sums of the last step of `now`, whose flows were `before` one step ago and whose allocations
/// were `x`.
std::vector<Wide> expected_scalars(const Reference& now, const Reference& before, const Matrix& x) {
    std::vector<Wide> sums(Tally::scalar_count, 0);
    const Wide order = now.returns < 1 ? 1 / (1 - now.returns) : INFINITY;
    for (std::size_t i = 0; i < now.agents; ++i) {
        Wide best = 0, mean = 0, abilities = 0, dual = 0, norm = 0, top = 0, top_able = 0;
        for (std::size_t k = 0; k < now.tasks; ++k) {
            const Wide a = now.capability[i][k], effort = now.resource[i] * x[i][k];
            const Wide worth = now.value[i][k] * now.output[i][k];
            sums[Tally::produced] += now.output[i][k];
            sums[Tally::received] += now.stock[i][k] - now.output[i][k];
            sums[Tally::consumed] += now.consumption[i][k];
            sums[Tally::sent] += now.open[i] * now.stock[i][k];
            sums[Tally::value] += worth;
            sums[Tally::effort_log] += entropy_term(effort);
            sums[Tally::value_log] += entropy_term(worth);
            sums[Tally::residual] +=
                now.value[i][k] * std::abs(now.stock[i][k] - before.stock[i][k]);
            sums[Tally::capability_sum] += a;
            sums[Tally::capability_log] += entropy_term(a);
            abilities += a;
            best = std::max(best, now.gain[i][k]);
            mean += x[i][k] * now.gain[i][k];
            top = std::max(top, a * now.value[i][k]);
            top_able = std::max(top_able, a);
            if (now.returns < 1) {
                dual += std::pow(a * now.value[i][k], order);
                norm += std::pow(a, order);
            }
        }
        sums[Tally::productivity] += now.utility[i];
        sums[Tally::resource] += now.resource[i];
        sums[Tally::resource_log] += entropy_term(now.resource[i]);
        sums[Tally::value_agent_log] += entropy_term(now.earned(i));
        sums[Tally::frank_wolfe] += best - mean;
        sums[Tally::capability_agent_log] += entropy_term(abilities);
        const bool linear = now.returns == 1;
        sums[Tally::upper] += now.resource[i] * (linear ? top : std::pow(dual, 1 / order));
        sums[Tally::capability_norm] +=
            now.resource[i] * (linear ? top_able : std::pow(norm, 1 / order));
    }
    return sums;
}

void expect_tally(const SmallGraph& graph, double returns) {
    SystemOptions options;
    options.tasks = 5;
    options.elasticity = 0.7;
    options.returns = returns;
    options.gaps = false;
    LocalSystem<double> system(graph, options);
    Reference now = system.reference(graph);
    Reference before = now;
    Matrix allocation = now.allocation;
    Tally tally(options.tasks);
    for (int step = 0; step < 5; ++step) {
        before = now;
        allocation = now.allocation;
        now.step(0.2);
        system.step(0.2, step == 4 ? &tally : nullptr);
    }
    const auto expected = expected_scalars(now, before, allocation);
    for (std::size_t i = 0; i < expected.size(); ++i) {
        EXPECT_LE(difference<double>(tally.sums[i].value(), expected[i]), 1e-11) << "scalar " << i;
    }
    Wide change = 0;
    for (std::size_t k = 0; k < now.tasks; ++k) {
        Wide effort = 0, value = 0, expenditure = 0, capability = 0;
        for (std::size_t i = 0; i < now.agents; ++i) {
            effort += now.resource[i] * allocation[i][k];
            value += now.value[i][k] * now.output[i][k];
            expenditure += now.price[i][k] * now.consumption[i][k];
            capability += now.capability[i][k];
            change = std::max(change, std::abs(now.value[i][k] - before.value[i][k]));
        }
        const int task = static_cast<int>(k);
        const auto found = [&](Tally::Row row) { return tally.by_task(row, task).value(); };
        EXPECT_LE(difference<double>(found(Tally::effort_row), effort), 1e-12);
        EXPECT_LE(difference<double>(found(Tally::value_row), value), 1e-12);
        EXPECT_LE(difference<double>(found(Tally::expenditure_row), expenditure), 1e-12);
        EXPECT_LE(difference<double>(found(Tally::capability_row), capability), 1e-12);
    }
    EXPECT_LE(difference<double>(tally.value_change_max, change), 1e-11);
    EXPECT_EQ(tally.clamped, 0);
}

TEST(TallyTest, SumsOfEveryCouplingMatchTheDenseOnes) {
    for (const double returns : {0.7, 1.0}) {
        expect_tally(weighted_graph(13, 30, 3), returns);
        expect_tally(uniform_graph(13, 24, 4, 0.75), returns);
        expect_tally(complete_graph(13, 0.9), returns);
    }
}

TEST(TallyTest, CountsAgentsWhosePriceIsAtItsLimit) {
    // Nobody can do task 1, but half of it is needed: its price has no bound.
    const SmallGraph alone = isolated_graph(3);
    SystemOptions options;
    options.tasks = 3;
    options.own_demand = false;
    options.elasticity = 0.5;
    LocalSystem<double> system(alone, options);
    for (std::size_t k = 0; k < 3; ++k) {
        system.state().demand[k] = k == 1 ? 0.5 : 0.25;
    }
    Tally tally(3);
    system.step(0.0, &tally);
    EXPECT_EQ(tally.clamped, 3);
}

TEST(TallyTest, RewardIsTheValueEarnedPerUnitOfResource) {
    const auto graph = weighted_graph(13, 30, 3);
    SystemOptions options;
    options.tasks = 5;
    LocalSystem<double> system(graph, options);
    Reference reference = system.reference(graph);
    std::vector<double> reward(system.agents());
    for (int step = 0; step < 3; ++step) {
        system.step(0.2, nullptr, reward.data());
        reference.step(0.2);
    }
    for (std::size_t i = 0; i < reward.size(); ++i) {
        EXPECT_LE(difference<double>(reward[system.row_of(i)],
                                     reference.earned(i) / reference.resource[i]),
                  1e-12);
    }
}

}  // namespace
}  // namespace motley::test

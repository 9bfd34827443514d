// Losses exactly, draws against their distributions.
#include "motley/redesign/fleet/scenario.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "motley/core/random.hpp"
#include "problems.hpp"

namespace motley::fleet {
namespace {

TEST(NMinusOne, IsTheWorstOfAllSmallerFleets) {
    const Problem problem = random_problem(4, 3, 1);
    const Fleet fleet = {4, 6, 3, 5};
    const Throughput whole = best_throughput(problem, fleet);
    const NMinusOne lost = n_minus_1(problem, fleet, whole);
    double worst = unlimited;
    for (std::size_t d = 0; d < 4; ++d) {
        Fleet left = fleet;
        left[d] -= 1.0;
        worst = std::min(worst, best_throughput(problem, left).theta);
    }
    EXPECT_NEAR(lost.device.theta, worst, 1e-12);
    EXPECT_LT(lost.device.theta, whole.theta);
    EXPECT_LE(lost.node.theta, lost.device.theta);
    for (const Loss& loss : lost.devices) EXPECT_LE(loss.theta_fixed, loss.theta + 1e-12);
}

TEST(NMinusOne, OfOneTypeIsItsShare) {
    const Problem problem = random_problem(1, 3, 2);
    const Fleet fleet = {10.0};
    const Throughput whole = best_throughput(problem, fleet);
    const NMinusOne lost = n_minus_1(problem, fleet, whole);
    EXPECT_NEAR(lost.device.theta / whole.theta, 0.9, 1e-12);
    EXPECT_NEAR(lost.device.theta_fixed / whole.theta, 0.9, 1e-12);
}

TEST(ThetaSolver, AgreesWithFreshProgrammesAndForgetsWhatItSolved) {
    const Problem problem = random_problem(5, 4, 3);
    const Fleet fleet = {4, 0, 3, 5, 2};
    ThetaSolver solver(problem, fleet), other(problem, fleet);
    Uncertainty uncertainty{
        .drift = 0.3, .failure = 0.1, .straggler_share = 0.2, .straggler_speed = 0.5};
    for (const Device& device : problem.devices)
        uncertainty.prices.push_back(exactly(device.price));
    for (const double rate : problem.rates) {
        uncertainty.rates.push_back({rate, 0.8 * rate, 1.3 * rate});
    }
    for (const Task& task : problem.tasks) uncertainty.demands.push_back(exactly(task.demand));
    const WorkingDevices working(problem, fleet, uncertainty);
    std::vector<double> left;
    Scenario world;
    std::vector<double> thetas;
    constexpr std::uint64_t count = 500;
    for (std::uint64_t id = 0; id < count; ++id) {
        draw(uncertainty, 1, id, world);
        working.draw(1, id, left);
        Problem changed = problem;
        changed.rates = world.rates;
        for (std::size_t k = 0; k < 4; ++k) changed.tasks[k].demand = world.demands[k];
        thetas.push_back(solver.theta(world.rates, world.demands, left));
        EXPECT_NEAR(thetas.back(), best_throughput(changed, left).theta, 1e-9);
    }
    for (std::uint64_t id = count; id-- > 0;) {
        draw(uncertainty, 1, id, world);
        working.draw(1, id, left);
        EXPECT_EQ(other.theta(world.rates, world.demands, left), thetas[id]);
    }
}

TEST(Draws, HaveTheirDistributions) {
    const Uncertain uniform{5.0, 2.0, 8.0, Uncertain::Shape::uniform};
    const Uncertain triangular{3.0, 2.0, 8.0, Uncertain::Shape::triangular};
    const Uncertain lognormal{4.0, 2.0, 8.0, Uncertain::Shape::lognormal};
    const Random random(3, Stream::test, 0);
    std::vector<double> u, t, l;
    constexpr std::uint32_t count = 40000;
    for (std::uint32_t i = 0; i < count; ++i) {
        u.push_back(uniform.draw(random.uniform(i), 0.0));
        t.push_back(triangular.draw(random.uniform(i), 0.0));
        l.push_back(lognormal.draw(0.5, random.normal(i)));
    }
    for (auto* values : {&u, &t, &l}) std::ranges::sort(*values);
    EXPECT_NEAR(quantile(u, 0.25), 3.5, 0.05);
    EXPECT_NEAR(quantile(t, 1.0 / 6.0), 3.0, 0.03);  // (mode - low) / (high - low)
    double mean = 0.0;
    for (const double value : t) mean += value / count;
    EXPECT_NEAR(mean, 13.0 / 3.0, 0.03);
    EXPECT_NEAR(quantile(l, 0.5), 4.0, 0.05);
    EXPECT_NEAR(quantile(l, 0.025), 2.0, 0.05);
    EXPECT_NEAR(quantile(l, 0.975), 8.0, 0.2);
}

TEST(Failures, AreBinomial) {
    const Failures failures(20, 0.1);
    const Random random(4, Stream::test, 0);
    double mean = 0.0, none = 0.0;
    constexpr std::uint32_t count = 40000;
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto down = failures(random.uniform(i));
        mean += static_cast<double>(down) / count;
        none += down == 0 ? 1.0 / count : 0.0;
    }
    EXPECT_NEAR(mean, 2.0, 0.03);
    EXPECT_NEAR(none, std::pow(0.9, 20), 0.01);
    EXPECT_EQ(Failures(20, 0.0)(0.999999), 0);
}

}  // namespace
}  // namespace motley::fleet

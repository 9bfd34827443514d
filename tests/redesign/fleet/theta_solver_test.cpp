// Warm-started programmes against fresh ones.
#include "motley/redesign/fleet/theta_solver.hpp"

#include <gtest/gtest.h>

#include "motley/redesign/fleet/scenario.hpp"
#include "problems.hpp"

namespace motley::fleet {
namespace {

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

}  // namespace
}  // namespace motley::fleet

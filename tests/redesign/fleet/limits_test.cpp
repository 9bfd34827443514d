// Limits of jobs: closed forms, and schedules in which every moment is a list of running groups.
#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "motley/redesign/fleet/losses.hpp"
#include "motley/redesign/fleet/theta_solver.hpp"
#include "problems.hpp"

namespace motley::fleet {
namespace {

constexpr double tight_limit = 1e-9;

Problem one_job(double demand, double rate) {
    return {.tasks = {{"job", demand}}, .devices = {{.name = "d", .price = 1.0}}, .rates = {rate}};
}

std::vector<GroupSize> sizes_of(const Task& task) {
    return task.sizes.empty() ? std::vector<GroupSize>{{1.0, 1.0}} : task.sizes;
}

/// The best theta of a mix of moments. In each, every type runs whole groups, and an indivisible
/// class at most one. All moments are listed, so that this is what a schedule reaches.
double theta_of_moments(const Problem& problem, const Fleet& fleet) {
    programme::Programme model{.sense = programme::Sense::maximise};
    model.add(programme::ProgrammeVariable{.cost = 1.0});
    for (const Task& task : problem.tasks) {
        model.add(programme::Row{.low = 0.0, .terms = {{0, -task.demand}}});
    }
    programme::Row time{.high = 1.0, .terms = {}};
    std::vector<double> served(problem.classes(), 0.0);
    std::vector<int> running(problem.classes(), 0);
    Fleet free = fleet;
    std::function<void(std::size_t, std::size_t, std::size_t)> visit =
        [&](std::size_t d, std::size_t k, std::size_t s) {
            if (d == problem.types()) {
                const int moment = model.add(programme::ProgrammeVariable{});
                time.terms.push_back({moment, 1.0});
                for (std::size_t c = 0; c < served.size(); ++c) {
                    if (served[c] > 0.0) model.rows[c].terms.push_back({moment, served[c]});
                }
                return;
            }
            if (k == problem.classes()) return visit(d + 1, 0, 0);
            const auto sizes = sizes_of(problem.tasks[k]);
            if (s == sizes.size()) return visit(d, k + 1, 0);
            visit(d, k, s + 1);
            const bool one = problem.tasks[k].indivisible && running[k] > 0;
            if (one || free[d] < sizes[s].devices) return;
            const double before = served[k];
            free[d] -= sizes[s].devices;
            ++running[k];
            const double efficiency =
                problem.tasks[k].sizes.empty() ? 1.0 : problem.efficiency(d, k, s);
            served[k] += problem.rate(d, k) * sizes[s].devices * efficiency;
            visit(d, k, s);
            served[k] = before;
            --running[k];
            free[d] += sizes[s].devices;
        };
    visit(0, 0, 0);
    model.add(std::move(time));
    return programme::solve(model).values[0];
}

TEST(Limits, OneJobOnFewDevicesOfALargeFleet) {
    Problem problem = one_job(50.0, 2.0);
    problem.tasks[0].max_devices = 8.0;
    EXPECT_NEAR(best_throughput(problem, Fleet{100.0}).theta, 8.0 * 2.0 / 50.0, tight_limit);
    EXPECT_NEAR(best_throughput(problem, Fleet{5.0}).theta, 5.0 * 2.0 / 50.0, tight_limit);
    const Throughput now = best_throughput(problem, Fleet{100.0});
    EXPECT_NEAR(now.device_worth[0], 0.0, tight_limit);
    EXPECT_NEAR(n_minus_1(problem, Fleet{100.0}, now).device.theta, now.theta, tight_limit);
}

TEST(Limits, OneJobThatScalesWithALoss) {
    Problem problem = one_job(50.0, 2.0);
    problem.tasks[0].indivisible = true;
    problem.tasks[0].sizes = {{8.0, 0.97}, {16.0, 0.93}};
    EXPECT_NEAR(best_throughput(problem, Fleet{100.0}).theta, 16.0 * 0.93 * 2.0 / 50.0,
                tight_limit);
    EXPECT_NEAR(best_throughput(problem, Fleet{15.0}).theta, 8.0 * 0.97 * 2.0 / 50.0, tight_limit);
    const Throughput none = best_throughput(problem, Fleet{7.0});
    EXPECT_EQ(none.theta, 0.0);
    EXPECT_EQ(none.bottleneck, 0);
    problem.efficiencies = {{0.5, 0.0}};
    EXPECT_NEAR(best_throughput(problem, Fleet{100.0}).theta, 8.0 * 0.5 * 2.0 / 50.0, tight_limit);
    problem.tasks[0].indivisible = false;
    EXPECT_NEAR(best_throughput(problem, Fleet{100.0}).theta, 96.0 * 0.5 * 2.0 / 50.0, tight_limit);
}

TEST(Limits, UnlimitedWhereNothingBinds) {
    const Problem plain = random_problem(4, 3, 5);
    Problem limited = plain;
    for (Task& task : limited.tasks) task.max_devices = 1000.0;
    limited.workflows = {{.counts = {1.0, 1.0, 1.0}, .least_quality = 1.0}};
    const Fleet fleet = {4, 3, 2, 5};
    EXPECT_EQ(best_throughput(limited, fleet).theta, best_throughput(plain, fleet).theta);
}

TEST(Limits, MakespanOfQueuesOfJobsOnUnrelatedMachines) {
    for (std::uint64_t id = 0; id < 20; ++id) {
        Problem problem = random_problem(3, 4, id);
        for (Task& task : problem.tasks) task.indivisible = true;
        const Fleet fleet = {1, 2, 1};
        EXPECT_NEAR(best_throughput(problem, fleet).theta / theta_of_moments(problem, fleet), 1.0,
                    tight_limit);
    }
}

TEST(Limits, MakespanOfJobsInGroupsOfOneSizePerType) {
    for (std::uint64_t id = 0; id < 20; ++id) {
        Problem problem = random_problem(3, 4, id);
        for (Task& task : problem.tasks) {
            task.sizes = {{2.0, 0.95}, {4.0, 0.9}, {3.0, 0.8}};
            task.indivisible = true;
        }
        for (std::size_t i = 0; i < 12; ++i) {  // one size on each type
            std::vector<double>& own = problem.efficiencies.emplace_back(3, 0.0);
            own[i / 4] = problem.tasks[i % 4].sizes[i / 4].efficiency;
        }
        const Fleet fleet = {5, 9, 3};
        EXPECT_NEAR(best_throughput(problem, fleet).theta / theta_of_moments(problem, fleet), 1.0,
                    tight_limit);
    }
}

TEST(Limits, MakespanOfJobsInGroupsOfSeveralSizes) {
    for (std::uint64_t id = 0; id < 40; ++id) {
        Problem problem = random_problem(2, 3, id);
        problem.tasks[0].sizes = {{1.0, 1.0}, {2.0, 0.9}, {4.0, 0.8}};
        problem.tasks[0].indivisible = true;
        problem.tasks[1].sizes = {{4.0, 1.0}};
        problem.tasks[2].sizes = {{2.0, 1.0}, {4.0, 0.95}};
        problem.tasks[2].indivisible = id % 2 == 0;
        const Fleet fleet = {static_cast<double>(4 + id % 4), 6};
        const double ratio =
            best_throughput(problem, fleet).theta / theta_of_moments(problem, fleet);
        EXPECT_GE(ratio, 1.0 - tight_limit) << id;
        EXPECT_LE(ratio, 1.02) << id;
    }
}

Problem limited_problem(std::uint64_t id) {
    Problem problem = random_problem(3, 3, id, 4.0);
    problem.tasks[0].max_devices = 6.0;
    problem.tasks[1].sizes = {{2.0, 1.0}, {4.0, 0.9}};
    problem.tasks[2].indivisible = id % 2 == 0;
    if (id % 2 == 0) problem.tasks[2].sizes = {{3.0, 1.0}, {8.0, 0.9}};
    if (id % 2 == 0) problem.tasks[2].demand = 2.0;
    return problem;
}

TEST(Limits, TheSolverForScenariosAgrees) {
    for (std::uint64_t id = 0; id < 6; ++id) {
        const Problem problem = limited_problem(id);
        const Fleet fleet = {8, 12, 9};
        ThetaSolver solver(problem, fleet);
        std::vector<double> demands;
        for (const Task& task : problem.tasks) demands.push_back(task.demand * 1.2);
        Problem changed = problem;
        for (Task& task : changed.tasks) task.demand *= 1.2;
        for (double& rate : changed.rates) rate *= 0.9;
        for (const Fleet& left : {Fleet{8, 12, 9}, Fleet{7, 9, 0}, Fleet{3.5, 12, 1}}) {
            EXPECT_NEAR(solver.theta(changed.rates, demands, left),
                        best_throughput(changed, left).theta, 1e-8);
        }
    }
}

TEST(Limits, TheCheapestFleetAsByExhaustiveSearch) {
    int found = 0;
    for (std::uint64_t id = 0; id < 8; ++id) {
        const Problem problem = limited_problem(id);
        double least = unlimited;
        every_fleet(problem, 7, [&](const Fleet& fleet) {
            if (price_of(problem, fleet) >= least) return;
            if (best_throughput(problem, fleet).theta >= 1.0 - tight_limit) {
                least = price_of(problem, fleet);
            }
        });
        const Purchase bought = search(problem, {.most = nodes(problem, 7)});
        EXPECT_EQ(bought.found, std::isfinite(least)) << id;
        if (!bought.found) {
            EXPECT_FALSE(bought.causes.empty());
            continue;
        }
        ++found;
        EXPECT_TRUE(bought.proved());
        EXPECT_NEAR(bought.value, least, tight_limit * least) << id;
        EXPECT_GE(best_throughput(problem, bought.fleet).theta, 1.0 - 1e-7);
    }
    EXPECT_GT(found, 4);
}

TEST(Limits, NameTheJobThatCannotBeServed) {
    Problem problem = one_job(50.0, 2.0);
    problem.tasks[0].max_devices = 8.0;
    const Purchase bought = search(problem, {});
    ASSERT_EQ(bought.causes.size(), 2u);
    EXPECT_EQ(bought.causes[1], "'job' runs on at most 8 devices");
    EXPECT_EQ(search_homogeneous(problem, {}).type, -1);
    problem.tasks[0].demand = 16.0;
    EXPECT_NEAR(search_homogeneous(problem, {}).devices, 8.0, tight_limit);
}

TEST(Limits, SpareAsByExhaustiveSearch) {
    for (std::uint64_t id = 1; id < 6; id += 2) {
        Problem problem = limited_problem(id);
        problem.tasks[0].max_devices = 12.0;
        double least = unlimited;
        every_fleet(problem, 6, [&](const Fleet& fleet) {
            if (price_of(problem, fleet) >= least || types_in(fleet) == 0) return;
            const Throughput whole = best_throughput(problem, fleet);
            if (whole.theta < 1.0 - tight_limit) return;
            if (n_minus_1(problem, fleet, whole).node.theta >= 1.0 - tight_limit) {
                least = price_of(problem, fleet);
            }
        });
        const Purchase bought = search_with_spare(problem, {.most = nodes(problem, 6)});
        EXPECT_EQ(bought.found, std::isfinite(least));
        if (bought.found) {
            EXPECT_NEAR(bought.value, least, tight_limit * least) << id;
        }
    }
}

}  // namespace
}  // namespace motley::fleet

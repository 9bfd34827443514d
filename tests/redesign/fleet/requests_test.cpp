// Times of requests: graphs by hand, all combinations of engines, and fleets under a most latency.
#include "motley/redesign/fleet/requests.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "motley/redesign/fleet/queue.hpp"
#include "problems.hpp"

namespace motley::fleet {
namespace {

constexpr double tight_time = 1e-12;

std::vector<Step> diamond() {
    return {{.task = 0, .after = {}},
            {.task = 1, .after = {0}},
            {.task = 2, .after = {0}},
            {.task = 3, .after = {1, 2}}};
}

TEST(Requests, TheLongestPathOfGraphsByHand) {
    EXPECT_EQ(time_of_request({}, {}), 0.0);
    const std::vector<double> seconds = {1.0, 5.0, 7.0, 2.0};
    EXPECT_EQ(time_of_request(diamond(), seconds), 10.0);
    EXPECT_EQ(critical_path(diamond(), seconds), (std::vector<std::size_t>{0, 2, 3}));
    std::vector<Step> at_once = diamond();
    for (Step& step : at_once) step.after.clear();
    EXPECT_EQ(time_of_request(at_once, seconds), 7.0);
    EXPECT_EQ(critical_path(at_once, seconds), (std::vector<std::size_t>{2}));
}

TEST(Requests, TheMeanOfAMaximumIsNotTheMaximumOfMeans) {
    // Each branch takes 0 or 2 s with the same probability: the longer one takes 2 s in 3 of 4.
    const std::vector<StepTime> coin = {{0.0, 0.5}, {2.0, 0.5}};
    const MeanTime mean = mean_time(diamond(), {coin, coin, coin, coin});
    EXPECT_NEAR(mean.low, 1.0 + 1.5 + 1.0, tight_time);
    EXPECT_EQ(mean.low, mean.high);
    // Without all combinations the bounds are 1 (the path of means) and 2.
    const MeanTime bounds = mean_time(diamond(), {coin, coin, coin, coin}, 1.0);
    EXPECT_NEAR(bounds.low, 3.0, tight_time);
    EXPECT_NEAR(bounds.high, 4.0, tight_time);
}

/// A random graph of steps, each with one to three times.
struct RandomRequest {
    std::vector<Step> steps;
    std::vector<std::vector<StepTime>> times;
};

RandomRequest random_request(std::uint64_t id) {
    const Random random(31, Stream::test, id);
    std::uint32_t counter = 0;
    RandomRequest out;
    for (std::size_t i = 0; i < 6; ++i) {
        Step step;
        for (std::size_t j = 0; j < i; ++j) {
            if (random.uniform(counter++) < 0.45) step.after.push_back(j);
        }
        out.steps.push_back(step);
        std::vector<StepTime>& own = out.times.emplace_back();
        double sum = 0.0;
        for (std::uint64_t n = 1 + random.below(3, counter++); n > 0; --n) {
            own.push_back({10.0 * random.uniform(counter++), 0.1 + random.uniform(counter++)});
            sum += own.back().probability;
        }
        for (StepTime& each : own) each.probability /= sum;
    }
    return out;
}

/// The end of the request by recursion, for every combination of times.
double end_of(const RandomRequest& request, std::size_t step, const std::vector<double>& seconds) {
    double start = 0.0;
    for (const std::size_t other : request.steps[step].after) {
        start = std::max(start, end_of(request, other, seconds));
    }
    return start + seconds[step];
}
double brute_mean(const RandomRequest& request, std::vector<double>& seconds) {
    const std::size_t at = seconds.size();
    if (at == request.steps.size()) {
        double end = 0.0;
        for (std::size_t i = 0; i < at; ++i) end = std::max(end, end_of(request, i, seconds));
        return end;
    }
    double sum = 0.0;
    for (const StepTime& each : request.times[at]) {
        seconds.push_back(each.seconds);
        sum += each.probability * brute_mean(request, seconds);
        seconds.pop_back();
    }
    return sum;
}

TEST(Requests, TheMeanIsThatOverAllCombinations) {
    for (std::uint64_t id = 0; id < 200; ++id) {
        const RandomRequest request = random_request(id);
        std::vector<double> seconds;
        const double expected = brute_mean(request, seconds);
        const MeanTime exact = mean_time(request.steps, request.times);
        EXPECT_NEAR(exact.low, expected, 1e-12 * expected) << id;
        EXPECT_EQ(exact.low, exact.high) << id;
        const MeanTime bounds = mean_time(request.steps, request.times, 1.0);
        EXPECT_LE(bounds.low, expected * (1.0 + 1e-12)) << id;
        EXPECT_GE(bounds.high, expected * (1.0 - 1e-12)) << id;
    }
}

TEST(Requests, TheLongestOfSeveralWaits) {
    const Wait own = wait({.servers = 3, .rate = 1.0, .arrivals = 2.4});
    EXPECT_NEAR(own.mean_of_longest(1.0), own.mean, tight_time);
    for (const double units : {2.0, 7.0}) {
        // The integral of 1 - P(all wait at most t), by the midpoint rule.
        double sum = 0.0;
        constexpr double step = 1e-3;
        for (double t = 0.5 * step; t < 60.0; t += step) {
            const double longer = own.delayed * std::exp(-own.delayed * t / own.mean);
            sum += step * (1.0 - std::pow(1.0 - longer, units));
        }
        EXPECT_NEAR(own.mean_of_longest(units), sum, 1e-5);
    }
}

/// Two classes and two engines; the small one is slow and cheap.
Problem engines(double most_latency) {
    Problem problem{.tasks = {{"plan", 1.0}, {"read", 6.0}},
                    .devices = {{.name = "fast", .price = 10.0}, {.name = "slow", .price = 1.0}},
                    .rates = {1.0, 2.0, 3.0, 5.0}};
    problem.latencies = {1.0, 0.5, 4.0, 3.0};
    problem.workflows = {{.counts = {1.0, 6.0}}};
    problem.workflows[0].steps = {{.task = 0}, {.task = 1, .rounds = 3.0, .after = {0}}};
    problem.workflows[0].most_latency = most_latency;
    return problem;
}

/// Calls `visit` with the shares of the first engine on a grid, and the mean time of a request.
void every_mix(const Problem& problem, const auto& visit) {
    constexpr int steps = 2000;
    for (int i = 0; i <= steps; ++i) {
        for (int j = 0; j <= steps; ++j) {
            const double plan = i / double{steps}, read = j / double{steps};
            const double time =
                plan * problem.latency(0, 0) + (1.0 - plan) * problem.latency(1, 0) +
                3.0 * (read * problem.latency(0, 1) + (1.0 - read) * problem.latency(1, 1));
            visit(plan, read, time);
        }
    }
}

TEST(MostLatency, ThroughputAsOnAGrid) {
    const Fleet fleet = {2.0, 3.0};
    for (const double limit : {3.0, 5.0, 7.0}) {
        const Problem problem = engines(limit);
        double best = 0.0;
        every_mix(problem, [&](double plan, double read, double time) {
            if (time > limit * (1.0 + 1e-12)) return;
            const double fast = plan * 1.0 / 1.0 + read * 6.0 / 2.0;
            const double slow = (1.0 - plan) * 1.0 / 3.0 + (1.0 - read) * 6.0 / 5.0;
            best = std::max(best, 1.0 / std::max(fast / 2.0, slow / 3.0));
        });
        const Throughput now = best_throughput(problem, fleet);
        EXPECT_GE(now.theta, best * (1.0 - 1e-7)) << limit;
        EXPECT_NEAR(now.theta, best, 2e-3 * best) << limit;
        EXPECT_LT(now.theta, best_throughput(engines(unlimited), fleet).theta) << limit;
    }
}

TEST(MostLatency, TheCheapestFluidFleetAsOnAGrid) {
    for (const double limit : {3.0, 5.0, 7.0, 20.0}) {
        const Problem problem = engines(limit);
        double best = unlimited;
        every_mix(problem, [&](double plan, double read, double time) {
            if (time > limit * (1.0 + 1e-12)) return;
            const double fast = plan * 1.0 / 1.0 + read * 6.0 / 2.0;
            const double slow = (1.0 - plan) * 1.0 / 3.0 + (1.0 - read) * 6.0 / 5.0;
            best = std::min(best, 10.0 * fast + slow);
        });
        const Purchase bought = search(problem, {.integer = false});
        ASSERT_TRUE(bought.proved());
        EXPECT_LE(bought.value, best * (1.0 + 1e-6)) << limit;
        EXPECT_NEAR(bought.value, best, 2e-3 * best) << limit;
        EXPECT_NEAR(best_throughput(problem, bought.fleet).theta, 1.0, 1e-6) << limit;
    }
}

TEST(MostLatency, EveryPathOfAGraphHasARow) {
    // Both branches may be the longest one; the condition holds for each.
    Problem problem = random_problem(3, 4, 3);
    problem.latencies = {1, 9, 2, 1, 3, 2, 8, 2, 6, 5, 5, 3};
    problem.workflows = {{.counts = {1.0, 1.0, 1.0, 1.0}}};
    problem.workflows[0].steps = diamond();
    const Fleet fleet = {16, 16, 16};
    double last = best_throughput(problem, fleet).theta;
    for (const double limit : {16.0, 12.0, 8.0, 6.0}) {
        problem.workflows[0].most_latency = limit;
        const Throughput now = best_throughput(problem, fleet);
        ASSERT_GT(now.theta, 0.0) << limit;
        EXPECT_LE(now.theta, last * (1.0 + 1e-9)) << limit;
        last = now.theta;
        std::vector<double> seconds;
        for (std::size_t k = 0; k < 4; ++k) {
            double sum = 0.0, served = 0.0;
            for (std::size_t d = 0; d < 3; ++d) {
                const double units = now.allocated(d, k, 4) * problem.rate(d, k);
                sum += units * problem.latency(d, k);
                served += units;
            }
            seconds.push_back(sum / served);
        }
        EXPECT_LE(time_of_request(diamond(), seconds), limit * (1.0 + 1e-6)) << limit;
    }
    problem.workflows[0].most_latency = 3.9;  // the fastest engines take 1 + max(2, 2) + 1 s
    EXPECT_EQ(best_throughput(problem, fleet).theta, 0.0);
}

TEST(MostLatency, SayWhichConditionCannotBeMet) {
    Problem problem = engines(2.0);  // the fast engine takes 1 + 3 x 0.5
    problem.workflows[0].name = "agent";
    const Purchase bought = search(problem, {});
    EXPECT_EQ(bought.status, programme::SolverStatus::infeasible);
    const auto named = [](const std::string& cause) {
        return cause == "a request of workflow 'agent' takes 2 s at most";
    };
    EXPECT_TRUE(std::ranges::any_of(bought.causes, named));
}

}  // namespace
}  // namespace motley::fleet

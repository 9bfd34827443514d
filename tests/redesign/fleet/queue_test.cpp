// Waiting times against exact formulas and a simulation of events.
#include "motley/redesign/fleet/queue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "motley/core/quantile.hpp"
#include "motley/core/random.hpp"

namespace motley::fleet {
namespace {

/// Erlang's C by its sums, in logarithms.
double erlang_by_sums(int servers, double erlangs) {
    const auto term = [=](int k) {
        return std::exp(k * std::log(erlangs) - erlangs - std::lgamma(k + 1.0));
    };
    double below = 0.0;
    for (int k = 0; k < servers; ++k) below += term(k);
    const double all = term(servers) * servers / (servers - erlangs);
    return all / (below + all);
}

TEST(Erlang, AsItsSums) {
    for (const int servers : {1, 2, 4, 20, 100}) {
        for (const double load : {0.1, 0.5, 0.9, 0.99}) {
            const double exact = erlang_by_sums(servers, servers * load);
            EXPECT_NEAR(erlang_c(servers, servers * load), exact, 1e-12);
        }
    }
    EXPECT_EQ(erlang_c(3, 3.0), 1.0);
    EXPECT_NEAR(erlang_b(1, 0.5), 0.5 / 1.5, 1e-15);
}

TEST(Erlang, TheRecursionMeetsTheIncompleteGammaFunction) {
    for (const double load : {0.999, 0.9999}) {
        const double by_steps = erlang_c(1'000'000, load * 1e6);
        const double by_gamma = erlang_c(1'000'001, load * 1'000'001);
        EXPECT_GT(by_steps, 0.0);
        EXPECT_NEAR(by_gamma / by_steps, 1.0, 1e-4);  // one server more
    }
    // Halfin and Whitt's limit: c = a + b sqrt(a) servers.
    const double b = 1.0, a = 1e8;
    const double normal = std::exp(-0.5 * b * b) / std::sqrt(2.0 * M_PI);
    const double limit = 1.0 / (1.0 + b * 0.5 * std::erfc(-b / std::sqrt(2.0)) / normal);
    EXPECT_NEAR(erlang_c(static_cast<std::int64_t>(a + b * std::sqrt(a)), a), limit, 1e-4);
}

TEST(Wait, IsExactForMMc) {
    for (const int servers : {1, 4, 32}) {
        const double rate = 0.5, arrivals = 0.85 * servers * rate;
        const Wait found = wait({.servers = servers, .rate = rate, .arrivals = arrivals});
        const double delayed = erlang_by_sums(servers, arrivals / rate);
        const double spare = servers * rate - arrivals;
        EXPECT_NEAR(found.delayed, delayed, 1e-12);
        EXPECT_NEAR(found.mean / (delayed / spare), 1.0, 1e-12);
        const double p95 = std::max(0.0, std::log(delayed / 0.05) / spare);
        EXPECT_NEAR(found.p95, p95, 1e-12 * (1.0 + p95));
    }
}

TEST(Wait, IsTheFormulaOfPollaczekAndKhinchineForOneServer) {
    for (const double cv : {0.0, 0.5, 1.0, 2.0, 5.0}) {
        const double rate = 2.0, load = 0.7;
        const double exact = load * (1.0 + cv * cv) / (2.0 * rate * (1.0 - load));
        const Wait found = wait({1, rate, load * rate, cv});
        EXPECT_NEAR(found.mean / exact, 1.0, 1e-12);
    }
}

TEST(Wait, IsInfiniteWithoutSpareServersAndNothingWithoutArrivals) {
    EXPECT_TRUE(std::isinf(wait({4, 1.0, 4.0}).mean));
    EXPECT_TRUE(std::isinf(wait({4, 1.0, 5.0}).p95));
    EXPECT_EQ(wait({4, 1.0, 0.0}).mean, 0.0);
    EXPECT_EQ(wait({1'000'000, 1.0, 5e5}).p95, 0.0);
}

/// Mean and 95 % point of simulated waits. Each unit goes to the server that is free first.
std::pair<double, double> simulated(
    int servers, double arrivals,
    const std::function<double(const Random&, std::uint32_t)>& service) {
    constexpr std::uint32_t count = 1'500'000, warm = 50'000;
    const Random random(12, Stream::test, 5);
    std::vector<double> free(static_cast<std::size_t>(servers), 0.0), waits;
    double now = 0.0, sum = 0.0;
    for (std::uint32_t i = 0; i < count; ++i) {
        now -= std::log(1.0 - random.uniform(3 * i)) / arrivals;
        const auto first = std::ranges::min_element(free);
        const double start = std::max(now, *first);
        *first = start + service(random, 3 * i + 1);
        if (i < warm) continue;
        waits.push_back(start - now);
        sum += start - now;
    }
    std::ranges::sort(waits);
    return {sum / static_cast<double>(waits.size()), quantile(waits, 0.95)};
}

double exponential(const Random& random, std::uint32_t counter) {
    return -std::log(1.0 - random.uniform(counter));
}

/// Two phases of mean 1 in all, balanced, with a coefficient of variation of 2.
double hyperexponential(const Random& random, std::uint32_t counter) {
    const double squared = 4.0;
    const double share = 0.5 * (1.0 + std::sqrt((squared - 1.0) / (squared + 1.0)));
    const bool often = random.uniform(counter + 1) < share;
    return exponential(random, counter) / (2.0 * (often ? share : 1.0 - share));
}

TEST(Wait, AsSimulated) {
    struct Case {
        double cv;
        std::function<double(const Random&, std::uint32_t)> service;
        double mean_within, p95_within;
    };
    const std::vector<Case> cases = {
        {1.0, exponential, 0.03, 0.03},
        {0.0, [](const Random&, std::uint32_t) { return 1.0; }, 0.03, 0.08},
        {2.0, hyperexponential, 0.05, 0.10}};
    for (const Case& each : cases) {
        for (const double load : {0.7, 0.85}) {
            const auto [mean, p95] = simulated(4, 4.0 * load, each.service);
            const Wait found = wait({4, 1.0, 4.0 * load, each.cv});
            EXPECT_NEAR(found.mean / mean, 1.0, each.mean_within) << each.cv << ' ' << load;
            EXPECT_NEAR(found.p95 / p95, 1.0, each.p95_within) << each.cv << ' ' << load;
        }
    }
}

TEST(Servers, AreTheFewestThatMeetTheLimit) {
    for (const double arrivals : {0.3, 7.0, 95.0, 3000.0}) {
        for (const double limit : {0.0, 0.1, 2.0}) {
            Queue queue{.rate = 1.0, .arrivals = arrivals, .cv_service = 0.7};
            queue.servers = servers_for(limit, queue);
            EXPECT_LE(wait(queue).p95, limit);
            if (--queue.servers > 0) {
                EXPECT_GT(wait(queue).p95, limit);
            }
        }
    }
}

TEST(Servers, PoolsOfSpecialistsWaitLongerThanOnePool) {
    EXPECT_GT(wait({4, 1.0, 3.4}).mean, 2.0 * wait({8, 1.0, 6.8}).mean);
    EXPECT_GT(2 * servers_for(0.1, {.arrivals = 20.0}), servers_for(0.1, {.arrivals = 40.0}));
}

}  // namespace
}  // namespace motley::fleet

// Searched placements against all placements, and against packed and spread.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "motley/core/random.hpp"
#include "motley/job/job.hpp"
#include "redesign/study/design_fabric.hpp"
#include "redesign/study/phases.hpp"

namespace motley::redesign {
namespace {

class Draws {
  public:
    explicit Draws(std::uint64_t id) : random_(23, Stream::test, id) {}
    int below(int bound) {
        return static_cast<int>(random_.below(static_cast<std::uint64_t>(bound), counter_++));
    }

  private:
    Random random_;
    std::uint32_t counter_ = 0;
};

/// Prefill on a and decode on b, a little of each on the other; c can do both. Leaves with two
/// hosts each under narrow uplinks.
std::string job_of(Draws& draws, int leaves, const std::string& design) {
    const int devices = 2 * leaves;
    const int a = 1 + draws.below(devices - 2);
    const int b = 1 + draws.below(devices - a - 1);
    const auto number = [&](int low, int high) { return std::to_string(low + draws.below(high)); };
    return "kind = \"redesign\"\n[demand]\nprefill = 100\ndecode = 100\n[task.prefill]\n"
           "flows = [{ to = \"decode\", bytes = " +
           number(1, 9) +
           "e8 }]\n[device.a]\nprice_per_hour = 1\nrate = { prefill = " + number(20, 60) +
           ", decode = " + number(1, 9) +
           " }\n[device.b]\nprice_per_hour = 1\nrate = { prefill = " + number(1, 9) +
           ", decode = " + number(20, 60) +
           " }\n[device.c]\nprice_per_hour = 1\nrate = { prefill = 10, decode = 10 }\n"
           "[design.one]\nfleet = { a = " +
           std::to_string(a) + ", b = " + std::to_string(b) +
           ", c = " + std::to_string(devices - a - b) +
           " }\ntopology = { generator = \"leaf-spine\", leaves = " + std::to_string(leaves) +
           ", spines = 1, hosts_per_leaf = 2, uplink_capacity = 0.5 }\nlink_gb_per_s = " +
           number(4, 20) + "\n" + design + "[uncertainty]\nscenarios = 0\n";
}

DesignFabric fabric_for(const job::Redesign& job) {
    const auto throughput = fleet::best_throughput(job.problem, job.fleets[0]);
    return *fabric_of(job, &job.designs[0], job.fleets[0], throughput);
}

double theta_of(const job::Redesign& job, const DesignFabric& fabric) {
    const double most = fleet::best_throughput(job.problem, job.fleets[0]).theta;
    return std::min(most, served_on(fabric, fabric.graph).low);
}

const char* const search = "hand_over = \"rack\"\nplacement = \"search\"\nfailures = 0\n";

/// All orders of the types on the hosts.
double best_of_all(const job::Redesign& job, DesignFabric fabric) {
    auto types = fabric.system.hosts;
    const auto less = [](const auto& x, const auto& y) { return x.type < y.type; };
    std::ranges::sort(types, less);
    double best = 0.0;
    do {
        for (std::size_t h = 0; h < types.size(); ++h) fabric.system.hosts[h].type = types[h].type;
        best = std::max(best, theta_of(job, fabric));
    } while (std::next_permutation(types.begin(), types.end(), less));
    return best;
}

TEST(PlacementSearch, FindsTheBestOfAllOnTinyFabricsAndKeepsItsBound) {
    int better = 0, tight = 0;
    constexpr int cases = 24;
    for (int id = 0; id < cases; ++id) {
        Draws draws(static_cast<std::uint64_t>(id));
        const auto job = job::parse(job_of(draws, 2 + id % 2, search), "p.toml", {}).redesign;
        const DesignFabric fabric = fabric_for(job);
        ASSERT_TRUE(fabric.placement);
        const PlacementResult& found = *fabric.placement;
        const double best = best_of_all(job, fabric);
        EXPECT_NEAR(found.searched, best, 1e-6 * best) << id;
        EXPECT_NEAR(theta_of(job, fabric), found.searched, 1e-6 * best) << id;
        EXPECT_GE(found.bound, best * (1.0 - 1e-6)) << id;
        better += found.searched > 1.01 * std::max(found.packed, found.spread) ? 1 : 0;
        tight += found.bound < 1.01 * best ? 1 : 0;
    }
    EXPECT_GT(better, 3);
    EXPECT_GT(tight, 3);
}

TEST(PlacementSearch, IsNoWorseThanPackedAndSpreadWithinItsTrials) {
    for (int id = 0; id < 6; ++id) {
        Draws draws(100 + static_cast<std::uint64_t>(id));
        const std::string text = job_of(draws, 8, std::string(search) + "placement_trials = 30\n");
        const auto job = job::parse(text, "p.toml", {}).redesign;
        const DesignFabric fabric = fabric_for(job);
        const PlacementResult& found = *fabric.placement;
        EXPECT_LE(found.trials, 30) << id;
        EXPECT_GE(found.searched, std::max(found.packed, found.spread)) << id;
        EXPECT_LE(found.searched, found.bound * (1.0 + 1e-6)) << id;
        for (const char* placement : {"packed", "spread"}) {
            std::string given = text;
            given.replace(given.find("\"search\""), 8, "\"" + std::string(placement) + "\"");
            given.erase(given.find("placement_trials = 30\n"), 22);
            const auto other = job::parse(given, "p.toml", {}).redesign;
            EXPECT_NEAR(theta_of(other, fabric_for(other)),
                        placement == std::string("packed") ? found.packed : found.spread, 1e-9)
                << id;
        }
        EXPECT_EQ(fabric_for(job).placement->searched, found.searched);  // the same again
    }
}

TEST(PlacementSearch, IsShownInTheNetworkOfTheDesign) {
    Draws draws(3);
    const auto job = job::parse(job_of(draws, 3, search), "p.toml", {}).redesign;
    const auto self = mpi::Communicator::self();
    RedesignResult result;
    judge(job, result, {});
    add_network(job, self, result);
    const NetworkResult& network = result.designs[0].network;
    ASSERT_TRUE(network.placement);
    EXPECT_NEAR(std::min(network.bound.low, result.designs[0].throughput.theta),
                network.placement->searched, 1e-6);
}

}  // namespace
}  // namespace motley::redesign

// Traffic of a fleet on a fabric against closed forms.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "motley/job/job.hpp"
#include "motley/redesign/fabric/assessment.hpp"
#include "redesign/study/fleet_traffic.hpp"
#include "redesign/study/phases.hpp"

namespace motley::redesign {
namespace {

job::Redesign job_of(const std::string& text) {
    return job::parse(text, "network.toml", {}).redesign;
}

/// Prefill on a, decode on b; each just does 100 requests per second with its fleet of `each`.
std::string phases(int each, const std::string& design, const std::string& task) {
    return "kind = \"redesign\"\n[demand]\nprefill = 100\ndecode = 100\n"
           "[device.a]\nprice_per_hour = 1\nrate = { prefill = " +
           std::to_string(100.0 / each) +
           " }\nsource = \"x\"\n"
           "[device.b]\nprice_per_hour = 1\nrate = { decode = " +
           std::to_string(100.0 / each) +
           " }\nsource = \"x\"\n"
           "[device.c]\nprice_per_hour = 1\nrate = { prefill = 1, decode = 1 }\nsource = \"x\"\n"
           "[task.prefill]\nunit = \"requests/s\"\n" +
           task + "\n[design.one]\nfleet = { a = " + std::to_string(each) +
           ", b = " + std::to_string(each) + " }\n" + design +
           "[uncertainty]\nscenarios = 0\n[dynamics]\nsteps = 0\n";
}

/// The phases of a study up to the intervals, on this rank alone.
RedesignResult network_of(const job::Redesign& job) {
    const auto self = mpi::Communicator::self();
    RedesignResult result;
    judge(job, result, {});
    add_intervals(job, self, add_network(job, self, result), result);
    return result;
}

const FabricLoss& loss_of(const DesignResult& design, const std::string& part) {
    return *std::ranges::find(design.network.losses, part, &FabricLoss::part);
}

DesignResult first(const std::string& text) {
    return network_of(job_of(text)).designs.front();
}

const char* const kv_cache = "flows = [{ to = \"decode\", bytes = 1e9 }]";
const char* const pair =
    "topology = { generator = \"complete\", agents = 2 }\nlink_gb_per_s = 50\n";

TEST(RedesignNetwork, ALinkOfHalfTheBandwidthHalvesTheThroughput) {
    // 100 requests/s of 1 GB over 50 GB/s.
    const DesignResult design = first(phases(1, pair, kv_cache));
    EXPECT_NEAR(design.network.traffic, 100.0, 1e-9);
    EXPECT_NEAR(design.network.bound.low, 0.5, 1e-8);
    EXPECT_NEAR(design.network.bound.high, 0.5, 1e-8);
    EXPECT_NEAR(design.network.even, 0.5, 1e-12);
    EXPECT_NEAR(design.gain.network, 0.5, 1e-8);
    EXPECT_NEAR(design.gain.product(), design.gain.total, 1e-12);
    EXPECT_NEAR(design.theta(), 0.5, 1e-8);
    EXPECT_NEAR(design.price_to_serve, 2.0 / 0.5, 1e-7);
    EXPECT_TRUE(design.network_binds());
    EXPECT_EQ(design.network.bottleneck, "host 0 -> host 1");
    ASSERT_EQ(design.network.losses.size(), 2U);  // nodes and links; there are no switches
    EXPECT_EQ(loss_of(design, "link").theta, 0.0);
    EXPECT_EQ(loss_of(design, "link").disconnecting, 1);
    EXPECT_EQ(loss_of(design, "node").theta, 0.0);
}

TEST(RedesignNetwork, UnitsOfTheDemandAreCounted) {
    std::string text = phases(1, pair, kv_cache);
    text.replace(text.find("requests/s"), 10, "krequests/min");
    // 100 krequests/min = 1666.7 requests/s.
    EXPECT_NEAR(first(text).network.bound.low, 50.0 / (1e5 / 60.0), 1e-9);
}

TEST(RedesignNetwork, WhatFitsCostsNothing) {
    std::string text = phases(1, pair, kv_cache);
    text.replace(text.find("link_gb_per_s = 50"), 18, "link_gb_per_s = 200");
    const DesignResult design = first(text);
    EXPECT_NEAR(design.network.even, 2.0, 1e-12);
    EXPECT_NEAR(design.network.bound.low, 1.0, 1e-8);  // the devices limit
    EXPECT_EQ(design.gain.network, 1.0);
    EXPECT_FALSE(design.network_binds());
    EXPECT_EQ(bottleneck_of(job_of(text), design), "prefill");
}

TEST(RedesignNetwork, ClassesShareTheFabric) {
    const std::string back = std::string(kv_cache) +
                             "\n[task.decode]\nunit = \"requests/s\"\n"
                             "flows = [{ to = \"prefill\", bytes = 3e9 }, "
                             "{ to = \"prefill\", bytes = 1e9 }]";
    const DesignResult design = first(phases(1, pair, back));
    EXPECT_NEAR(design.network.traffic, 500.0, 1e-9);
    EXPECT_NEAR(design.network.bound.low, 50.0 / 400.0, 1e-8);  // the way back
    EXPECT_EQ(design.network.bottleneck, "host 1 -> host 0");
}

/// Groups of 4 under one switch: the busiest port by the closed form of each collective.
TEST(RedesignNetwork, CollectivesUnderOneSwitchAreLimitedByTheBusiestPort) {
    const std::string star =
        "topology = { generator = \"leaf-spine\", leaves = 1, spines = 1, hosts_per_leaf = 8 }\n"
        "link_gb_per_s = 10\n";
    using fabric::Collective;
    const std::pair<const char*, Collective> kinds[] = {
        {"all-reduce", Collective::ring_all_reduce},
        {"all-reduce-tree", Collective::tree_all_reduce},
        {"all-reduce-halving-doubling", Collective::halving_doubling_all_reduce},
        {"all-gather", Collective::ring_all_gather},
        {"reduce-scatter", Collective::ring_reduce_scatter},
        {"all-to-all", Collective::all_to_all}};
    for (const auto& [name, kind] : kinds) {
        const std::string task =
            "collectives = [{ kind = \"" + std::string(name) + "\", bytes = 2e8, group = 4 }]";
        const DesignResult design = first(phases(4, star, task));
        const double port = fabric::busiest_port(kind, 4, 2e8) * 100.0;  // a group does it all
        EXPECT_NEAR(design.network.bound.low, std::min(design.throughput.theta, 10e9 / port), 1e-8)
            << name;
        EXPECT_NEAR(design.network.even, 10e9 / port, 1e-9) << name;
    }
}

TEST(RedesignNetwork, GroupsShareTheWorkOfTheirClass) {
    const std::string star =
        "topology = { generator = \"leaf-spine\", leaves = 1, spines = 1, hosts_per_leaf = 8 }\n"
        "link_gb_per_s = 10\n";
    const DesignResult design =
        first(phases(4, star, "collectives = [{ kind = \"all-gather\", bytes = 2e8, group = 2 }]"));
    EXPECT_NEAR(design.network.even, 10e9 / (1e8 * 50.0), 1e-9);
}

/// Each of 64 prefill hosts sends one port in all to 64 decode hosts.
TEST(RedesignNetwork, AFatTreeCarriesFullPortsInAnyPlacement) {
    for (const char* placement : {"packed", "spread"}) {
        const DesignResult design = first(
            phases(64,
                   "topology = { generator = \"fat-tree\", arity = 8 }\nlink_gb_per_s = 1.5625\n"
                   "placement = \"" +
                       std::string(placement) + "\"\nfailures = 40\n",
                   kv_cache));
        EXPECT_NEAR(design.network.bound.low, 1.0, 1e-8) << placement;
        EXPECT_NEAR(design.network.bound.high, 1.0, 1e-8) << placement;
        EXPECT_NEAR(design.network.even, 1.0, 1e-12) << placement;
        EXPECT_EQ(design.gain.network, 1.0) << placement;
        ASSERT_EQ(design.network.losses.size(), 4U);
        for (const FabricLoss& loss : design.network.losses) {
            EXPECT_EQ(loss.tried, loss.possible);  // they are alike
            EXPECT_LE(loss.theta, 1.0 + 1e-12);
            EXPECT_LE(loss.bound.low, loss.bound.high);
        }
        EXPECT_EQ(loss_of(design, "node").possible, 128);
        EXPECT_EQ(loss_of(design, "link").possible, 384);
        EXPECT_EQ(loss_of(design, "switch").possible, 80);
        EXPECT_EQ(loss_of(design, "rack").possible, 32);
        // 63 of 64 hosts are left on one side.
        EXPECT_NEAR(loss_of(design, "node").theta, 63.0 / 64.0, 1e-6);
    }
}

job::Redesign mixed(const std::string& placement) {
    return job_of(
        "kind = \"redesign\"\n[demand]\nx = 30\ny = 10\n[device.a]\nprice_per_hour = 1\n"
        "node_size = 2\nrate = { x = 5, y = 5 }\nsource = \"x\"\n[design.one]\nfleet = { a = 8 }\n"
        "topology = { generator = \"complete\", agents = 10 }\nlink_gb_per_s = 1\nplacement = \"" +
        placement + "\"\n");
}

std::vector<Seat> seats(const job::Redesign& job) {
    return seats_of(job, job.fleets[0], fleet::best_throughput(job.problem, job.fleets[0]),
                    job.designs[0].placement);
}

TEST(RedesignNetwork, PlacementKeepsNodesWholeAndServesTheDemand) {
    // 6 of 8 devices do x, 2 do y.
    const auto does = [](const std::vector<Seat>& all, std::size_t task) {
        std::vector<std::size_t> hosts;
        for (std::size_t h = 0; h < all.size(); ++h) {
            if (all[h].work[task] > 0.0) hosts.push_back(h);
        }
        return hosts;
    };
    const auto packed = seats(mixed("packed")), spread = seats(mixed("spread"));
    EXPECT_EQ(does(packed, 0), (std::vector<std::size_t>{0, 1, 2, 3, 4, 5}));
    EXPECT_EQ(does(packed, 1), (std::vector<std::size_t>{6, 7}));
    EXPECT_EQ(does(spread, 1).size(), 2U);
    EXPECT_EQ(does(spread, 1)[0] % 2, 0U);
    EXPECT_EQ(does(spread, 1)[1], does(spread, 1)[0] + 1);
    EXPECT_LT(does(spread, 1)[1], 6U);
    for (const auto& all : {packed, spread}) {
        double x = 0.0, y = 0.0;
        for (const Seat& seat : all) {
            x += seat.work[0];
            y += seat.work[1];
        }
        EXPECT_NEAR(x, 30.0, 1e-9);
        EXPECT_NEAR(y, 10.0, 1e-9);
    }
}

TEST(RedesignNetwork, ADeviceOfTwoClassesIsSharedInProportion) {
    job::Redesign job = mixed("packed");
    job.problem.tasks[0].demand = 25;  // 8 devices: 5.714 and 2.286
    const auto all = seats(job);
    EXPECT_GT(all[5].work[0], 0.0);
    EXPECT_GT(all[5].work[1], 0.0);
    EXPECT_NEAR(all[5].work[0] / all[0].work[0] + all[5].work[1] / all[7].work[1], 1.0, 1e-9);
}

TEST(RedesignNetwork, HierarchicalAllReduceOnRails) {
    // 4 nodes of 4: rails carry 2 (m - 1)/m V/g, the inside 2 (g - 1)/g V on 9 ports.
    const std::string rails =
        "topology = { generator = \"rail-only\", nodes = 8, devices = 4 }\nlink_gb_per_s = 1\n";
    const DesignResult design = first(
        phases(16, rails,
               "collectives = [{ kind = \"all-reduce-hierarchical\", bytes = 1e7, group = 16 }]"));
    const double rail = 2.0 * 3.0 / 4.0 / 4.0, inside = 2.0 * 3.0 / 4.0 / 9.0;
    EXPECT_NEAR(design.network.even, 1.0 / std::max(rail, inside), 1e-9);
}

/// lambda is 1/2 at a demand of 100, and falls as the demand of one class grows above that.
TEST(RedesignNetwork, ScenariosKeepTheLimitOfTheNetwork) {
    std::string text = phases(1, pair, kv_cache);
    text.replace(text.find("prefill = 100"), 13, "prefill = [50, 150]");
    text.replace(text.find("scenarios = 0"), 13, "scenarios = 4000");
    const DesignResult design = first(text);
    EXPECT_NEAR(design.interval->theta.high, 0.5, 1e-8);
    EXPECT_NEAR(design.interval->theta.low, 0.5 / 1.475, 0.005);  // 97.5 % of [0.5, 1.5]
}

TEST(RedesignNetwork, ThePriceOfTheFabricIsPaid) {
    const DesignResult design =
        first(phases(1, std::string(pair) + "fabric_price_per_hour = 3\n", kv_cache));
    EXPECT_EQ(design.price, 5.0);
    EXPECT_NEAR(design.price_to_serve, 5.0 / 0.5, 1e-7);
    EXPECT_FALSE(design.interval.has_value());  // nothing is uncertain
}

TEST(RedesignNetwork, HeterogeneityAddsUpOverTheLevels) {
    // Half of the devices for each class: log 2 in all, by type and by rack.
    const std::string tree =
        "topology = { generator = \"fat-tree\", arity = 4 }\nlink_gb_per_s = 100\n";
    const DesignResult packed = first(phases(8, tree, kv_cache));
    const auto& all = packed.specialisation;
    ASSERT_EQ(all.levels.size(), 3U);
    EXPECT_NEAR(all.types, std::log(2.0), 1e-12);
    EXPECT_NEAR(all.bound, std::log(2.0), 1e-12);
    EXPECT_EQ(all.levels[0].name, "rack");
    EXPECT_NEAR(all.levels[0].heterogeneity, std::log(2.0), 1e-12);
    EXPECT_NEAR(all.levels[1].heterogeneity, 0.0, 1e-12);
    // Dealt round: every rack of two has one of each.
    const DesignResult spread = first(phases(8, tree + "placement = \"spread\"\n", kv_cache));
    EXPECT_NEAR(spread.specialisation.levels[0].heterogeneity, 0.0, 1e-12);
    EXPECT_NEAR(spread.specialisation.levels[1].heterogeneity, std::log(2.0), 1e-12);
}

TEST(RedesignNetwork, WithoutATopologyNothingIsChargedAndThatIsSaid) {
    const RedesignResult result = network_of(job_of(phases(1, "", kv_cache)));
    EXPECT_FALSE(result.designs.front().network.given);
    EXPECT_TRUE(std::isnan(result.designs.front().gain.network));
    EXPECT_THAT(result.notes, testing::Contains(testing::StartsWith(
                                  "the traffic of 'one' is not charged: it has no fabric")));
}

}  // namespace
}  // namespace motley::redesign

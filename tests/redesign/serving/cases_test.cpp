// Known answers: cases that went wrong before, cuts, fixed traffic, symmetry, prices and refusals.
#include <gtest/gtest.h>

#include <cmath>

#include "motley/core/error.hpp"
#include "motley/redesign/fabric/flow.hpp"
#include "motley/redesign/serving/serving.hpp"
#include "systems.hpp"

namespace motley::serving {
namespace {

using test::Draws;
using test::made;

std::size_t at(int index) {
    return static_cast<std::size_t>(index);
}

fabric::FabricGraph four_racks(int spines) {
    return made("leaf-spine", {{"leaves", 4}, {"spines", double(spines)}, {"hosts_per_leaf", 8}});
}

/// 32 devices of the same speed in four racks of eight; 1.25e9 bytes per request at 12.5 GB/s.
System allocation_case() {
    System system;
    system.types = {{{10.0, 10.0}}, {{10.0, 10.0}}};
    for (int h = 0; h < 32; ++h) system.hosts.push_back({h / 16, h / 8});
    system.demands = {160.0, 160.0};
    system.flows = {{0, 1, 0.1}};
    return system;
}

/// Shares of time in which the first `first` of every `of` devices prefill and the rest decode.
std::vector<double> split(int first, int of) {
    std::vector<double> shares;
    for (int h = 0; h < 32; ++h) {
        const double prefill = h % of < first ? 1.0 : 0.0;
        shares.push_back(prefill);
        shares.push_back(1.0 - prefill);
    }
    return shares;
}

TEST(Cases, HandOverInsideTheRackServesTheDemandOverOneSpine) {
    const System system = allocation_case();
    for (const HandOver hand_over : {HandOver::free, HandOver::rack}) {
        for (const Routing routing : {Routing::best, Routing::ecmp, Routing::adaptive}) {
            const Outcome outcome = serve(four_racks(1), system, {hand_over, routing});
            EXPECT_NEAR(outcome.low, 1.0, 1e-8);
            EXPECT_NEAR(outcome.high, 1.0, 1e-8);
            EXPECT_EQ(outcome.bottleneck, -1);
        }
    }
}

TEST(Cases, EvenHandOverIsHeldBackByTheSpine) {
    const System system = allocation_case();
    for (const Routing routing : {Routing::best, Routing::ecmp, Routing::adaptive}) {
        const auto theta = [&](int spines, std::vector<double> shares) {
            return serve(four_racks(spines), system, {HandOver::even, routing, std::move(shares)});
        };
        // Packed: the 8 prefill devices of a rack send 8 ports through one uplink.
        Outcome outcome = theta(1, split(16, 32));
        EXPECT_NEAR(outcome.low, 0.125, 1e-9);
        EXPECT_NEAR(outcome.high, 0.125, 1e-9);
        EXPECT_NEAR(outcome.shares[0], 0.125, 1e-9);
        EXPECT_GE(outcome.bottleneck, 0);
        // Spread: of the 4 ports of a rack three quarters leave it.
        EXPECT_NEAR(theta(1, split(4, 8)).low, 1.0 / 3.0, 1e-9);
        EXPECT_NEAR(theta(8, split(16, 32)).low, 1.0, 1e-9);
    }
}

TEST(Cases, RacksWithClassesOfTheirOwnServeTheDemand) {
    System system;
    for (int rack = 0; rack < 4; ++rack) {
        std::vector<double> rates(8, 0.0);
        rates[at(2 * rack)] = rates[at(2 * rack + 1)] = 10.0;
        system.types.push_back({rates});
        for (int h = 0; h < 8; ++h) system.hosts.push_back({rack, rack});
        system.demands.insert(system.demands.end(), {40.0, 40.0});
        system.flows.push_back({2 * rack, 2 * rack + 1, 0.1});
    }
    for (const HandOver hand_over : {HandOver::free, HandOver::rack}) {
        const Outcome outcome = serve(four_racks(1), system, {.hand_over = hand_over});
        EXPECT_NEAR(outcome.low, 1.0, 1e-8);
        EXPECT_NEAR(outcome.high, 1.0, 1e-8);
        for (const double load : outcome.loads) EXPECT_LE(load, 1.0 + 1e-9);
    }
}

/// Prefill in two racks, decode in the two others, each only there: the cut is all uplinks.
TEST(Cases, OnePairOfPoolsIsAMinimumCut) {
    for (const double uplink : {0.5, 1.0, 2.0, 8.0}) {
        const auto graph = made(
            "leaf-spine",
            {{"leaves", 4}, {"spines", 2}, {"hosts_per_leaf", 8}, {"uplink_capacity", uplink}});
        System system = allocation_case();
        system.types = {{{10.0, 0.0}}, {{0.0, 10.0}}};
        const double cut = std::min(4.0 * uplink / 16.0, 1.0);
        for (const Routing routing : {Routing::best, Routing::ecmp, Routing::adaptive}) {
            const Outcome outcome = serve(graph, system, {.routing = routing});
            EXPECT_NEAR(outcome.low, cut, 1e-8) << uplink;
            EXPECT_NEAR(outcome.high, cut, 1e-8) << uplink;
            EXPECT_EQ(outcome.bottleneck >= 0, cut < 1.0);
            EXPECT_NEAR(outcome.handed[0].fabric, 16.0 * cut, 1e-7);
            EXPECT_NEAR(outcome.handed[0].self, 0.0, 1e-9);
        }
    }
}

/// In nodes of 8 the same work stays inside where the node's network carries it: a port of half a
/// link serves half of the demand, and the fabric's one link per host serves the rest.
TEST(Cases, NodesHaveANetworkOfTheirOwn) {
    System system = allocation_case();
    system.types = {{{10.0, 0.0}}, {{0.0, 10.0}}};
    for (int h = 0; h < 32; ++h) system.hosts[at(h)].type = h % 2;
    for (const auto& [bandwidth, uplinks] : {std::pair(0.5, 1), std::pair(1.0, 1)}) {
        for (auto& type : system.types) type.node_bandwidth = bandwidth;
        const Outcome outcome = serve(four_racks(uplinks), system);
        EXPECT_NEAR(outcome.low, 1.0, 1e-8);
        EXPECT_NEAR(outcome.handed[0].node + outcome.handed[0].fabric, 16.0, 1e-6);
        EXPECT_GE(outcome.handed[0].node, 0.0);
    }
    // Without links to the switches only the node is left.
    std::vector<fabric::Channel> channels;
    for (int h = 0; h < 32; ++h) {
        channels.push_back({h, 32, 1e-6});
        channels.push_back({32, h, 1e-6});
    }
    const Outcome outcome = serve({32, 33, channels}, system);
    EXPECT_NEAR(outcome.low, 1.0, 1e-5);
    for (auto& type : system.types) type.node_bandwidth = 0.25;
    EXPECT_NEAR(serve({32, 33, channels}, system).low, 0.25, 1e-5);
}

/// Four devices do a class together round a ring; devices outside of the group do nothing.
TEST(Cases, AGroupWaitsForItsSlowestMemberAndItsLinks) {
    System system = allocation_case();
    system.types = {{{10.0}}, {{5.0}}};
    system.demands = {40.0};
    system.flows.clear();
    Group group{.hosts = {0, 8, 16, 24}};
    for (int i = 0; i < 4; ++i) {
        group.demands.push_back({group.hosts[at(i)], group.hosts[at((i + 1) % 4)], 0.0});
    }
    system.collectives = {{0, {group}}};
    // Every member does as much as the slowest, 5 units/s.
    EXPECT_NEAR(serve(four_racks(1), system).low, 20.0 / 40.0, 1e-8);
    for (auto& demand : system.collectives[0].groups[0].demands) demand.amount = 0.2;
    // 0.2 ports per unit of the group and one uplink of capacity 1: 5 units/s.
    for (const Routing routing : {Routing::best, Routing::ecmp, Routing::adaptive}) {
        const Outcome outcome = serve(four_racks(1), system, {.routing = routing});
        EXPECT_NEAR(outcome.low, 5.0 / 40.0, 1e-8);
        EXPECT_NEAR(outcome.shares[0], 0.125, 1e-8);
        EXPECT_NEAR(outcome.shares[16], 0.25, 1e-8);
        EXPECT_EQ(outcome.shares[1], 0.0);
    }
}

/// Fixed traffic is judged as the fabric layer does, host by host.
TEST(Cases, EvenHandOverAgreesWithFixedTraffic) {
    for (std::uint64_t id = 0; id < 40; ++id) {
        Draws draws(id);
        const auto graph = test::tiny_fabric(draws, id % 2 == 0);
        System system = test::tiny_system(draws, graph, false);
        system.types[0].node_bandwidth = system.types[1].node_bandwidth = 0.0;
        system.types[0].rates[1] = 1.0;
        const int hosts = graph.hosts();
        std::vector<double> shares, works(3, 0.0);
        for (int i = 0; i < 3 * hosts; ++i) shares.push_back(draws.between(0.0, 1.0 / 3.0));
        const auto work = [&](int h, int k) {
            const int type = system.hosts[at(h)].type;
            return type < 0 ? 0.0 : system.types[at(type)].rates[at(k)] * shares[at(3 * h + k)];
        };
        for (int i = 0; i < 3 * hosts; ++i) works[at(i % 3)] += work(i / 3, i % 3);
        std::vector<fabric::Demand> demands;
        for (const Flow& flow : system.flows) {
            for (int a = 0; a < hosts; ++a) {
                for (int b = 0; b < hosts; ++b) {
                    const double amount = flow.amount * system.demands[at(flow.from)] *
                                          (work(a, flow.from) / works[at(flow.from)]) *
                                          (work(b, flow.to) / works[at(flow.to)]);
                    if (a != b && amount > 0.0) demands.push_back({a, b, amount});
                }
            }
        }
        double devices = 1e300;
        for (int k = 0; k < 3; ++k)
            devices = std::min(devices, works[at(k)] / system.demands[at(k)]);
        const fabric::Traffic traffic(demands);
        const double routed = std::min(devices, fabric::ecmp(graph, traffic).throughput);
        const double best = std::min(devices, fabric::concurrent_flow(graph, traffic).high);
        Options options{HandOver::even, Routing::ecmp, shares};
        for (const std::size_t largest : {std::size_t{5000}, std::size_t{0}}) {
            options.largest = largest;
            options.routing = Routing::ecmp;
            EXPECT_NEAR(serve(graph, system, options).low, routed, 1e-7) << id;
            EXPECT_NEAR(serve(graph, system, options).high, routed, 1e-7) << id;
            options.routing = Routing::best;
            EXPECT_NEAR(serve(graph, system, options).low, best, 1e-6 * best) << id;
            EXPECT_NEAR(serve(graph, system, options).high, best, 1e-6 * best) << id;
        }
    }
}

TEST(Cases, PricesOfLinksAreDerivatives) {
    int priced = 0;
    for (std::uint64_t id = 0; id < 12; ++id) {
        Draws draws(id);
        const auto graph = test::tiny_fabric(draws, id % 2 == 0);
        System system = test::tiny_system(draws, graph, id % 3 == 0);
        for (Flow& flow : system.flows) flow.amount *= 2.0;
        for (const Routing routing : {Routing::best, Routing::ecmp, Routing::adaptive}) {
            const Options options{.routing = routing};
            const Outcome outcome = serve(graph, system, options);
            for (std::size_t c = 0; c < graph.channels().size(); ++c) {
                const double step = 1e-4;
                const auto with = [&](double change) {
                    auto channels = graph.channels();
                    channels[c].capacity += change;
                    return serve({graph.hosts(), graph.vertices(), channels}, system, options).low;
                };
                const double up = (with(step) - outcome.low) / step;
                const double down = (outcome.low - with(-step)) / step;
                EXPECT_GE(outcome.prices[c], up - 1e-4) << id << ' ' << c;
                EXPECT_LE(outcome.prices[c], down + 1e-4) << id << ' ' << c;
                EXPECT_LE(outcome.loads[c], graph.channels()[c].capacity + 1e-7);
                priced += outcome.prices[c] > 1e-6 ? 1 : 0;
            }
        }
    }
    EXPECT_GT(priced, 30);
}

TEST(Cases, LargeFabricsByColumnsAndAtOnceAgree) {
    for (const auto& graph :
         {made("fat-tree", {{"arity", 8}}),
          made("jellyfish", {{"switches", 16}, {"ports", 9}, {"hosts_per_switch", 4}}),
          made("dragonfly", {{"h", 2}, {"a", 4}, {"p", 2}}),
          made("rail-only", {{"nodes", 8}, {"devices", 4}})}) {
        System system = allocation_case();
        system.types = {{{10.0, 3.0}}, {{4.0, 8.0}}};
        system.flows[0].amount = 0.5;
        system.hosts.clear();
        for (int h = 0; h < graph.hosts(); ++h)
            system.hosts.push_back({h / 4 % 3 == 0 ? 0 : 1, h / 4});
        for (const Routing routing : {Routing::ecmp, Routing::adaptive}) {
            Options options{.routing = routing, .largest = 1'000'000};
            const Outcome whole = serve(graph, system, options);
            options.largest = 0;
            const Outcome columns = serve(graph, system, options);
            EXPECT_NEAR(whole.low, whole.high, 1e-7 * whole.high);
            EXPECT_NEAR(columns.low, whole.low, 2e-6 * whole.low);
            EXPECT_NEAR(columns.high, whole.high, 2e-6 * whole.high);
            EXPECT_GT(columns.rounds, 0);
            EXPECT_GT(whole.fabric_share, 0.0);
        }
    }
}

TEST(Cases, AClassWithoutDevicesIsNotServed) {
    System system = allocation_case();
    for (auto& type : system.types) type.rates[1] = 0.0;
    const Outcome outcome = serve(four_racks(1), system);
    EXPECT_EQ(outcome.low, 0.0);
    EXPECT_EQ(outcome.high, 0.0);
}

TEST(Cases, LimitsHoldDevicesBack) {
    System system = allocation_case();
    system.limits = {{1, -1, 4.0}};
    EXPECT_NEAR(serve(four_racks(1), system).low, 0.25, 1e-8);
    system.limits = {{1, 0, 4.0}};
    EXPECT_NEAR(serve(four_racks(8), system).low, 1.0, 1e-8);
}

TEST(Cases, RefusesWhatDoesNotFit) {
    const auto refuses = [](const System& system, const Options& options = {}) {
        EXPECT_THROW(serve(four_racks(1), system, options), Error);
    };
    System system = allocation_case();
    system.hosts.pop_back();
    refuses(system);
    system = allocation_case();
    system.types[0].rates.pop_back();
    refuses(system);
    system = allocation_case();
    system.demands[0] = 0.0;
    refuses(system);
    system = allocation_case();
    system.flows[0].to = 2;
    refuses(system);
    system = allocation_case();
    system.collectives = {{0, {{{0, 1}, {{0, 5, 1.0}}}}}};
    refuses(system);
    system.collectives = {{0, {{{0, 1}, {}}}}, {0, {{{2, 3}, {}}}}};
    refuses(system);
    system.collectives = {{0, {{{0, 1}, {}}, {{1, 2}, {}}}}};
    refuses(system);
    refuses(allocation_case(), {.hand_over = HandOver::even});
}

}  // namespace
}  // namespace motley::serving

// Leaf-spine, dragonfly, HyperX, Jellyfish and rails against published sizes, degrees, diameters.
#include <gtest/gtest.h>

#include <map>

#include "interconnects.hpp"

namespace motley::topology {
namespace {

using namespace test;

using Rows = std::vector<std::vector<AgentId>>;

Rows rows_of(const Topology& topology) {
    return test::rows_of(links_of(topology), topology.agents());
}

/// All vertices in [begin, end) have this many neighbours.
void expect_degree(const Rows& rows, AgentId begin, AgentId end, std::int64_t degree) {
    for (AgentId v = begin; v < end; ++v) {
        EXPECT_EQ(std::ssize(rows[static_cast<std::size_t>(v)]), degree) << v;
    }
}

/// Hosts have one link each; hosts of a switch are numbered in a row.
void expect_hosts_in_a_row(const Topology& topology, std::int64_t per_switch) {
    const Rows rows = rows_of(topology);
    for (AgentId host = 0; host < topology.hosts(); ++host) {
        EXPECT_EQ(rows[static_cast<std::size_t>(host)],
                  std::vector<AgentId>{topology.hosts() + host / per_switch});
    }
}

TEST(LeafSpine, LinksEveryLeafWithEverySpine) {
    for (const double uplink : {1.0, 4.0}) {
        const auto topology = make(leaf_spine_of(6, 3, 5, uplink));
        EXPECT_EQ(topology->hosts(), 30);
        EXPECT_EQ(topology->agents(), 39);
        EXPECT_EQ(links_of(*topology), links_by(39, [](AgentId a, AgentId b) {
                      const AgentId low = std::min(a, b), high = std::max(a, b);
                      return low < 30 ? high == 30 + low / 5 : low < 36 && high >= 36;
                  }));
        EXPECT_EQ(diameter(*topology), 4);
        EXPECT_EQ(topology->link(0, 30).capacity, 1.0);
        EXPECT_EQ(topology->link(30, 36).capacity, uplink);
        EXPECT_EQ(topology->link(0, 30).length, 1.0);
        EXPECT_GE(topology->link(30, 36).length, 3.0);
    }
}

/// Kim et al. 2008, doi:10.1109/ISCA.2008.19 (section 3.1): g = a h + 1 groups, N = a p (a h + 1)
/// hosts, router radix k = p + a + h - 1; routers at most 3 hops apart, local, global, local.
TEST(Dragonfly, HasThePublishedSizes) {
    for (const auto& [h, a, p] : std::vector<std::tuple<AgentId, AgentId, AgentId>>{
             {1, 2, 1}, {2, 4, 2}, {1, 4, 3}, {3, 2, 1}, {3, 6, 3}}) {
        const auto topology = make(dragonfly_of(h, a, p));
        const AgentId hosts = a * p * (a * h + 1);
        EXPECT_EQ(topology->hosts(), hosts);
        EXPECT_EQ(topology->agents(), hosts + a * (a * h + 1));
        expect_degree(rows_of(*topology), hosts, topology->agents(), p + a + h - 1);
        expect_hosts_in_a_row(*topology, p);
        EXPECT_EQ(diameter(*topology), 5) << h << " " << a << " " << p;
    }
    EXPECT_EQ(links_of(*make(dragonfly_of(2))), links_of(*make(dragonfly_of(2, 4, 2))))
        << "a=2p=2h";
}

TEST(Dragonfly, JoinsAnyTwoGroupsByOneLink) {
    const AgentId h = 2, a = 3, groups = a * h + 1;
    const auto topology = make(dragonfly_of(h, a, 2));
    std::map<Edge, int> joined;
    for (const auto& [v, w] : links_of(*topology)) {
        if (std::min(v, w) < topology->hosts()) continue;
        const AgentId from = (v - topology->hosts()) / a, to = (w - topology->hosts()) / a;
        if (from != to) {
            ++joined[{from, to}];
            EXPECT_GE(topology->link(v, w).length, 3.0);
        } else {
            EXPECT_EQ(topology->link(v, w).length, 1.0);
        }
    }
    EXPECT_EQ(std::ssize(joined), groups * (groups - 1));
    for (const auto& [pair, count] : joined) EXPECT_EQ(count, 1);
}

/// Ahn et al. 2009, doi:10.1145/1654059.1654101 (section 2): P = product of S_k switches with radix
/// T + sum of (S_k - 1), N = P T hosts; switches as many hops apart as coordinates differ.
TEST(HyperX, HasThePublishedSizes) {
    for (const auto& sides :
         std::vector<std::vector<AgentId>>{{7}, {4, 4}, {2, 5}, {3, 4, 2}, {2, 2, 2, 2, 2}}) {
        const std::int64_t per_switch = 3;
        const auto topology = make(hyperx_of(sides, per_switch));
        AgentId switches = 1;
        std::int64_t radix = per_switch;
        for (const AgentId side : sides) {
            switches *= side;
            radix += side - 1;
        }
        EXPECT_EQ(topology->hosts(), switches * per_switch);
        EXPECT_EQ(topology->agents(), switches * (per_switch + 1));
        expect_degree(rows_of(*topology), topology->hosts(), topology->agents(), radix);
        expect_hosts_in_a_row(*topology, per_switch);
        EXPECT_EQ(diameter(*topology), std::ssize(sides) + 2);
    }
}

/// A HyperX with sides of 2 is a hypercube of switches.
TEST(HyperX, WithSidesOfTwoIsAHypercube) {
    const auto topology = make(hyperx_of({2, 2, 2, 2}, 1));
    Links shifted;
    for (const auto& [a, b] : links_of(*make(spec_of("hypercube", 16)))) {
        shifted.emplace(a + 16, b + 16);
    }
    Links switches;
    for (const auto& [a, b] : links_of(*topology)) {
        if (a >= 16 && b >= 16) switches.emplace(a, b);
    }
    EXPECT_EQ(switches, shifted);
}

/// Singla et al. 2012 (NSDI, section 3): N (k - r) hosts, r ports of each switch for others.
TEST(Jellyfish, IsARandomRegularGraphOfSwitches) {
    const auto topology = make(jellyfish_of(40, 9, 4));
    EXPECT_EQ(topology->hosts(), 160);
    EXPECT_EQ(topology->agents(), 200);
    expect_degree(rows_of(*topology), 160, 200, 9);
    expect_hosts_in_a_row(*topology, 4);
    EXPECT_GT(diameter(*topology), 3);
    Links shifted;
    for (const auto& [a, b] : links_of(*make(spec_of("random-regular", 40, 5)))) {
        shifted.emplace(a + 160, b + 160);
    }
    Links switches;
    for (const auto& [a, b] : links_of(*topology)) {
        if (a >= 160 && b >= 160) switches.emplace(a, b);
    }
    EXPECT_EQ(switches, shifted);
}

/// Wang et al. 2023, arXiv:2307.12169 (figures 2 and 5).
TEST(Rails, JoinDevicesOfOneIndex) {
    const AgentId nodes = 6, devices = 4, hosts = nodes * devices;
    const AgentId rails = hosts + nodes, spines = rails + devices;
    for (const std::int64_t spine_count : {0, 3}) {
        const auto topology = make(rails_of(nodes, devices, spine_count));
        EXPECT_EQ(topology->hosts(), hosts);
        EXPECT_EQ(topology->agents(), spines + spine_count);
        const Rows rows = rows_of(*topology);
        for (AgentId host = 0; host < hosts; ++host) {
            EXPECT_EQ(rows[static_cast<std::size_t>(host)],
                      (std::vector<AgentId>{hosts + host / devices, rails + host % devices}));
        }
        expect_degree(rows, hosts, rails, devices);
        expect_degree(rows, rails, spines, nodes + spine_count);
        expect_degree(rows, spines, topology->agents(), devices);
        // Another node's device of another index: switch, device of that index, rail, device.
        EXPECT_EQ(diameter(*topology), 4);
    }
}

TEST(Rails, AreFastInTheNodeAndSlowBetweenNodes) {
    Spec spec = rails_of(6, 4, 3);
    spec.set("node_capacity", 18.0);
    spec.set("uplink_capacity", 2.0);
    const auto topology = make(spec);
    EXPECT_EQ(topology->link(0, 24).capacity, 18.0);
    EXPECT_EQ(topology->link(0, 24).length, 1.0);
    EXPECT_EQ(topology->link(0, 30).capacity, 1.0);
    EXPECT_EQ(topology->link(34, 30).capacity, 2.0);
    EXPECT_EQ(topology->link(34, 30).length, 1.0);
    EXPECT_EQ(Spec().number("node_capacity"), 9.0);
}

/// The 3-D torus of Blue Gene/L: six links, and half a side along each to the farthest.
TEST(Torus, OfThreeDimensionsIsAnInterconnect) {
    for (const AgentId side : {3, 4, 6}) {
        Spec spec = spec_of("torus", side * side * side);
        spec.set("dimensions", 3);
        const auto topology = make(spec);
        EXPECT_EQ(topology->hosts(), topology->agents());
        expect_degree(rows_of(*topology), 0, topology->agents(), 6);
        EXPECT_EQ(diameter(*topology), 3 * (side / 2));
        EXPECT_EQ(topology->link(0, 1).length, 1.0);
    }
}

}  // namespace
}  // namespace motley::topology

// Every usage error of the interconnects: its whole message, with the nearest possible sizes.
#include <gtest/gtest.h>

#include <cmath>

#include "interconnects.hpp"
#include "refused.hpp"

namespace motley::topology {
namespace {

using namespace test;

TEST(InterconnectErrors, ParametersThatAreMissing) {
    const std::vector<std::pair<std::string, std::string>> first = {
        {"leaf-spine", "leaves"},  {"dragonfly", "h"},     {"slim-fly", "q"},
        {"jellyfish", "switches"}, {"rail-only", "nodes"}, {"rail-optimised", "spines"},
        {"de-bruijn", "length"},   {"kleinberg", "side"}};
    for (const auto& [generator, key] : first) {
        expect_refused(spec_of(generator, absent),
                       "topology." + key + ": missing; generator '" + generator + "' needs it");
    }
    expect_refused(spec_of("hyperx", absent),
                   "topology.shape: missing; generator 'hyperx' needs the sides S_1, ..., S_L");
    expect_refused(hyperx_of({3, 3}, absent),
                   "topology.hosts_per_switch: missing; generator 'hyperx' needs it");
    expect_refused(spec_of("random-geometric", 10),
                   "topology.radius: missing; generator 'random-geometric' needs radius or "
                   "mean_degree");
}

TEST(InterconnectErrors, GraphsThatAreTooLarge) {
    const std::string most = " has more than 2147483648 agents, switches included; take less";
    expect_refused(leaf_spine_of(1 << 16, 1, 1 << 15), "topology.leaves: 65536" + most);
    expect_refused(dragonfly_of(1 << 20),
                   "topology.h: 1048576 with a = 2097152, p = 1048576" + most);
    expect_refused(hyperx_of({1 << 20, 1 << 11}, 1), "topology.shape: 1048576 x 2048" + most);
    expect_refused(hyperx_of(std::vector<std::int64_t>(70, 2), 1), [&] {
        std::string sides = "2";
        for (int k = 1; k < 70; ++k) sides += " x 2";
        return "topology.shape: " + sides + most;
    }());
    expect_refused(slim_fly_of(1201), "topology.q: 1201 with p = 901" + most);
    expect_refused(jellyfish_of(1 << 20, 5000, 4000), "topology.switches: 1048576" + most);
    expect_refused(rails_of(1 << 28, 8), "topology.nodes: 268435456 with 8 devices each" + most);
    expect_refused(de_bruijn_of(2, 32), "topology.length: 32 with base 2" + most);
    expect_refused(de_bruijn_of(2, 1LL << 31), "topology.length: 2147483648 with base 2" + most);
    expect_refused(kleinberg_of(46341, 1), "topology.side: 46341" + most);
}

TEST(InterconnectErrors, AgentsThatDoNotAgree) {
    expect_refused(dragonfly_of(1),
                   "topology.agents: 6, but h 1 with a = 2, p = 1 has 12 agents (6 hosts and 6 "
                   "switches); leave it out",
                   [](Spec& s) { s.agents = 6; });
    expect_refused(de_bruijn_of(3, 3),
                   "topology.agents: 28, but length 3 with base 3 has 27 agents; leave it out",
                   [](Spec& s) { s.agents = 28; });
}

TEST(InterconnectErrors, FatTrees) {
    expect_refused(fat_tree_of(5), "topology.arity: must be even; nearest to 5 are 4 and 6");
    expect_refused(fat_tree_of(0), "topology.arity: at least 2, not 0");
    expect_refused(fat_tree_of(4000),
                   "topology.arity: 4000 has more than 2147483648 agents, switches included; take "
                   "less");
    expect_refused(fat_tree_of(8, 0.5),
                   "topology.oversubscription: must lie in [1, 2147483648], not 0.5");
    expect_refused(fat_tree_of(8, 1.3),
                   "topology.oversubscription: an edge switch has 4 times as many hosts, a whole "
                   "number; nearest to 1.3 are 1.25 and 1.5");
    expect_refused(fat_tree_of(4),
                   "topology.agents: 16, but arity 4 has 36 agents (16 hosts and 20 switches); "
                   "leave it out",
                   [](Spec& s) { s.agents = 16; });
}

TEST(InterconnectErrors, SlimFliesNameTheNearestSizes) {
    const std::string must = "topology.q: must be a prime power 4 w - 1, 4 w or 4 w + 1; nearest ";
    expect_refused(slim_fly_of(6), must + "to 6 are 5 and 7");
    expect_refused(slim_fly_of(2), must + "to 2 is 3");
    expect_refused(slim_fly_of(1), must + "to 1 is 3");
    expect_refused(slim_fly_of(14), must + "to 14 are 13 and 16");
    expect_refused(slim_fly_of(21), must + "to 21 are 19 and 23");
    expect_refused(slim_fly_of(0), "topology.q: at least 1, not 0");
    expect_refused(slim_fly_of(5, 0), "topology.p: at least 1, not 0");
}

TEST(InterconnectErrors, SwitchesWithTooFewOrTooManyPorts) {
    expect_refused(jellyfish_of(10, 4, 4),
                   "topology.ports: 4 leave 0 for other switches beside 4 hosts; with 10 switches "
                   "take 5 to 13 ports");
    expect_refused(jellyfish_of(10, 14, 4),
                   "topology.ports: 14 leave 10 for other switches beside 4 hosts; with 10 "
                   "switches take 5 to 13 ports");
    expect_refused(jellyfish_of(11, 7, 4),
                   "topology.switches: an odd number of switches cannot have 3 ports each for one "
                   "another; nearest to 11 are 10 and 12");
    expect_refused(jellyfish_of(1, 7, 4), "topology.switches: at least 2, not 1");
    expect_refused(hyperx_of({3, 1}, 4), "topology.shape: every side at least 2, not 1");
    expect_refused(dragonfly_of(2, 0), "topology.a: at least 1, not 0");
    expect_refused(dragonfly_of(2, 4, 0), "topology.p: at least 1, not 0");
    expect_refused(leaf_spine_of(2, 0, 4), "topology.spines: at least 1, not 0");
    expect_refused(rails_of(2, 0), "topology.devices: at least 1, not 0");
}

TEST(InterconnectErrors, Capacities) {
    for (const auto& [value, text] :
         {std::pair{0.0, "0"}, {-1.0, "-1"}, {INFINITY, "inf"}, {std::nan(""), "nan"}}) {
        const std::string wrong = std::string(": must be a positive number, not ") + text;
        expect_refused(leaf_spine_of(2, 2, 2, value), "topology.uplink_capacity" + wrong);
        Spec spec = rails_of(2, 2);
        spec.set("node_capacity", value);
        expect_refused(spec, "topology.node_capacity" + wrong);
    }
}

TEST(InterconnectErrors, SpatialGraphs) {
    expect_refused(kleinberg_of(2, 1), "topology.side: at least 3, not 2");
    expect_refused(kleinberg_of(3, 9), "topology.contacts: at most 8, not 9");
    expect_refused(kleinberg_of(3, 1, -1.0), "topology.exponent: at least 0, not -1");
    for (const auto& [value, text] : {std::pair{0.0, "0"}, {1.5, "1.5"}, {std::nan(""), "nan"}}) {
        expect_refused(random_geometric_of(10, value),
                       std::string("topology.radius: must lie in (0, 1], not ") + text);
    }
    expect_refused(random_geometric_of(10, 0.5),
                   "topology.radius: give either radius or mean_degree, not both",
                   [](Spec& s) { s.set("mean_degree", 3.0); });
    expect_refused(spec_of("random-geometric", 11),
                   "topology.mean_degree: must lie in (0, 9.74926] with 11 agents, not 10",
                   [](Spec& s) { s.set("mean_degree", 10.0); });
    expect_refused(de_bruijn_of(1, 4), "topology.base: at least 2, not 1");
    expect_refused(de_bruijn_of(2, 0), "topology.length: at least 1, not 0");
}

}  // namespace
}  // namespace motley::topology

// Fat trees against the published sizes, degrees and diameters.
#include <gtest/gtest.h>

#include "interconnects.hpp"

namespace motley::topology {
namespace {

using namespace test;

/// Al-Fares, Loukissas, Vahdat 2008 (section 3), doi:10.1145/1402958.1402967: k^3 / 4 hosts, k^2
/// edge and aggregation switches, k^2 / 4 cores, k ports each, all used; hosts at most 6 hops
/// apart.
TEST(FatTree, HasThePublishedSizes) {
    for (const AgentId k : {2, 4, 6, 8}) {
        const auto topology = make(fat_tree_of(k));
        const AgentId hosts = k * k * k / 4;
        EXPECT_EQ(topology->hosts(), hosts);
        EXPECT_EQ(topology->agents() - hosts, 5 * k * k / 4);
        const auto rows = rows_of(links_of(*topology), topology->agents());
        for (AgentId v = 0; v < topology->agents(); ++v) {
            EXPECT_EQ(std::ssize(rows[static_cast<std::size_t>(v)]), v < hosts ? 1 : k) << v;
        }
        EXPECT_EQ(diameter(*topology), 6) << k;
    }
}

TEST(FatTree, OversubscribesItsEdgeSwitches) {
    const auto topology = make(fat_tree_of(4, 2.5));  // 5 hosts per edge switch
    EXPECT_EQ(topology->hosts(), 8 * 5);
    EXPECT_EQ(topology->agents(), 8 * 5 + 20);
    const auto rows = rows_of(links_of(*topology), topology->agents());
    for (std::size_t edge = 40; edge < 48; ++edge) EXPECT_EQ(rows[edge].size(), 7U);
    for (std::size_t above = 48; above < 60; ++above) EXPECT_EQ(rows[above].size(), 4U);
    EXPECT_EQ(diameter(*topology), 6);
}

/// Any two pods are joined through every core: (k / 2)^2 disjoint paths.
TEST(FatTree, LinksEveryCoreWithEveryPod) {
    const AgentId k = 6, half = 3;
    const auto topology = make(fat_tree_of(k));
    const Links links = links_of(*topology);
    const AgentId aggregations = topology->hosts() + k * half, cores = aggregations + k * half;
    for (AgentId core = cores; core < topology->agents(); ++core) {
        for (AgentId pod = 0; pod < k; ++pod) {
            int count = 0;
            for (AgentId j = 0; j < half; ++j) {
                count += links.contains({core, aggregations + pod * half + j}) ? 1 : 0;
            }
            EXPECT_EQ(count, 1) << core << " " << pod;
        }
    }
}

TEST(FatTree, HasShortCablesInAPodAndLongOnesToTheCores) {
    const auto topology = make(fat_tree_of(4));
    for (const auto& [a, b] : links_of(*topology)) {
        const bool to_core = std::max(a, b) >= 16 + 16;
        const Link link = topology->link(a, b);
        EXPECT_EQ(link.capacity, 1.0);
        // Five racks in a square of side 3, the cores in rack 2: 1 to 3 m apart, 2 m of overhead.
        EXPECT_GE(link.length, to_core ? 3.0 : 1.0);
        EXPECT_LE(link.length, to_core ? 5.0 : 1.0);
        EXPECT_EQ(link.length, topology->link(b, a).length);
    }
}

}  // namespace
}  // namespace motley::topology

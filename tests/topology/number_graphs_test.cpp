// De Bruijn and exponential graphs against their definitions, sizes and diameters.
#include <gtest/gtest.h>

#include <bit>

#include "interconnects.hpp"

namespace motley::topology {
namespace {

using namespace test;

/// De Bruijn 1946: b^n words; the farthest, 0...0 and (b - 1)...(b - 1), are n shifts apart.
TEST(DeBruijn, LinksWordsThatAreShifted) {
    for (const auto& [base, length] :
         std::vector<Edge>{{2, 1}, {2, 2}, {2, 3}, {2, 6}, {3, 1}, {3, 3}, {5, 2}, {4, 3}}) {
        const auto topology = make(de_bruijn_of(base, length));
        AgentId words = 1;
        for (AgentId k = 0; k < length; ++k) words *= base;
        EXPECT_EQ(topology->agents(), words);
        const AgentId b = base;
        const auto shifted = [&](AgentId v, AgentId w) { return v * b % words == w - w % b; };
        EXPECT_EQ(links_of(*topology), links_by(words, [&](AgentId v, AgentId w) {
                      return shifted(v, w) || shifted(w, v);
                  }));
        EXPECT_EQ(diameter(*topology), length) << base << " " << length;
    }
}

TEST(Exponential, LinksPowersOfTwoApart) {
    for (const AgentId agents : {1, 2, 3, 5, 8, 12, 33, 64, 100}) {
        const auto topology = make(spec_of("exponential", agents));
        EXPECT_EQ(
            links_of(*topology),
            links_by(agents,
                     [&](AgentId a, AgentId b) {
                         const auto up = static_cast<std::uint64_t>((b - a + agents) % agents);
                         const auto down = static_cast<std::uint64_t>((a - b + agents) % agents);
                         return std::has_single_bit(up) || std::has_single_bit(down);
                     }))
            << agents;
        EXPECT_EQ(topology->traits().expected_arcs, std::ssize(links_of(*topology)));
    }
}

/// n = 2^m: m - 1 distances with two ends, and half way round; the signed binary digits of a
/// number: ceil(m / 2) steps to the farthest.
TEST(Exponential, HasItsDegreeAndDiameter) {
    for (const int m : {2, 3, 4, 5, 6, 7}) {
        const auto topology = make(spec_of("exponential", AgentId{1} << m));
        EXPECT_EQ(topology->traits().expected_arcs, (2 * m - 1) * (AgentId{1} << m));
        EXPECT_EQ(diameter(*topology), (m + 1) / 2) << m;
    }
}

}  // namespace
}  // namespace motley::topology

// What every generator promises (chunks, symmetry, rows, traits), and the regular graphs against
// their definitions over all pairs.
#include <gtest/gtest.h>

#include <bit>
#include <cstdlib>

#include "interconnects.hpp"
#include "motley/core/error.hpp"

namespace motley::topology {
namespace {

using namespace test;

constexpr AgentId most = AgentId{1} << 31;  // agents that a generator takes

Case erdos_renyi(double p) {
    Spec spec = spec_of("erdos-renyi", 300);
    spec.set("edge_probability", p);
    return {"erdos_renyi_p", spec};
}

Case nested() {
    Spec spec = spec_of("nested", absent);
    Spec outer = spec_of("watts-strogatz", 9);
    outer.share = 0.25;
    outer.survival = 0.5;
    Spec inner = spec_of("complete", 7);
    inner.share = 0.75;
    spec.levels = {outer, inner};
    return {"nested", spec};
}

std::vector<Case> cases() {
    std::vector<Case> all = {
        {"isolated", spec_of("isolated", 10)},
        {"ring", spec_of("ring", 50, 6)},
        {"grid", lattice_of("grid", {5, 7})},
        {"torus", lattice_of("torus", {4, 3, 5})},
        {"torus_moore", lattice_of("torus", {4, 2, 5}, "moore")},
        {"hypercube", spec_of("hypercube", 32)},
        {"complete", spec_of("complete", 40)},
        {"star", spec_of("star", 33)},
        {"tree", spec_of("tree", 41)},
        {"watts_strogatz", spec_of("watts-strogatz", 500, 8)},
        {"random_regular", spec_of("random-regular", 60, 8)},
        {"random_regular_odd", spec_of("random-regular", 60, 5)},
        {"random_regular_dense", spec_of("random-regular", 40, 33)},
        {"barabasi_albert", spec_of("barabasi-albert", 500, 6)},
        {"stochastic_block", spec_of("stochastic-block", 203)},
        erdos_renyi(0.4),
        nested(),
    };
    all.push_back({"erdos_renyi_m", spec_of("erdos-renyi", 300)});
    all.back().spec.set("edges", 5000);
    for (Case& c : interconnect_cases()) all.push_back(std::move(c));
    for (Case& c : all) {
        if (c.name != "nested") c.spec.survival = 0.875;
    }
    return all;
}

class Generators : public testing::TestWithParam<Case> {};

INSTANTIATE_TEST_SUITE_P(All, Generators, testing::ValuesIn(cases()),
                         [](const auto& each) { return each.param.name; });

TEST_P(Generators, YieldTheSameArcsForAnyNumberOfChunks) {
    const auto topology = make(GetParam().spec);
    const auto whole = arcs_of(*topology);
    for (const std::int64_t chunks : {1, 2, 3, 7, 64, 1000}) {
        EXPECT_EQ(arcs_of(*topology, chunks), whole) << chunks << " chunks";
    }
    EXPECT_EQ(arcs_of(*make(GetParam().spec)), whole) << "made twice";
}

TEST_P(Generators, AreSymmetricWithoutLoopsAndInRange) {
    const auto topology = make(GetParam().spec);
    const Links links = links_of(*topology);
    for (const auto& [a, b] : links) {
        EXPECT_NE(a, b);
        EXPECT_TRUE(links.contains({b, a})) << a << " " << b;
        EXPECT_TRUE(a >= 0 && a < topology->agents());
    }
}

TEST_P(Generators, NumberTheirHostsFirst) {
    const auto topology = make(GetParam().spec);
    EXPECT_GE(topology->hosts(), 1);
    EXPECT_LE(topology->hosts(), topology->agents());
    for (const auto& [a, b] : links_of(*topology)) {
        const Link there = topology->link(a, b);
        const Link back = topology->link(b, a);
        EXPECT_GT(there.capacity, 0.0);
        EXPECT_GT(there.length, 0.0);
        EXPECT_EQ(there.capacity, back.capacity);
        EXPECT_EQ(there.length, back.length);
    }
}

TEST_P(Generators, SayInTheirTraitsWhatTheArcsAre) {
    const auto topology = make(GetParam().spec);
    const Traits traits = topology->traits();
    const bool is_nested = GetParam().name == "nested";
    const bool is_weighted = GetParam().name.ends_with("_weighted");
    EXPECT_EQ(traits.symmetric_uniform, !is_nested && !is_weighted);
    EXPECT_EQ(traits.sum_parallel, is_nested);
    EXPECT_EQ(traits.complete, GetParam().name == "complete");
    EXPECT_EQ(topology->levels().size(), is_nested ? 2U : 0U);
    EXPECT_TRUE(topology->names().empty());
    const auto arcs = arcs_of(*topology);
    const auto count = static_cast<double>(arcs.size());
    EXPECT_NEAR(static_cast<double>(traits.expected_arcs), count, 0.15 * count);
    if (is_nested) return;
    EXPECT_EQ(traits.survival, 0.875);
    for (const auto& [source, target, weight, survival] : arcs) {
        EXPECT_EQ(weight, is_weighted ? topology->link(source, target).capacity : 1.0);
        EXPECT_EQ(survival, 0.875);
    }
}

TEST_P(Generators, GiveRowsThatAreTheArcsOrRefuse) {
    const auto topology = make(GetParam().spec);
    std::vector<AgentId> row = {99};
    if (!topology->has_rows()) {
        try {
            topology->row(0, row);
            FAIL() << "no error";
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::internal);
            EXPECT_STREQ(error.what(), "row() was asked of a topology whose has_rows() is false");
        }
        return;
    }
    const auto arcs = arcs_of(*topology);
    const Links links = links_of(*topology);
    EXPECT_EQ(arcs.size(), links.size()) << "rows must be distinct";
    if (GetParam().name != "random_geometric") {
        EXPECT_EQ(static_cast<std::int64_t>(arcs.size()), topology->traits().expected_arcs);
    }
    const auto rows = rows_of(links, topology->agents());
    for (AgentId agent = 0; agent < topology->agents(); ++agent) {
        topology->row(agent, row);
        EXPECT_EQ(row, rows[static_cast<std::size_t>(agent)]) << agent;
    }
    EXPECT_THROW(topology->row(topology->agents(), row), Error);
    EXPECT_THROW(topology->row(-1, row), Error);
}

TEST_P(Generators, OfTwoSeedsAreTwoGraphsWhereChanceIsAtWork) {
    std::set<std::string> fixed = {"isolated",  "ring",     "grid", "torus", "torus_moore",
                                   "hypercube", "complete", "star", "tree"};
    if (fixed_interconnects().contains(GetParam().name)) fixed.insert(GetParam().name);
    Spec other = GetParam().spec;
    other.seed = 2;
    const bool same = arcs_of(*make(GetParam().spec)) == arcs_of(*make(other));
    EXPECT_EQ(same, fixed.contains(GetParam().name));
}

TEST(Generators, HaveRowsWherePromised) {
    for (const Case& c : cases()) {
        const std::set<std::string> without = {
            "complete",      "watts_strogatz", "barabasi_albert", "stochastic_block",
            "erdos_renyi_p", "erdos_renyi_m",  "kleinberg",       "nested"};
        const bool has = !without.contains(c.name) && !c.name.ends_with("_weighted");
        EXPECT_EQ(make(c.spec)->has_rows(), has) << c.name;
    }
}

TEST(Generators, AreAllNamedAndCovered) {
    std::set<std::string> tested;
    for (const Case& c : cases()) tested.insert(c.spec.generator);
    tested.insert("pool");  // it has no arcs of a graph; tests/simulation/pool_test.cpp
    std::set<std::string> names;
    for (const Generator* generator : generators()) names.insert(generator->name);
    EXPECT_EQ(tested, names);
}

TEST(Generators, BatchTheirArcs) {
    const auto topology = make(spec_of("ring", 10000, 8));
    std::size_t batches = 0;
    topology->arcs(0, 1, [&](std::span<const Arc> batch) {
        ++batches;
        EXPECT_GE(batch.size(), 1U);
    });
    EXPECT_GE(batches, 2U);
    EXPECT_LE(batches, 80U);
}

TEST(Ring, LinksThoseWithinReach) {
    for (const auto& [agents, degree] : std::vector<std::pair<AgentId, std::int64_t>>{
             {3, 2}, {5, 4}, {6, 4}, {7, 6}, {20, 2}, {20, 8}}) {
        const AgentId n = agents;
        const std::int64_t reach = degree / 2;
        const auto within = [&](AgentId a, AgentId b) {
            const AgentId apart = std::abs(a - b);
            return std::min(apart, n - apart) <= reach;
        };
        EXPECT_EQ(links_of(*make(spec_of("ring", agents, degree))), links_by(agents, within))
            << agents << " " << degree;
    }
    EXPECT_EQ(diameter(*make(spec_of("ring", 20, 2))), 10);
    EXPECT_EQ(diameter(*make(spec_of("ring", 21, 4))), 5);
}

/// Steps along one side; in a torus the shorter way around.
AgentId steps(AgentId a, AgentId b, AgentId side, bool wrap) {
    const AgentId apart = std::abs(a - b);
    return wrap ? std::min(apart, side - apart) : apart;
}

TEST(Lattice, LinksThoseOneStepApart) {
    const std::vector<std::vector<AgentId>> shapes = {
        {1},    {2},    {7},       {1, 1},    {4, 5},    {2, 6},   {6, 2},
        {1, 5}, {3, 3}, {2, 2, 2}, {3, 4, 5}, {4, 1, 3}, {2, 5, 3}};
    for (const auto& shape : shapes) {
        AgentId agents = 1;
        for (const AgentId side : shape) agents *= side;
        for (const bool wrap : {false, true}) {
            for (const std::string kind : {"von-neumann", "moore"}) {
                const auto linked = [&](AgentId a, AgentId b) {
                    AgentId sum = 0, largest = 0;
                    for (std::size_t k = shape.size(); k-- > 0;) {
                        const AgentId apart = steps(a % shape[k], b % shape[k], shape[k], wrap);
                        sum += apart;
                        largest = std::max(largest, apart);
                        a /= shape[k];
                        b /= shape[k];
                    }
                    return kind == "moore" ? largest == 1 : sum == 1;
                };
                const auto topology =
                    make(lattice_of(wrap ? "torus" : "grid", shape, kind.c_str()));
                EXPECT_EQ(topology->agents(), agents);
                const Links links = links_of(*topology);
                EXPECT_EQ(links, links_by(agents, linked))
                    << testing::PrintToString(shape) << wrap << kind;
                EXPECT_EQ(topology->traits().expected_arcs,
                          static_cast<std::int64_t>(links.size()));
                std::vector<AgentId> row;
                for (AgentId agent = 0; agent < agents; ++agent) {
                    topology->row(agent, row);
                    EXPECT_EQ(row, rows_of(links, agents)[static_cast<std::size_t>(agent)]);
                }
            }
        }
    }
}

TEST(Lattice, TakesItsSidesFromTheNumberOfAgents) {
    for (const auto& [agents, dimensions, side] : {std::tuple{AgentId{17}, 1, AgentId{17}},
                                                   {AgentId{36}, 2, AgentId{6}},
                                                   {AgentId{125}, 3, AgentId{5}}}) {
        Spec spec = spec_of("torus", agents);
        spec.set("dimensions", dimensions);
        const std::vector<AgentId> shape(static_cast<std::size_t>(dimensions), side);
        EXPECT_EQ(links_of(*make(spec)), links_of(*make(lattice_of("torus", shape))));
    }
    Spec cube = spec_of("grid", 1290LL * 1290 * 1290);
    cube.set("dimensions", 3);
    EXPECT_EQ(make(cube)->agents(), 1290LL * 1290 * 1290);
    Spec both = lattice_of("grid", {3, 4});
    both.agents = 12;
    EXPECT_EQ(make(both)->agents(), 12);
}

TEST(Lattice, HasItsDiameter) {
    EXPECT_EQ(diameter(*make(lattice_of("grid", {4, 5}))), 7);
    EXPECT_EQ(diameter(*make(lattice_of("grid", {4, 5}, "moore"))), 4);
    EXPECT_EQ(diameter(*make(lattice_of("torus", {6, 6}))), 6);
    EXPECT_EQ(diameter(*make(lattice_of("torus", {5, 4, 3}))), 5);
}

TEST(Hypercube, LinksThoseThatDifferInOneBit) {
    for (const AgentId agents : {1, 2, 8, 64}) {
        const auto topology = make(spec_of("hypercube", agents));
        EXPECT_EQ(links_of(*topology), links_by(agents, [](AgentId a, AgentId b) {
                      return std::popcount(static_cast<std::uint64_t>(a ^ b)) == 1;
                  }));
    }
    EXPECT_EQ(diameter(*make(spec_of("hypercube", 32))), 5);
}

TEST(Tree, LinksParentsAndChildren) {
    for (const std::int64_t arity : {1, 2, 3, 10, 100}) {
        Spec spec = spec_of("tree", 41);
        spec.set("arity", arity);
        EXPECT_EQ(links_of(*make(spec)),
                  links_by(41,
                           [&](AgentId a, AgentId b) {
                               return std::max(a, b) <= arity * std::min(a, b) + arity &&
                                      std::max(a, b) > arity * std::min(a, b);
                           }))
            << arity;
    }
    Spec wide = spec_of("tree", 41);
    wide.set("arity", std::int64_t{1} << 62);
    EXPECT_EQ(links_of(*make(wide)), links_of(*make(spec_of("star", 41))));
    EXPECT_EQ(diameter(*make(spec_of("tree", 15))), 6);
}

TEST(StarAndComplete, AreWhatTheyAre) {
    EXPECT_EQ(links_of(*make(spec_of("star", 12))),
              links_by(12, [](AgentId a, AgentId b) { return a * b == 0; }));
    EXPECT_EQ(links_of(*make(spec_of("complete", 12))),
              links_by(12, [](AgentId, AgentId) { return true; }));
    EXPECT_EQ(diameter(*make(spec_of("star", 12))), 2);
    EXPECT_EQ(diameter(*make(spec_of("complete", 12))), 1);
    EXPECT_EQ(make(spec_of("complete", most))->traits().expected_arcs, most * (most - 1));
}

TEST(OneAgent, IsLegalWhereNoNeighbourIsNeeded) {
    for (const char* generator :
         {"isolated", "grid", "torus", "hypercube", "complete", "star", "tree"}) {
        const auto topology = make(spec_of(generator, 1));
        EXPECT_EQ(topology->agents(), 1) << generator;
        EXPECT_TRUE(arcs_of(*topology, 3).empty()) << generator;
        EXPECT_EQ(topology->traits().expected_arcs, 0) << generator;
    }
}

TEST(ChunkRange, CutsEvenlyAndCompletely) {
    for (const std::int64_t total : {0LL, 1LL, 7LL, 64LL, 1000003LL, 1LL << 62}) {
        for (const std::int64_t chunks : {1, 2, 3, 7, 64, 1001}) {
            std::int64_t next = 0;
            for (std::int64_t chunk = 0; chunk < chunks; ++chunk) {
                const ChunkRange range = chunk_range(total, chunk, chunks);
                EXPECT_EQ(range.begin, next);
                EXPECT_GE(range.end - range.begin, total / chunks);
                EXPECT_LE(range.end - range.begin, total / chunks + 1);
                next = range.end;
            }
            EXPECT_EQ(next, total);
        }
    }
    for (const auto& [total, chunk, chunks] :
         {std::tuple{-1, 0, 1}, {5, 0, 0}, {5, 3, 3}, {5, -1, 3}}) {
        try {
            chunk_range(total, chunk, chunks);
            FAIL() << "no error";
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::internal);
        }
    }
}

}  // namespace
}  // namespace motley::topology

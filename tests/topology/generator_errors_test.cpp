// Every usage error of the generators: its kind and its whole message.
#include <gtest/gtest.h>

#include <cmath>

#include "interconnects.hpp"
#include "motley/core/error.hpp"
#include "refused.hpp"

namespace motley::topology {
namespace {

using namespace test;

const std::string all_names =
    "one of isolated, ring, grid, torus, hypercube, complete, star, tree, watts-strogatz, "
    "erdos-renyi, random-regular, barabasi-albert, stochastic-block, de-bruijn, exponential, "
    "kleinberg, random-geometric, fat-tree, leaf-spine, dragonfly, hyperx, slim-fly, jellyfish, "
    "rail-optimised, rail-only, nested";

TEST(GeneratorErrors, Names) {
    expect_refused(spec_of("", 10), "topology.generator: missing; give a file, or " + all_names);
    expect_refused(
        spec_of("rign", 10),
        "topology.generator: unknown generator 'rign'; did you mean 'ring'? (" + all_names + ")");
    expect_refused(spec_of("small-world", 10),
                   "topology.generator: unknown generator 'small-world'; " + all_names);
    expect_refused(spec_of("ring", 10),
                   "topology.file: a topology has either a file or a generator, not both",
                   [](Spec& s) { s.file = "graph.csv"; });
    expect_refused(spec_of("ring", 10),
                   "topology.level: only generator = \"nested\" has levels, not 'ring'",
                   [](Spec& s) { s.levels = {spec_of("ring", 3, 2)}; });
}

TEST(GeneratorErrors, AgentsAndSurvivalOfEveryGenerator) {
    for (const Generator* generator : generators()) {
        const std::string name = generator->name;
        if (name == "nested" || sized_by_parameters().contains(name)) continue;
        Spec spec = spec_of(name, absent);
        spec.set("edges", 0);
        spec.set("radius", 0.5);
        expect_refused(
            spec, "topology.agents: missing; generator '" + name + "' needs the number of agents");
        spec.agents = 0;
        expect_refused(spec, "topology.agents: at least 1, not 0");
        spec.agents = (AgentId{1} << 31) + 1;
        expect_refused(spec, "topology.agents: at most 2147483648, not 2147483649");
        spec.agents = 64;
        for (const auto& [value, text] :
             {std::pair{0.0, "0"}, {-0.5, "-0.5"}, {1.5, "1.5"}, {std::nan(""), "nan"}}) {
            spec.survival = value;
            expect_refused(spec, std::string("topology.survival: must lie in (0, 1], not ") + text);
        }
    }
}

TEST(GeneratorErrors, OfGraphsWhoseParametersSayTheirSize) {
    for (Case& c : interconnect_cases()) {
        if (!sized_by_parameters().contains(c.spec.generator)) continue;
        c.spec.agents = make(c.spec)->agents();
        EXPECT_EQ(make(c.spec)->agents(), c.spec.agents) << c.name;
        ++*c.spec.agents;
        EXPECT_THROW(make(c.spec), Error) << c.name;
        c.spec.agents.reset();
        for (const double survival : {0.0, 1.5, std::nan("")}) {
            c.spec.survival = survival;
            EXPECT_THROW(make(c.spec), Error) << c.name;
        }
    }
}

TEST(GeneratorErrors, Degrees) {
    for (const char* name : {"ring", "watts-strogatz", "barabasi-albert"}) {
        expect_refused(spec_of(name, 10, 5),
                       "topology.degree: must be even; nearest to 5 are 4 and 6");
        expect_refused(spec_of(name, 10, 0), "topology.degree: at least 2 and even, not 0");
        expect_refused(spec_of(name, 10, 1), "topology.degree: at least 2 and even, not 1");
        expect_refused(spec_of(name, 10, 10),
                       "topology.degree: must be less than the number of agents; 10 is not less "
                       "than 10");
        expect_refused(spec_of(name, 1, 2),
                       "topology.degree: must be less than the number of agents; 2 is not less "
                       "than 1");
    }
    expect_refused(spec_of("random-regular", 10, 0), "topology.degree: at least 1, not 0");
    expect_refused(spec_of("random-regular", 5, 5),
                   "topology.degree: must be less than the number of agents; 5 is not less than 5");
    expect_refused(spec_of("random-regular", 9, 3),
                   "topology.degree: agents x degree must be even; with 9 agents take degree 2 or "
                   "4");
    expect_refused(spec_of("random-regular", 9, 1),
                   "topology.degree: agents x degree must be even; with 9 agents take degree 2");
}

TEST(GeneratorErrors, Lattices) {
    for (const char* name : {"grid", "torus"}) {
        expect_refused(spec_of(name, 10),
                       "topology.agents: must be a square number; nearest to 10 are 9 and 16, or "
                       "give shape = [..]");
        expect_refused(
            spec_of(name, 10),
            "topology.agents: must be a cube number; nearest to 10 are 8 and 27, or give "
            "shape = [..]",
            [](Spec& s) { s.set("dimensions", 3); });
        for (const int dimensions : {0, 4, -1}) {
            expect_refused(spec_of(name, 16),
                           "topology.dimensions: 1 to 3, not " + std::to_string(dimensions),
                           [&](Spec& s) { s.set("dimensions", dimensions); });
        }
        expect_refused(lattice_of(name, {2, 2, 2, 2}), "topology.shape: 1 to 3 sides, not 4");
        expect_refused(lattice_of(name, {4, 0}), "topology.shape: every side at least 1, not 0");
        expect_refused(lattice_of(name, {65536, 65536}),
                       "topology.shape: 65536 x 65536 has more than 2147483648 agents");
        expect_refused(lattice_of(name, {3, 4}),
                       "topology.agents: 10, but shape 3 x 4 has 12 agents; leave one out",
                       [](Spec& s) { s.agents = 10; });
    }
}

TEST(GeneratorErrors, HypercubeAndTree) {
    expect_refused(spec_of("hypercube", 12),
                   "topology.agents: a hypercube needs a power of two; nearest to 12 are 8 and 16");
    expect_refused(spec_of("tree", 12), "topology.arity: at least 1, not 0",
                   [](Spec& s) { s.set("arity", 0); });
}

TEST(GeneratorErrors, Probabilities) {
    const double nan = std::nan("");
    expect_refused(spec_of("watts-strogatz", 12), "topology.rewire: must lie in [0, 1], not 1.5",
                   [](Spec& s) { s.set("rewire", 1.5); });
    expect_refused(spec_of("watts-strogatz", 12), "topology.rewire: must lie in [0, 1], not nan",
                   [&](Spec& s) { s.set("rewire", nan); });
    expect_refused(spec_of("stochastic-block", 12),
                   "topology.p_inside: must lie in [0, 1], not -0.1",
                   [](Spec& s) { s.set("p_inside", -0.1); });
    expect_refused(spec_of("stochastic-block", 12), "topology.p_between: must lie in [0, 1], not 2",
                   [](Spec& s) { s.set("p_between", 2); });
    for (const std::int64_t blocks : {0, 13}) {
        expect_refused(spec_of("stochastic-block", 12),
                       "topology.blocks: must lie in [1, 12], the number of agents, not " +
                           std::to_string(blocks),
                       [&](Spec& s) { s.set("blocks", blocks); });
    }
}

TEST(GeneratorErrors, ErdosRenyi) {
    expect_refused(spec_of("erdos-renyi", 12),
                   "topology.edge_probability: missing; generator 'erdos-renyi' needs "
                   "edge_probability or edges");
    expect_refused(spec_of("erdos-renyi", 12),
                   "topology.edge_probability: give either edge_probability or edges, not both",
                   [](Spec& s) {
                       s.set("edges", 3);
                       s.set("edge_probability", 0.5);
                   });
    expect_refused(spec_of("erdos-renyi", 12),
                   "topology.edge_probability: must lie in [0, 1], not 1.25",
                   [](Spec& s) { s.set("edge_probability", 1.25); });
    for (const std::int64_t edges : {67, -2}) {
        expect_refused(
            spec_of("erdos-renyi", 12),
            "topology.edges: must lie in [0, 66] with 12 agents, not " + std::to_string(edges),
            [&](Spec& s) { s.set("edges", edges); });
    }
}

Spec two_levels() {
    Spec spec;
    spec.generator = "nested";
    spec.levels = {spec_of("ring", 6, 2), spec_of("complete", 4)};
    spec.levels[0].share = 0.25;
    spec.levels[1].share = 0.75;
    return spec;
}

TEST(GeneratorErrors, NestedAsAWhole) {
    expect_refused(two_levels(),
                   "topology.level: a nested topology has 1 to 16 [[topology.level]], not 0",
                   [](Spec& s) { s.levels.clear(); });
    expect_refused(two_levels(),
                   "topology.level: a nested topology has 1 to 16 [[topology.level]], not 17",
                   [](Spec& s) { s.levels.resize(17); });
    expect_refused(two_levels(), "topology.level: the shares of the levels must sum to 1, not 0.9",
                   [](Spec& s) { s.levels[1].share = 0.65; });
    expect_refused(two_levels(),
                   "topology.level: the shares of the levels must sum to 1, not 1.00000001",
                   [](Spec& s) { s.levels[1].share = 0.75000001; });
    expect_refused(two_levels(),
                   "topology.survival: a nested topology has its survival in each level",
                   [](Spec& s) { s.survival = 0.5; });
    expect_refused(two_levels(),
                   "topology.agents: 25, but the levels have 24 agents together; leave it out",
                   [](Spec& s) { s.agents = 25; });
    expect_refused(two_levels(),
                   "topology.level: the levels have more than 2147483648 agents together",
                   [](Spec& s) { s.levels[0].agents = s.levels[1].agents = 1 << 16; });
}

TEST(GeneratorErrors, LevelsOfNested) {
    expect_refused(two_levels(),
                   "topology.level[2].file: a level is a generator; a file cannot be a level",
                   [](Spec& s) { s.levels[1].file = "graph.csv"; });
    expect_refused(two_levels(), "topology.level[2].generator: missing",
                   [](Spec& s) { s.levels[1].generator = ""; });
    expect_refused(two_levels(),
                   "topology.level[1].generator: a level cannot be nested itself; list its levels "
                   "one after the other",
                   [](Spec& s) { s.levels[0].generator = "nested"; });
    expect_refused(
        two_levels(),
        "topology.level[1].generator: unknown generator 'torsu'; did you mean 'torus'? (" +
            all_names + ")",
        [](Spec& s) { s.levels[0].generator = "torsu"; });
    expect_refused(two_levels(),
                   "topology.level[1].level: only generator = \"nested\" has levels, not 'ring'",
                   [](Spec& s) { s.levels[0].levels = {spec_of("ring", 4, 2)}; });
    expect_refused(two_levels(),
                   "topology.level[2].generator: 'fat-tree' has switches; a level is a graph of "
                   "agents only",
                   [](Spec& s) {
                       const double share = s.levels[1].share;
                       s.levels[1] = fat_tree_of(4);
                       s.levels[1].share = share;
                   });
    expect_refused(two_levels(), "topology.level[1].share: must lie in [0, 1], not -0.25",
                   [](Spec& s) { s.levels[0].share = -0.25; });
    expect_refused(two_levels(), "topology.level[1].degree: must be even; nearest to 3 are 2 and 4",
                   [](Spec& s) { s.levels[0].set("degree", 3); });
    expect_refused(two_levels(), "topology.level[2].survival: must lie in (0, 1], not 0",
                   [](Spec& s) { s.levels[1].survival = 0; });
}

}  // namespace
}  // namespace motley::topology

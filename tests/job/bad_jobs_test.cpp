// Job files that are wrong: every message, with its place.
#include <chrono>

#include "job/support.hpp"

namespace motley::test {
namespace {

struct Bad {
    const char* text;     ///< after kind = "run" and the topology of small_run: lines 1 and 2
    const char* message;  ///< of the one finding, from the start
};

/// Three dots at the end of a message stand for the rest of it.
void expect_message(const std::string& found, std::string expected, const std::string& text) {
    if (expected.ends_with("...")) {
        expected.resize(expected.size() - 3);
        EXPECT_THAT(found, testing::StartsWith(expected)) << text;
        EXPECT_EQ(lines_of(found).size(), 1U) << text << found;
    } else {
        EXPECT_EQ(found, expected) << text;
    }
}

const Bad sections[] = {
    // syntax
    {"[model\n", "job.toml:3:7: not TOML: ..."},
    {"[model]\ntasks = \n", "job.toml:4:9: not TOML: ..."},
    {"[model]\ntasks = 3\ntasks = 4\n", "job.toml:5:9: not TOML: ..."},
    {"[model]\nprecision = \"doub\n", "job.toml:4:18: not TOML: ..."},
    // unknown keys
    {"[modle]\n", "job.toml:3:2: unknown key 'modle'; did you mean 'model'?"},
    {"[model]\nopennes = 0.9\n",
     "job.toml:4:1: unknown key 'opennes' in [model]; did you mean 'openness'?"},
    {"[model]\n  taks = 3\n", "job.toml:4:3: unknown key 'taks' in [model]; did you mean 'tasks'?"},
    {"openness = 0.9\n", "job.toml:3:1: unknown key 'openness'; did you mean 'model.openness'?"},
    {"[output]\novrelap = true\n", "job.toml:4:1: unknown key 'ovrelap' in [output]"},
    {"[output]\noverlap = true\n",
     "job.toml:4:1: unknown key 'overlap' in [output]; did you mean 'exchange.overlap'?"},
    {"[model]\nlearning = { rat = 1 }\n",
     "job.toml:4:14: unknown key 'rat' in [model.learning]; did you mean 'rate'?"},
    {"[model.growth]\nscop = \"local\"\n",
     "job.toml:4:1: unknown key 'scop' in [model.growth]; did you mean 'scope'?"},
    {"[model]\ndemand = { distribution = \"zipf\", exponen = 1 }\n",
     "job.toml:4:35: unknown key 'exponen' in [model.demand]; did you mean 'exponent'?"},
    {"[factors]\n", "job.toml:3:2: unknown key 'factors'"},
    {"xyzzy = 1\n", "job.toml:3:1: unknown key 'xyzzy'"},
    // types
    {"[model]\ntasks = \"8\"\n",
     "job.toml:4:9: 'model.tasks' must be an integer, not the string \"8\""},
    {"[model]\ntasks = 8.0\n", "job.toml:4:9: 'model.tasks' must be an integer, not 8.0"},
    {"[model]\nopenness = true\n", "job.toml:4:12: 'model.openness' must be a number, not true"},
    {"[model]\nopenness = [0.1]\n", "job.toml:4:12: 'model.openness' must be a number, not a list"},
    {"[model]\nopenness = 2020-01-01\n",
     "job.toml:4:12: 'model.openness' must be a number, not a date or time"},
    {"[exchange]\noverlap = 1\n", "job.toml:4:11: 'exchange.overlap' must be true or false, not 1"},
    {"[solve]\nmode = 3\n", "job.toml:4:8: 'solve.mode' must be a string, not 3"},
    {"model = 3\n", "job.toml:3:9: 'model' must be a table, not 3"},
    {"[[solve]]\nmode = \"dynamics\"\n", "job.toml:3:1: 'solve' must be a table, not a list"},
    {"[model]\ncapability = 1.0\n", "job.toml:4:14: 'model.capability' must be a table, not 1.0"},
    {"[model]\nschedule = { step = 1 }\n",
     "job.toml:4:12: 'model.schedule' must be a list of tables, not a table"},
    {"[model]\ndemand = { weights = [1, \"2\"] }\n",
     "job.toml:4:22: 'model.demand.weights' must be a list of numbers, not a list"},
    {"name = 3\n", "job.toml:3:8: 'name' must be a string, not 3"},
    {"[output]\ndirectory = \"\"\n", "job.toml:4:13: 'output.directory' must not be empty"},
    // ranges
    {"[model]\ntasks = 0\n", "job.toml:4:9: 'model.tasks' must lie in [1, 4096], not be 0"},
    {"[model]\ntasks = 4097\n", "job.toml:4:9: 'model.tasks' must lie in [1, 4096], not be 4097"},
    {"[model]\nopenness = 1\n", "job.toml:4:12: 'model.openness' must lie in [0, 1), not be 1"},
    {"[model]\nopenness = -0.1\n",
     "job.toml:4:12: 'model.openness' must lie in [0, 1), not be -0.1"},
    {"[model]\nopenness = nan\n", "job.toml:4:12: 'model.openness' must lie in [0, 1), not be nan"},
    {"[model]\nelasticity = 0.04\n",
     "job.toml:4:14: 'model.elasticity' must lie in [0.05, inf], not be 0.04"},
    {"[model]\nelasticity = -inf\n",
     "job.toml:4:14: 'model.elasticity' must lie in [0.05, inf], not be -inf"},
    {"[model]\nelasticity = nan\n",
     "job.toml:4:14: 'model.elasticity' must lie in [0.05, inf], not be nan"},
    {"[model]\nmigration = 1.5\n",
     "job.toml:4:13: 'model.migration' must lie in [0, 1], not be 1.5"},
    {"[model]\nmutation = 1\n", "job.toml:4:12: 'model.mutation' must lie in [0, 1), not be 1"},
    {"[model]\nlearning.floor = 1\n",
     "job.toml:4:18: 'model.learning.floor' must lie in [0, 1), not be 1"},
    {"[model]\nreturns = 0\n", "job.toml:4:11: 'model.returns' must lie in (0, 10], not be 0"},
    {"[solve]\ngap = 0.0\n", "job.toml:4:7: 'solve.gap' must lie in (0, inf), not be 0.0"},
    {"[solve]\nmax_steps = 0\n", "job.toml:4:13: 'solve.max_steps' must lie in [1, inf), not be 0"},
    {"[output]\ncompression = 10\n",
     "job.toml:4:15: 'output.compression' must lie in [0, 9], not be 10"},
    {"[output]\nevery = 0\n", "job.toml:4:9: 'output.every' must lie in [1, inf), not be 0"},
    {"[checkpoint]\nevery_minutes = 0\n",
     "job.toml:4:17: 'checkpoint.every_minutes' must lie in (0, inf), not be 0"},
    {"[checkpoint]\nevery_minutes = \"autu\"\n",
     "job.toml:4:17: 'checkpoint.every_minutes' must be a number or auto, not the string \"autu\"; "
     "did you "
     "mean 'auto'?"},
    {"[checkpoint]\nevery_steps = 1.5\n",
     "job.toml:4:15: 'checkpoint.every_steps' must be an integer, not 1.5"},
    {"seed = -1\n", "job.toml:3:8: 'seed' must lie in [0, inf), not be -1"},
    {"seed = 9223372036854775808\n", "job.toml:3:27: not TOML: ..."},
    {"[model]\nresource = { value = 0 }\n",
     "job.toml:4:22: 'model.resource.value' must lie in (0, inf), not be 0"},
    {"[model]\ndemand = { weights = [1, 1, 1, 1, 1, 1, 1, -1] }\n",
     "job.toml:4:44: 'model.demand.weights[8]' must lie in [0, inf), not be -1"},
    {"[model]\ndemand = { weights = [] }\n",
     "job.toml:4:22: 'model.demand.weights' must not be empty"},
    // words
    {"[solve]\nmode = \"optimun\"\n",
     "job.toml:4:8: 'solve.mode' must be one of optimum, dynamics, not the string \"optimun\"; did "
     "you mean 'optimum'?"},
    {"[partition]\nmethod = \"meits\"\n",
     "job.toml:4:10: 'partition.method' must be one of block, random, levels, metis, scotch, file, "
     "not the string \"meits\"; did you mean 'metis'?"},
    {"[model]\nprecision = \"half\"\n",
     "job.toml:4:13: 'model.precision' must be one of double, single, not the string \"half\""},
    {"[model]\ndemand = { distribution = \"zip\" }\n",
     "job.toml:4:27: 'model.demand.distribution' must be one of uniform, lognormal, dirichlet, "
     "zipf, skill, not the string \"zip\"; did you mean 'zipf'?"},
    {"[model]\nresource = { distribution = \"zipf\" }\n",
     "job.toml:4:29: 'model.resource.distribution' must be one of uniform, lognormal, not the "
     "string \"zipf\""},
    // names
    {"name = \"\"\n",
     "job.toml:3:8: 'name' must be the name of a folder (not empty, no / or \\, not . or ..), not "
     "the string \"\""},
    {"name = \"a/b\"\n", "job.toml:3:8: 'name' must be the name of a folder..."},
    {"name = \"..\"\n", "job.toml:3:8: 'name' must be the name of a folder..."},
    {"name = \"a\\nb\"\n", "job.toml:3:8: 'name' must be the name of a folder..."},
    // distributions
    {"[model]\ndemand = { distribution = \"uniform\", sigma = 0.1 }\n",
     "job.toml:4:38: 'sigma' does not belong to distribution 'uniform' in [model.demand], which "
     "takes no keys"},
    {"[model]\ncapability = { distribution = \"lognormal\", exponent = 1 }\n",
     "job.toml:4:44: 'exponent' does not belong to distribution 'lognormal' in [model.capability], "
     "which takes sigma, group_sigma, groups"},
    {"[model]\ndemand = { value = 1, sigma = 0.1 }\n",
     "job.toml:4:23: 'sigma' does not belong to 'value' in [model.demand], which takes value"},
    {"[model]\ndemand = { value = 1, distribution = \"uniform\" }\n",
     "job.toml:4:23: 'value' and 'distribution' exclude each other in [model.demand]: keep one"},
    {"[model]\ndemand = { sigma = 1 }\n",
     "job.toml:4:10: missing one of distribution, value, weights, file in [model.demand]"},
    {"[model]\nresource = { value = 1, weights = [1] }\n",
     "job.toml:4:25: unknown key 'weights' in [model.resource]"},
    {"[model]\ntasks = 4\ndemand = { weights = [1, 2, 3] }\n",
     "job.toml:5:22: 'model.demand.weights' has 3 numbers, but model.tasks = 4: give one per task"},
    {"[model]\ntasks = 2\ndemand = { weights = [0, 0.0] }\n",
     "job.toml:5:22: demand sums to zero: one weight at least must be positive"},
    {"[model]\ntasks = 2\ncapability = { weights = [0, 0.0] }\n",
     "job.toml:5:26: capability sums to zero: one weight at least must be positive"},
    {"[model]\ncapability = { file = \"no.csv\" }\n",
     "job.toml:4:23: 'model.capability.file': no such file: 'no.csv'"},
    // schedule
    {"[solve]\nmode = \"dynamics\"\n[model]\nschedule = [{ step = 5 }]\n",
     "job.toml:6:13: missing 'demand' in [model.schedule[1]]"},
    {"[solve]\nmode = \"dynamics\"\n[model]\ntasks = 1\nschedule = [{ step = 5, demand = { value = "
     "1 } }, { step = 5, demand = { value = 1 } }]\n",
     "job.toml:7:60: 'model.schedule[2].step' is 5; it must be greater than the step before, 5"},
    {"[solve]\nmode = \"dynamics\"\n[model]\nschedule = [{ step = 5, demand = { weights = [1] } "
     "}]\n",
     "job.toml:6:46: 'model.schedule[1].demand.weights' has 1 numbers, but model.tasks = 8: give "
     "one per task"},
    {"[solve]\nmode = \"dynamics\"\n[model]\nschedule = [{ step = 0, demand = { value = 1 } }]\n",
     "job.toml:6:22: 'model.schedule[1].step' must lie in [1, inf), not be 0"},
    // certificates
    {"[model]\nreturns = 1.5\n",
     "job.toml:4:11: mode = \"optimum\" has no certificate with returns > 1: use solve.mode = "
     "\"dynamics\""},
    {"[model]\nlearning = { rate = 0.1 }\n",
     "job.toml:4:21: mode = \"optimum\" has no certificate with learning.rate > 0: use solve.mode "
     "= \"dynamics\""},
    {"[model]\ngrowth.rate = 0.1\n",
     "job.toml:4:15: mode = \"optimum\" seeks the best distribution of a given total of resources: "
     "set model.growth.conserve = true, or solve.mode = \"dynamics\""},
    {"[model]\ngrowth = { rate = 0.1, conserve = true, scope = \"local\" }\n",
     "job.toml:4:49: mode = \"optimum\" has no certificate with growth.scope = \"local\": use "
     "solve.mode = \"dynamics\""},
    {"[model]\nadapt = false\n",
     "job.toml:4:9: mode = \"optimum\" has nothing to search where allocations stay as they are "
     "(adapt = false) and resources do not grow: use solve.mode = \"dynamics\""},
    {"[model]\nrouting_rate = 0.1\n",
     "job.toml:4:16: mode = \"optimum\" has no certificate with routing_rate > 0: use solve.mode = "
     "\"dynamics\""},
    {"[model]\nmigration = 0.1\n",
     "job.toml:4:13: mode = \"optimum\" has no certificate with migration > 0: use solve.mode = "
     "\"dynamics\""},
    {"[model]\nmutation = 0.1\n",
     "job.toml:4:12: mode = \"optimum\" has no certificate with mutation > 0: use solve.mode = "
     "\"dynamics\""},
    {"[solve]\nmode = \"dynamics\"\n[model]\ngrowth = { rate = 0.1, scope = \"group\" }\n",
     "job.toml:6:32: growth.scope = \"group\" needs a nested topology, whose innermost groups are "
     "meant; 'ring' has no levels"},
    {"[solve]\nmode = \"dynamics\"\n[model]\nmigration = 0.1\nmigration_level = \"ring\"\n",
     "job.toml:7:19: 'model.migration_level' needs a nested topology; 'ring' has no levels: "
     "leave it out"},
    {"[model]\nallocation = \"file\"\n",
     "job.toml:4:14: model.allocation = \"file\" needs 'model.allocation_file'"},
    {"[model]\nopenness_rate = 0.1\n",
     "job.toml:4:17: mode = \"optimum\" has no certificate with openness_rate > 0: use solve.mode "
     "= \"dynamics\""},
    {"[model]\nschedule = [{ step = 5, demand = { value = 1 } }]\n",
     "job.toml:4:12: mode = \"optimum\" has no certificate with a schedule of demands: use "
     "solve.mode = \"dynamics\""},
    // partitions
    {"[partition]\nmethod = \"file\"\n",
     "job.toml:4:10: partition.method = \"file\" needs 'partition.file'"},
    {"[partition]\nmethod = \"levels\"\n",
     "job.toml:4:10: partition.method = \"levels\" needs topology.generator = \"nested\""},
};

TEST(BadJobs, SectionsOfARun) {
    for (const Bad& bad : sections) {
        expect_message(errors_in(small_run + bad.text), bad.message, bad.text);
    }
}

const Bad topologies[] = {
    {"", "job.toml:1:1: missing [topology]"},
    {"[topology]\n", "job.toml:2:1: missing one of generator, file in [topology]"},
    {"[topology]\nagents = 5\n", "job.toml:2:1: missing one of generator, file in [topology]"},
    {"topology = 3\n", "job.toml:2:12: 'topology' must be a table, not 3"},
    {"[topology]\ngenerator = \"ring\"\n",
     "job.toml:2:1: missing 'agents' in [topology]: generator 'ring' needs it"},
    {"[topology]\ngenerator = \"torus\"\n",
     "job.toml:2:1: missing 'agents' or 'shape' in [topology]: generator 'torus' needs it"},
    {"[topology]\ngenerator = \"rnig\"\nagents = 8\n",
     "job.toml:3:13: 'topology.generator' must be one of isolated, ring, grid, torus, hypercube, "
     "complete, star, tree, watts-strogatz, erdos-renyi, random-regular, barabasi-albert, "
     "stochastic-block, de-bruijn, exponential, kleinberg, random-geometric, fat-tree, leaf-spine, "
     "dragonfly, hyperx, slim-fly, jellyfish, rail-optimised, rail-only, nested, pool, not the "
     "string "
     "\"rnig\"; did you mean 'ring'?"},
    {"[topology]\ngenerator = \"ring\"\nagents = 8\nrewire = 0.1\n",
     "job.toml:5:1: 'rewire' does not belong to generator 'ring' in [topology], which takes "
     "agents, degree, directed, weights, survival, dynamic"},
    {"[topology]\ngenerator = \"complete\"\nagents = 8\ndegree = 4\n",
     "job.toml:5:1: 'degree' does not belong to generator 'complete' in [topology], which takes "
     "agents, directed, weights, survival, dynamic"},
    {"[topology]\ngenerator = \"ring\"\nagents = 0\n",
     "job.toml:4:10: 'topology.agents' must lie in [1, 2147483648], not be 0"},
    {"[topology]\ngenerator = \"ring\"\nagents = 8\nsurvival = 0\n",
     "job.toml:5:12: 'topology.survival' must lie in (0, 1], not be 0"},
    {"[topology]\ngenerator = \"ring\"\nagents = 8\nsurvival = 1.01\n",
     "job.toml:5:12: 'topology.survival' must lie in (0, 1], not be 1.01"},
    {"[topology]\nfile = \"no/graph.csv\"\n",
     "job.toml:3:8: 'topology.file': no such file: 'no/graph.csv'"},
    {"[topology]\nfile = \".\"\n", "job.toml:3:8: 'topology.file': no such file: '.'"},
    {"[topology]\ngenerator = \"ring\"\nagents = 8\ndirected = true\n",
     "job.toml:5:12: 'topology.directed' is for graphs from a file: what a generator makes is "
     "undirected"},
    {"[topology]\ngenerator = \"ring\"\nagents = 8\nweights = \"edges\"\n",
     "job.toml:5:11: 'topology.weights' must be one of uniform, edge, not the string \"edges\"; "
     "did "
     "you mean 'edge'?"},
    {"[topology]\ngenerator = \"erdos-renyi\"\nagents = 8\n",
     "job.toml:2:1: missing 'edge_probability' or 'edges' in [topology]: generator 'erdos-renyi' "
     "needs it"},
    {"[topology]\ngenerator = \"erdos-renyi\"\nagents = 8\nedges = 3\nedge_probability = 0.1\n",
     "job.toml:5:1: 'edge_probability' and 'edges' exclude each other in [topology]: keep one"},
    {"[topology]\ngenerator = \"torus\"\nshape = [4, 0]\n",
     "job.toml:4:13: 'topology.shape[2]' must lie in [1, 2147483648], not be 0"},
    {"[topology]\ngenerator = \"torus\"\nshape = [2, 2, 2, 2]\n",
     "job.toml:4:9: 'topology.shape' has 4 sides; 1 to 3 are possible"},
    {"[topology]\ngenerator = \"torus\"\nshape = [4, 4]\ndimensions = 3\n",
     "job.toml:5:14: 'topology.dimensions' is 3, but shape has 2 sides; leave it out"},
    {"[topology]\ngenerator = \"torus\"\nshape = [4, 4]\nagents = 15\n",
     "job.toml:5:10: 'topology.agents' is 15, but shape says otherwise; leave one out"},
    {"[topology]\ngenerator = \"nested\"\n",
     "job.toml:2:1: missing 'level' in [topology]: generator 'nested' needs it"},
    {"[topology]\ngenerator = \"pool\"\nagents = 4\nsurvival = 0.5\n",
     "job.toml:5:12: 'topology.survival' has no meaning in a pool, which has no arcs: leave it "
     "out"},
    {"[topology]\ngenerator = \"pool\"\nagents = 4\nweights = \"edge\"\n",
     "job.toml:5:11: 'topology.weights' has no meaning in a pool, which has no arcs: leave it out"},
    {"[topology]\ngenerator = \"pool\"\nagents = 4\n[model]\nopenness = 0.9\n",
     "job.toml:6:12: 'model.openness' has no meaning in a pool, where everyone gets the same share "
     "of what all make in the same step: leave it out"},
    {"[topology]\ngenerator = \"pool\"\nagents = 4\n[model]\nrelay = false\n",
     "job.toml:6:9: 'model.relay' has no meaning in a pool, ..."},
    {"[topology]\ngenerator = \"pool\"\nagents = 4\n[model]\nopenness_rate = 0.1\n[solve]\n"
     "mode = \"dynamics\"\n",
     "job.toml:6:17: 'model.openness_rate' has no meaning in a pool, ..."},
    {"[topology]\ngenerator = \"nested\"\n[[topology.level]]\ngenerator = \"pool\"\nagents = 4\n",
     "job.toml:5:13: 'topology.level[1].generator': a pool has no arcs, so that it cannot be a "
     "level; take \"complete\""},
    {"[topology]\ngenerator = \"nested\"\nlevel = []\n",
     "job.toml:4:9: a nested topology has 1 to 16 [[topology.level]], not 0"},
    {"[topology]\ngenerator = \"nested\"\n[[topology.level]]\ngenerator = \"nested\"\n",
     "job.toml:5:13: 'topology.level[1].generator' must be one of isolated, ..."},
    {"[topology]\ngenerator = \"nested\"\n[[topology.level]]\ngenerator = \"ring\"\n",
     "job.toml:4:1: missing 'agents' in [topology.level[1]]: generator 'ring' needs it"},
    {"[topology]\ngenerator = \"nested\"\n[[topology.level]]\ngenerator = \"star\"\nagents = "
     "4\nrewire = 1\n",
     "job.toml:7:1: 'rewire' does not belong to generator 'star' in [topology.level[1]], which "
     "takes agents, share, survival"},
    {"[topology]\ngenerator = \"nested\"\nsurvival = 0.5\n[[topology.level]]\ngenerator = "
     "\"star\"\nagents = 4\n",
     "job.toml:4:12: 'topology.survival': a nested topology has its survival in each level"},
    {"[topology]\ngenerator = \"ring\"\nagents = 8\n[[topology.level]]\ngenerator = "
     "\"star\"\nagents = 4\n",
     "job.toml:5:12: 'level' does not belong to generator 'ring'..."},
};

TEST(BadJobs, Topologies) {
    for (const Bad& bad : topologies) {
        const std::string text = std::string("kind = \"run\"\n") + bad.text;
        expect_message(errors_in(text), bad.message, text);
    }
}

TEST(BadJobs, FilesWhereNoneBelong) {
    Folder folder;
    folder.write("g.csv", "source,target\n0,1\n");
    const std::string path = folder.path("job.toml");

    EXPECT_EQ(errors_in("kind = \"run\"\n[topology]\ngenerator = \"ring\"\nagents = 8\nfile = "
                        "\"g.csv\"\n",
                        {}, path),
              path + ":5:1: 'generator' and 'file' exclude each other in [topology]: keep one");
    EXPECT_EQ(errors_in("kind = \"run\"\n[topology]\nfile = \"g.csv\"\nagents = 8\n", {}, path),
              path +
                  ":4:1: 'agents' does not belong to 'file' in [topology], which takes file, "
                  "format, columns, node_file, bipartite, directed, weights, survival, dynamic");
    EXPECT_EQ(errors_in(small_run + "[partition]\nfile = \"g.csv\"\n", {}, path),
              path +
                  ":4:8: 'partition.file' is not used by partition.method = \"block\": set it "
                  "to \"file\"");
}

TEST(BadJobs, SharesOfLevels) {
    const std::string level = "[[topology.level]]\ngenerator = \"star\"\nagents = 4\n";
    const std::string message =
        errors_in("kind = \"run\"\n[topology]\ngenerator = \"nested\"\n" + level + level);
    EXPECT_THAT(message, testing::HasSubstr("the shares of the levels must sum to 1, not 2"));
}

TEST(BadJobs, Kinds) {
    EXPECT_EQ(errors_in("topology = { generator = \"ring\", agents = 8 }\n"),
              "job.toml:1:1: missing 'kind'");
    EXPECT_EQ(errors_in("kind = \"rnu\"\n"),
              "job.toml:1:8: 'kind' must be one of run, compare, scaling, redesign, swarm, "
              "robustness, not \"rnu\"; "
              "did you mean 'run'?");
    EXPECT_EQ(errors_in("kind = 1\n[topology]\ngenerator = \"star\"\nagents = 2\n"),
              "job.toml:1:8: 'kind' must be a string, not 1");
}

TEST(BadJobs, NameFromTheFile) {
    EXPECT_EQ(job::parse(small_run, "some/a.b.toml", {}).run.name, "a.b");
    EXPECT_THAT(errors_in(small_run, {}, "some/..toml"),
                testing::HasSubstr("not the string \".\""));
    EXPECT_THAT(errors_in(small_run, {}, ""),
                testing::HasSubstr("'name' must be the name of a folder"));
}

TEST(BadJobs, EverythingAtOnceInOrder) {
    const std::string message = errors_in(
        "kind = \"run\"\nsede = 1\n[model]\ntasks = 0\nopenness = 2\n[topology]\ngenerator = "
        "\"ring\"\n[outptu]\n");

    EXPECT_THAT(lines_of(message),
                testing::ElementsAre(
                    "job.toml:2:1: unknown key 'sede'; did you mean 'seed'?",
                    "job.toml:4:9: 'model.tasks' must lie in [1, 4096], not be 0",
                    "job.toml:5:12: 'model.openness' must lie in [0, 1), not be 2",
                    "job.toml:6:1: missing 'agents' in [topology]: generator 'ring' needs it",
                    "job.toml:8:2: unknown key 'outptu'; did you mean 'output'?"));
}

TEST(BadJobs, TheErrorKnowsThePlace) {
    try {
        job::parse("kind = \"run\"\nsede = 1\n", "a/b.toml", {});
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::usage);
        EXPECT_EQ(error.exit_code(), 2);
        EXPECT_EQ(error.where().file, "a/b.toml");
        EXPECT_EQ(error.where().line, 1);
    }
}

TEST(BadJobs, FilesThatCannotBeRead) {
    Folder folder;
    EXPECT_EQ(usage_error_of([] { job::load("no/such.toml", {}); }),
              "no/such.toml: no such file; give the path of a job file");
    EXPECT_THAT(usage_error_of([&] { job::load(folder.path(), {}); }),
                testing::HasSubstr("cannot be read; give the path of a job file"));
    EXPECT_THAT(usage_error_of([&] { job::load(folder.write("empty.toml", ""), {}); }),
                testing::HasSubstr("empty.toml:1:1: missing 'kind'"));
    EXPECT_THAT(
        usage_error_of([&] { job::load(folder.write("a.toml", "a = \"\xff\xfe\"\n"), {}); }),
        testing::HasSubstr("a.toml:1:"));
}

TEST(BadJobs, FilesAreSearchedBesideTheJobThenHere) {
    Folder folder;
    folder.write("jobs/g.csv", "source,target\n0,1\n");
    const std::string job =
        folder.write("jobs/a.toml", "kind = \"run\"\n[topology]\nfile = \"g.csv\"\n");
    EXPECT_EQ(job::load(job, {}).run.topology.file, folder.path("jobs/g.csv"));

    const std::string message =
        errors_in("kind = \"run\"\n[topology]\nfile = \"h.csv\"\n", {}, "jobs/a.toml");
    EXPECT_EQ(message, "jobs/a.toml:3:8: 'topology.file': no such file: 'jobs/h.csv', 'h.csv'");
}

double seconds_for(const std::string& text, std::string& message) {
    const auto start = std::chrono::steady_clock::now();
    message = errors_in(text);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

TEST(BadJobs, LongFilesAreQuick) {
    std::string keys = "kind = \"run\"\n[model]\n";
    std::string values = small_run + "[model]\ndemand = { weights = [\n";
    std::string tables = small_run;
    for (int i = 0; i < 100000; ++i) {
        keys += "key_" + std::to_string(i) + " = \"value\"\n";
        values += "-1,\n";
        tables += "[model.a" + std::to_string(i) + "]\n";
    }
    values += "] }\n";
    std::string message;

    EXPECT_LT(seconds_for(keys, message), 5.0);  // under a second; room for sanitizers
    EXPECT_EQ(lines_of(message).size(), 51U);
    EXPECT_EQ(lines_of(message).back(), "... and 99951 more");
    EXPECT_LT(seconds_for(values, message), 5.0);
    EXPECT_THAT(lines_of(message).front(), testing::HasSubstr("'model.demand.weights[1]'"));
    EXPECT_LT(seconds_for(tables, message), 5.0);
    EXPECT_EQ(lines_of(message).back(), "... and 99950 more");
    EXPECT_LT(seconds_for(std::string(100000, '\n') + "[", message), 5.0);
    EXPECT_THAT(message, testing::HasSubstr("job.toml:100001:"));
}

TEST(BadJobs, DeepNestingIsRefused) {
    const std::string message =
        errors_in("a = " + std::string(100000, '[') + std::string(100000, ']') + "\n");
    EXPECT_THAT(message, testing::HasSubstr("not TOML"));
}

}  // namespace
}  // namespace motley::test

// Resolved texts: every key and default, and the same job when read again.
#include "job/support.hpp"

namespace motley::test {
namespace {

void expect_round_trip(const std::string& text, const std::string& path) {
    const job::Job job = job::parse(text, path, {});
    const job::Job again = job::parse(job.resolved_text, "elsewhere/other.toml", {});

    EXPECT_EQ(again.resolved_text, job.resolved_text);
    if (job.kind == job::JobKind::run) {
        EXPECT_EQ(job::to_toml(again.run), job::to_toml(job.run));
        EXPECT_EQ(again.run.topology.seed, job.run.topology.seed);
        return;
    }
    ASSERT_EQ(again.compare.cells.size(), job.compare.cells.size());
    EXPECT_EQ(again.compare.baseline, job.compare.baseline);
    EXPECT_EQ(again.compare.ranks_per_run, job.compare.ranks_per_run);
    for (std::size_t i = 0; i < job.compare.cells.size(); ++i) {
        const job::CompareCell& a = job.compare.cells[i];
        const job::CompareCell& b = again.compare.cells[i];
        EXPECT_EQ(b.levels, a.levels);
        EXPECT_EQ(b.run.name, a.run.name);
        EXPECT_EQ(job::to_toml(b.run), job::to_toml(a.run));
    }
}

TEST(Resolved, HoldsEveryKeyAndDefault) {
    const std::string text = job::parse(small_run, "small.toml", {}).resolved_text;

    EXPECT_EQ(text, R"(name = "small"
kind = "run"
seed = 1

[topology]
generator = "ring"
agents = 8
degree = 4
directed = false
weights = "uniform"
survival = 1.0

[model]
tasks = 8
openness = 0.9
elasticity = 0.7
returns = 1.0
precision = "double"
capability = { distribution = "lognormal", sigma = 0.3, group_sigma = 0.0, groups = 1 }
resource = { value = 1.0 }
demand = { distribution = "uniform" }
noise = 0.0
learning = { rate = 0.0, exponent = 1.0 }
growth = { rate = 0.0, scope = "global" }

[solve]
mode = "optimum"
gap = 1e-06
max_steps = 20000
steps = 4000
rate = 0.05
acceleration = true

[partition]
method = "block"

[exchange]
method = "persistent"
ranks_per_node = 0
overlap = true

[measure]
centres = 0
graph = false

[output]
directory = "results"
every = 10
snapshots = 0
compression = 0
topology = false
partition = false

[checkpoint]
every_steps = 0
every_minutes = "auto"
)");
}

TEST(Resolved, RunsComeBack) {
    Folder folder;
    folder.write("g.csv", "source,target\n0,1\n");
    folder.write("p.part", "0\n0\n");
    const std::string path = folder.path("job.toml");

    expect_round_trip(run_example, path);
    expect_round_trip(
        small_run + "name = \"a \\\"b\\\" \\u00e9\"\n[model]\nopenness = 0.1234567890123456789\n",
        path);
    expect_round_trip(
        "kind = \"run\"\ntopology = { file = \"g.csv\", weights = \"edge\" }\n"
        "[partition]\nmethod = \"file\"\nfile = \"p.part\"\n",
        path);
    expect_round_trip(
        "kind = \"run\"\ntopology = { generator = \"torus\", shape = [2, 3, 4], "
        "neighbourhood = \"moore\" }\n",
        path);
    expect_round_trip(
        "kind = \"run\"\ntopology = { generator = \"erdos-renyi\", agents = 9, "
        "edges = 12 }\n",
        path);
    expect_round_trip(
        "kind = \"run\"\nseed = 5\n[topology]\ngenerator = \"nested\"\n[[topology.level]]\n"
        "generator = \"ring\"\nagents = 4\nshare = 0.3\n[[topology.level]]\ngenerator = "
        "\"grid\"\nshape = [2, 2]\nshare = 0.7\nsurvival = 0.9\n",
        path);
    expect_round_trip(small_run +
                          "[solve]\nmode = \"dynamics\"\n[model]\ntasks = 2\nreturns = 2\nschedule "
                          "= [{ step = 5, demand = { weights = [1, 2] } }, { step = 7, demand = { "
                          "distribution = \"dirichlet\", groups = 2 } }]\n",
                      path);
}

TEST(Resolved, RulesOfFlowsComeBackAndLeaveNoTraceWhereTheyAreDefaults) {
    const std::string pool = "kind = \"run\"\ntopology = { generator = \"pool\", agents = 9 }\n";
    expect_round_trip(pool, "job.toml");
    EXPECT_EQ(job::parse(pool, "job.toml", {}).resolved_text.find("openness"), std::string::npos);
    expect_round_trip(
        "kind = \"compare\"\n[factors]\ntopology = [{ generator = \"pool\", agents = 9 }, { "
        "generator "
        "= \"ring\", agents = 9 }]\nmodel.elasticity = [1.0, 2.0]\n",
        "job.toml");
    const std::string rules =
        "[solve]\nmode = \"dynamics\"\n[model]\nrelay = false\nwelfare = "
        "\"log\"\nopenness_rate = 0.5\n";
    expect_round_trip(small_run + rules, "job.toml");
    const std::string text = job::parse(small_run + rules, "job.toml", {}).resolved_text;
    for (const char* line : {"relay = false\n", "welfare = \"log\"\n", "openness_rate = 0.5\n"}) {
        EXPECT_NE(text.find(line), std::string::npos) << line;
    }
    const std::string plain = small_run + "[model]\nrelay = true\nwelfare = \"sum\"\n";
    EXPECT_EQ(job::parse(plain, "small.toml", {}).resolved_text,
              job::parse(small_run, "small.toml", {}).resolved_text);
}

TEST(Resolved, RulesOfChangeComeBackAndLeaveNoTraceWhereTheyAreDefaults) {
    const std::string rules =
        "[solve]\nmode = \"dynamics\"\n[model]\nelasticity = inf\nallocation = \"demand\"\n"
        "adapt = false\nmutation = 0.25\nmigration = 0.5\nlearning = { rate = 0.5, rule = "
        "\"marginal\", floor = 0.25 }\ngrowth = { rate = 0.5, conserve = true }\n";
    expect_round_trip(small_run + rules, "job.toml");
    const std::string text = job::parse(small_run + rules, "job.toml", {}).resolved_text;
    for (const char* line :
         {"elasticity = inf\n", "allocation = \"demand\"\n", "adapt = false\n", "mutation = 0.25\n",
          "migration = 0.5\n", "rule = \"marginal\"", "floor = 0.25", "conserve = true"}) {
        EXPECT_NE(text.find(line), std::string::npos) << line << text;
    }
    const std::string plain =
        small_run + "[model]\nadapt = true\nlearning.rule = \"doing\"\ngrowth.conserve = false\n";
    EXPECT_EQ(job::parse(plain, "small.toml", {}).resolved_text,
              job::parse(small_run, "small.toml", {}).resolved_text);
}

TEST(Resolved, ComparisonsComeBack) {
    Folder folder;
    folder.write("topologies/isolated.toml", "generator = \"isolated\"\nagents = 4096\n");
    folder.write("a.csv", "agent,resource\n0,1\n");
    folder.write("b.csv", "agent,resource\n0,2\n");
    const std::string path = folder.write("jobs/job.toml", "");

    expect_round_trip(compare_example, path);
    expect_round_trip(
        "kind = \"compare\"\n[compare]\nranks_per_run = \"auto\"\n[base]\n[factors]\n"
        "topology = [{ generator = \"torus\", shape = [4, 4, 4] }]\nsolve.gap = { "
        "from = 1e-8, to = 1e-4, count = 5, scale = \"log\" }\n",
        path);
    expect_round_trip(
        "kind = \"compare\"\n[base]\ntopology = { agents = 16 }\n[factors]\n"
        "\"topology.generator\" = [\"ring\", \"star\"]\n\"model.demand\" = [{ "
        "distribution = \"zipf\", name = \"a b\" }, { value = 1 }]\n",
        path);
    expect_round_trip(
        "kind = \"compare\"\n[base]\ntopology = { generator = \"ring\", agents = 16 "
        "}\nmodel = { demand = { distribution = \"zipf\" } }\n[factors]\n"
        "\"topology.generator\" = [\"ring\", \"star\"]\nmodel.demand.distribution "
        "= [\"uniform\", \"dirichlet\"]\n",
        path);
    expect_round_trip(
        "kind = \"compare\"\n[compare]\ndesign = \"latin-hypercube\"\nsamples = 3\n[factors]\n"
        "model.openness = { from = 0.1, to = 0.7 }\ntopology = [{ generator = \"ring\", agents = 8 "
        "}]\n\"solve.gap\" = { from = 1e-8, to = 1e-4, scale = \"log\" }\n",
        path);
    expect_round_trip(
        "kind = \"compare\"\n[factors]\ntopology = [{ generator = \"ring\" }, { "
        "generator = \"star\" }]\n\"topology.agents\" = [4, 8]\n",
        path);
    expect_round_trip(
        "kind = \"compare\"\n[base]\ntopology = { generator = \"star\", agents = 16 "
        "}\n[factors]\nmodel.resource.file = [\"../a.csv\", \"../b.csv\"]\n",
        path);
}

TEST(Resolved, RunsOfComparisonsStandAlone) {
    const job::Compare all =
        job::parse(
            "kind = \"compare\"\n[base]\ntopology = { generator = \"star\", agents = 4 }\n"
            "[factors]\nmodel.openness = [0.5]\n",
            "c.toml", {})
            .compare;
    const job::Run run = job::parse(job::to_toml(all.cells[0].run), "x.toml", {}).run;

    EXPECT_EQ(run.output.directory + "/" + run.name,
              all.cells[0].run.output.directory + "/" + all.cells[0].run.name);
    EXPECT_EQ(run.seed, all.cells[0].run.seed);
    EXPECT_DOUBLE_EQ(run.model.openness, 0.5);
}

}  // namespace
}  // namespace motley::test

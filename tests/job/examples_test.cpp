// The job files that the design promises to read, what they mean, and what is default.
#include "job/support.hpp"
#include "motley/topology/generator.hpp"
#include "support/shared.hpp"

namespace motley::test {

const char* const run_example = R"(name = "small-world"
kind = "run"                      # ! run | compare | redesign | swarm | scaling
seed = 1

[topology]
generator = "watts-strogatz"
agents = 4096
degree = 8
rewire = 0.1
directed = false                  # of files; generators know
weights = "uniform"
survival = 1.0

[model]
tasks = 8
openness = 0.9
elasticity = 0.7
returns = 1.0
precision = "double"              # or "single"
capability = { distribution = "lognormal", sigma = 0.3 }
resource = { value = 1.0 }
demand = { distribution = "uniform" }
noise = 0.0
learning = { rate = 0.0, exponent = 1.0 }
growth = { rate = 0.0, scope = "global" }

[solve]
mode = "optimum"                  # or "dynamics"
gap = 1e-6                        # optimum: relative
max_steps = 20000
steps = 4000                      # dynamics
rate = 0.05                       # dynamics: eta

[partition]
method = "block"
[exchange]
method = "persistent"
overlap = true

[output]
every = 10
snapshots = 0
)";

const char* const compare_example = R"(kind = "compare"
seed = 1
[compare]
replicates = 5
baseline = "ring"
ranks_per_run = 1                 # or "auto"
[base]                            # any key of a run
model = { tasks = 8, elasticity = 0.7 }
[factors]
topology = ["isolated", { generator = "ring", agents = 4096, degree = 8, name = "ring" }, { generator = "watts-strogatz", agents = 4096, degree = 8, rewire = 0.1, name = "small world" }]
"model.openness" = [0.3, 0.6, 0.9]
)";

namespace {

const char* const isolated =
    "description = \"nobody talks\"\ngenerator = \"isolated\"\nagents = 4096\n";

TEST(Examples, RunAsItStands) {
    const job::Job job = job::parse(run_example, "jobs/other.toml", {});

    EXPECT_EQ(job.kind, job::JobKind::run);
    EXPECT_EQ(job.path, "jobs/other.toml");
    const job::Run& run = job.run;
    EXPECT_EQ(run.name, "small-world");
    EXPECT_EQ(run.topology.generator, "watts-strogatz");
    EXPECT_EQ(run.topology.agents, 4096);
    EXPECT_EQ(run.topology.integer("degree"), 8);
    EXPECT_DOUBLE_EQ(run.topology.number("rewire"), 0.1);
    EXPECT_FALSE(run.topology.edge_weights);
    EXPECT_EQ(run.model.capability.kind, model::Distribution::Kind::lognormal);
    EXPECT_EQ(run.model.resource.kind, model::Distribution::Kind::constant);
    EXPECT_EQ(run.model.demand.kind, model::Distribution::Kind::uniform);
    EXPECT_DOUBLE_EQ(run.solve.gap, 1e-6);
    EXPECT_EQ(run.solve.mode, simulation::Mode::optimum);
    EXPECT_EQ(run.exchange.kind, mpi::ExchangeKind::persistent);
}

TEST(Examples, CompareAsItStands) {
    Folder folder;
    folder.write("topologies/isolated.toml", isolated);

    const job::Job job = job::load(folder.write("jobs/laws.toml", compare_example), {});

    EXPECT_EQ(job.kind, job::JobKind::compare);
    const job::Compare& compare = job.compare;
    EXPECT_EQ(compare.name, "laws");
    EXPECT_EQ(compare.baseline, "ring");
    EXPECT_EQ(compare.ranks_per_run, 1);
    EXPECT_THAT(compare.factors, testing::ElementsAre("topology", "model.openness"));
    ASSERT_EQ(compare.cells.size(), 3U * 3U * 5U);
    EXPECT_EQ(compare.cells[0].run.topology.generator, "isolated");
    EXPECT_THAT(compare.cells[14].levels, testing::ElementsAre("isolated", "0.9"));
    EXPECT_EQ(compare.cells[30].run.topology.generator, "watts-strogatz");
    EXPECT_DOUBLE_EQ(compare.cells[30].run.model.openness, 0.3);
    EXPECT_DOUBLE_EQ(compare.cells[30].run.model.elasticity, 0.7);
}

TEST(Examples, OfTheDesignDocument) {
    MOTLEY_NEEDS_SHARED("design/jobfile.md");
    Folder folder;
    folder.write("topologies/isolated.toml", isolated);
    std::ifstream in(shared("design/jobfile.md"));
    std::string block;
    int parsed = 0;
    bool inside = false;
    for (std::string line; std::getline(in, line);) {
        if (line == "```toml") {
            inside = true;
            block.clear();
        } else if (line == "```" && inside) {
            inside = false;
            if (block.find("kind = \"run\"") != std::string::npos ||
                block.find("kind = \"compare\"") != std::string::npos) {
                EXPECT_NO_THROW(job::parse(block, folder.path("job.toml"), {})) << block;
                ++parsed;
            }
        } else if (inside) {
            block += line + "\n";
        }
    }
    EXPECT_EQ(parsed, 2);
}

TEST(Examples, JobsOfTheProject) {
    const std::filesystem::path folder = std::filesystem::path(MOTLEY_SOURCE_DIR) / "jobs";
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "no jobs";
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() != ".toml") continue;
        std::ifstream in(entry.path());
        const std::string text{std::istreambuf_iterator<char>(in), {}};
        const bool borrows = text.find("\"../../shared/") != std::string::npos;
        if (borrows && !std::filesystem::exists(MOTLEY_SHARED_DIR)) {
            std::printf("%s: its data are not here\n", entry.path().c_str());
            continue;
        }
        EXPECT_EQ(usage_error_of([&] { job::load(entry.path().string(), {}); }), "");
    }
}

TEST(Examples, DefaultsAreThoseOfTheExample) {
    // The example gives every default in words but these.
    std::string text = run_example;
    const std::string minimal =
        "name = \"small-world\"\nkind = \"run\"\ntopology = { generator = \"watts-strogatz\", "
        "agents = 4096, degree = 8 }\n";

    EXPECT_EQ(job::parse(minimal, "a.toml", {}).resolved_text,
              job::parse(text, "a.toml", {}).resolved_text);
}

TEST(Examples, NameIsTheStemAndSeedGoesEverywhere) {
    const job::Run run =
        job::parse(
            "kind = \"run\"\nseed = 7\n[topology]\ngenerator = \"nested\"\n"
            "[[topology.level]]\ngenerator = \"ring\"\nagents = 4\ndegree = 2\nshare = 0.25\n"
            "[[topology.level]]\ngenerator = \"complete\"\nagents = 8\nshare = 0.75\n"
            "survival = 0.5\n",
            "some/where/my job.toml", {})
            .run;

    EXPECT_EQ(run.name, "my job");
    EXPECT_EQ(run.seed, 7U);
    EXPECT_EQ(run.topology.seed, 7U);
    EXPECT_EQ(run.partition.seed, 7U);
    ASSERT_EQ(run.topology.levels.size(), 2U);
    EXPECT_EQ(run.topology.levels[0].seed, 7U);
    EXPECT_EQ(run.topology.levels[0].generator, "ring");
    EXPECT_DOUBLE_EQ(run.topology.levels[1].share, 0.75);
    EXPECT_DOUBLE_EQ(run.topology.levels[1].survival, 0.5);
}

TEST(Examples, EveryDistribution) {
    Folder folder;
    folder.write("capability.csv", "agent,a,b\n0,1,2\n");
    const std::string text = small_run + R"([model]
tasks = 3
capability = { file = "capability.csv" }
resource = { distribution = "lognormal", sigma = 0.5, groups = 4, group_sigma = 0.25 }
demand = { distribution = "zipf", exponent = 1.5 }
schedule = [
    { step = 500, demand = { weights = [3, 2, 1] } },
    { step = 900, demand = { distribution = "dirichlet", concentration = 2.0 } },
]
[solve]
mode = "dynamics"
)";
    using Kind = model::Distribution::Kind;

    const model::Spec model = job::parse(text, folder.path("job.toml"), {}).run.model;

    EXPECT_EQ(model.capability.kind, Kind::file);
    EXPECT_EQ(model.capability.file, folder.path("capability.csv"));
    EXPECT_EQ(model.resource.kind, Kind::lognormal);
    EXPECT_EQ(model.resource.groups, 4);
    EXPECT_DOUBLE_EQ(model.resource.group_sigma, 0.25);
    EXPECT_EQ(model.demand.kind, Kind::zipf);
    EXPECT_DOUBLE_EQ(model.demand.exponent, 1.5);
    ASSERT_EQ(model.schedule.size(), 2U);
    EXPECT_EQ(model.schedule[0].step, 500);
    EXPECT_EQ(model.schedule[0].demand.kind, Kind::weights);
    EXPECT_THAT(model.schedule[0].demand.weights, testing::ElementsAre(3.0, 2.0, 1.0));
    EXPECT_DOUBLE_EQ(model.schedule[1].demand.concentration, 2.0);
}

TEST(Examples, WordsBecomeEnumerators) {
    Folder folder;
    folder.write("a.part", "0\n");
    folder.write("g.txt", "0 1\n");
    const std::string text = R"(kind = "run"
[topology]
file = "g.txt"
format = "edge-list"
directed = true
weights = "edge"
[model]
precision = "single"
growth = { rate = 0.5, scope = "local" }
learning = { rate = 0.25, exponent = 2 }
[solve]
mode = "dynamics"
[partition]
method = "file"
file = "a.part"
[exchange]
method = "neighbour"
overlap = false
[output]
compression = 9
topology = true
)";

    const job::Run run = job::parse(text, folder.path("job.toml"), {}).run;

    EXPECT_EQ(run.topology.file, folder.path("g.txt"));
    EXPECT_EQ(run.topology.generator, "");
    EXPECT_EQ(run.topology.format, topology::FileFormat::edge_list);
    EXPECT_TRUE(run.topology.directed);
    EXPECT_TRUE(run.topology.edge_weights);
    EXPECT_EQ(run.model.precision, model::Precision::single);
    EXPECT_EQ(run.model.growth_scope, model::GrowthScope::local);
    EXPECT_DOUBLE_EQ(run.model.growth_rate, 0.5);
    EXPECT_DOUBLE_EQ(run.model.learning_exponent, 2.0);
    EXPECT_EQ(run.solve.mode, simulation::Mode::dynamics);
    EXPECT_EQ(run.partition.method, partition::Method::file);
    EXPECT_EQ(run.partition.file, folder.path("a.part"));
    EXPECT_EQ(run.exchange.kind, mpi::ExchangeKind::neighbour);
    EXPECT_FALSE(run.exchange.overlap);
    EXPECT_EQ(run.output.compression, 9);
    EXPECT_TRUE(run.output.topology);
}

TEST(Examples, LimitsAreLegal) {
    for (const char* section :
         {"[model]\ntasks = 1", "[model]\ntasks = 4096", "[model]\nopenness = 0",
          "[model]\nelasticity = 0.05", "[model]\nelasticity = 100", "seed = 0",
          "[model]\nreturns = 10.0\n[solve]\nmode = \"dynamics\"",
          "[solve]\nmode = \"dynamics\"\nsteps = 0", "[output]\ncompression = 0"}) {
        const std::string text = std::string("kind = \"run\"\n") +
                                 (section[0] == 's' ? std::string(section) + "\n" : "") +
                                 "topology = { generator = \"ring\", agents = 8 }\n" +
                                 (section[0] == 's' ? "" : section) + "\n";
        EXPECT_EQ(errors_in(text), "") << section;
    }
    EXPECT_EQ(job::parse("seed = 9223372036854775807\n" + small_run, "a.toml", {}).run.seed,
              9223372036854775807U);
}

TEST(Examples, GeneratorsAreThoseOfTheTopologyLayer) {
    const std::string page = job::reference();
    for (const topology::Generator* generator : topology::generators()) {
        EXPECT_THAT(page, testing::HasSubstr("| `\"" + std::string(generator->name) + "\"` |"));
    }
    const std::string message = errors_in("kind = \"run\"\ntopology = { generator = \"?\" }\n");
    std::string all;
    for (const topology::Generator* generator : topology::generators()) {
        all += (all.empty() ? "" : ", ") + std::string(generator->name);
    }
    EXPECT_THAT(message, testing::HasSubstr("must be one of " + all + ", not"));
}

}  // namespace
}  // namespace motley::test

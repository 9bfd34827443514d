// `--set a.b=value`.
#include "job/support.hpp"

namespace motley::test {
namespace {

job::Run run_with(const std::vector<std::string>& overrides) {
    return job::parse(small_run + "[model]\ntasks = 4\n", "job.toml", overrides).run;
}

TEST(Overrides, TomlValuesAndBareWords) {
    const job::Run run =
        run_with({"model.openness=0.25", "solve.mode=dynamics", "seed = 9", "name=\"quoted name\"",
                  "exchange.overlap=false", "model.demand={ weights = [1, 2, 3, 4] }",
                  "topology.generator=watts-strogatz", "topology.rewire=1"});

    EXPECT_DOUBLE_EQ(run.model.openness, 0.25);
    EXPECT_EQ(run.solve.mode, simulation::Mode::dynamics);
    EXPECT_EQ(run.seed, 9U);
    EXPECT_EQ(run.topology.seed, 9U);
    EXPECT_EQ(run.name, "quoted name");
    EXPECT_FALSE(run.exchange.overlap);
    EXPECT_THAT(run.model.demand.weights, testing::ElementsAre(1, 2, 3, 4));
    EXPECT_EQ(run.topology.generator, "watts-strogatz");
    EXPECT_DOUBLE_EQ(run.topology.number("rewire"), 1.0);
}

TEST(Overrides, LaterOnesWin) {
    EXPECT_EQ(run_with({"model.tasks=5", "model.tasks=6"}).model.tasks, 6);
}

TEST(Overrides, MakeTablesOnTheWay) {
    const job::Run run = run_with({"model.learning.rate=0.5", "solve.mode=dynamics"});
    EXPECT_DOUBLE_EQ(run.model.learning_rate, 0.5);
}

TEST(Overrides, WholeListsMayBeSet) {
    const job::Run run = run_with({"topology={ generator = \"nested\" }",
                                   "topology.level=[{ generator = \"ring\", agents = 8 }]"});
    ASSERT_EQ(run.topology.levels.size(), 1U);
    EXPECT_EQ(run.topology.levels[0].agents, 8);
}

TEST(Overrides, CorrectWhatTheFileSaysWrong) {
    EXPECT_EQ(errors_in(small_run + "[model]\ntasks = 0\n", {"model.tasks=3"}), "");
}

TEST(Overrides, Errors) {
    const std::pair<const char*, const char*> cases[] = {
        {"model.tasks=0", "--set model.tasks=0: 'model.tasks' must lie in [1, 4096], not be 0"},
        {"model.tasks=many",
         "--set model.tasks=many: 'model.tasks' must be an integer, not the string \"many\""},
        {"model.tsaks=3",
         "--set model.tsaks=3: unknown key 'tsaks' in [model]; did you mean 'tasks'?"},
        {"modle.tasks=3", "--set modle.tasks=3: unknown key 'modle'; did you mean 'model'?"},
        {"solve.mode=optimun",
         "--set solve.mode=optimun: 'solve.mode' must be one of optimum, dynamics, not the string "
         "\"optimun\"; did you mean 'optimum'?"},
        {"model.tasks", "--set model.tasks: write --set a.b=value"},
        {"=3", "--set =3: write --set a.b=value"},
        {"model..tasks=3", "--set model..tasks=3: write --set a.b=value"},
        {"model.=3", "--set model.=3: write --set a.b=value"},
        {"kind.x=3", "--set kind.x=3: 'kind' is the string \"run\", not a table"},
        {"topology.rewire=0.5",
         "--set topology.rewire=0.5: 'rewire' does not belong to generator 'ring' in [topology], "
         "which takes agents, degree, directed, weights, survival, dynamic"},
        {"model.returns=2",
         "--set model.returns=2: mode = \"optimum\" has no certificate with returns > 1: use "
         "solve.mode = \"dynamics\""},
    };
    for (const auto& [override, message] : cases) {
        EXPECT_EQ(errors_in(small_run, {override}), message);
    }
    EXPECT_THAT(errors_in(small_run, {"model.demand=[1,"}),
                testing::StartsWith("--set model.demand=[1,: not TOML: "));
    EXPECT_THAT(errors_in(small_run, {"seed=1\nname=2"}),
                testing::HasSubstr("one value is expected"));
    EXPECT_THAT(errors_in(small_run, {"model.tasks="}),
                testing::HasSubstr("--set model.tasks=: not TOML: "));
}

TEST(Overrides, ListsOfTablesHaveNoPath) {
    const std::string text =
        "kind = \"run\"\n[topology]\ngenerator = \"nested\"\n[[topology.level]]\ngenerator = "
        "\"ring\"\nagents = 8\n";
    EXPECT_EQ(errors_in(text, {"topology.level.agents=4"}),
              "--set topology.level.agents=4: 'topology.level' is a list: keys inside of it cannot "
              "be set; set the whole list in TOML syntax, or edit the file");
}

TEST(Overrides, FindingsComeAfterThoseOfTheFile) {
    EXPECT_THAT(lines_of(errors_in(small_run + "[model]\ntasks = 0\n", {"z=1", "y=1"})),
                testing::ElementsAre("job.toml:4:9: 'model.tasks' must lie in [1, 4096], not be 0",
                                     "--set z=1: unknown key 'z'", "--set y=1: unknown key 'y'"));
}

TEST(Overrides, OfComparisons) {
    const std::string text =
        "kind = \"compare\"\n[base]\ntopology = { generator = \"ring\", agents = 8 }\n[factors]\n"
        "\"model.openness\" = [0.1, 0.2]\n";
    const job::Compare compare =
        job::parse(text, "job.toml",
                   {"compare.replicates=2", "base.model.tasks=3", "factors.model.openness=[0.5]",
                    "factors.model.elasticity={ from = 1, to = 2, step = 0.5 }"})
            .compare;

    ASSERT_EQ(compare.cells.size(), 6U);
    EXPECT_EQ(compare.cells[0].run.model.tasks, 3);
    EXPECT_DOUBLE_EQ(compare.cells[5].run.model.openness, 0.5);
    EXPECT_DOUBLE_EQ(compare.cells[5].run.model.elasticity, 2.0);

    const std::string nested =
        "kind = \"compare\"\n[base]\ntopology = { generator = \"ring\", agents = 8 }\n[factors]\n"
        "model.openness = [0.1, 0.2]\n";
    EXPECT_EQ(job::parse(nested, "job.toml", {"factors.model.openness=[0.5]"}).compare.cells.size(),
              1U);
    EXPECT_EQ(errors_in(nested, {"factors=3"}),
              "--set factors=3: 'factors' must be a table, not 3");
    EXPECT_EQ(
        errors_in("kind = \"compare\"\nfactors = 3\n", {"factors.seed=[1]"}),
        "job.toml:2:11: 'factors' must be a table, not 3\n--set factors.seed=[1]: 'factors' is "
        "not a table");
}

}  // namespace
}  // namespace motley::test

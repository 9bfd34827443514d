// kind = "compare": factors, their combinations, paired seeds, names.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "job/support.hpp"

namespace motley::test {
namespace {

const std::string compare_head = "kind = \"compare\"\n";
const std::string ring = "[base]\ntopology = { generator = \"ring\", agents = 8 }\n";

job::Compare compare(const std::string& text, const std::string& path = "c.toml") {
    return job::parse(compare_head + text, path, {}).compare;
}

TEST(Compare, FullFactorialInFileOrderThenReplicates) {
    const job::Compare all = compare("[compare]\nreplicates = 2\n" + ring +
                                     "[factors]\n\"model.openness\" = [0.5, 0.25]\nmodel.tasks = "
                                     "[3, 4, 5]\n");

    EXPECT_THAT(all.factors, testing::ElementsAre("model.openness", "model.tasks"));
    EXPECT_EQ(all.baseline, "0.5");
    ASSERT_EQ(all.cells.size(), 12U);
    for (std::size_t i = 0; i < all.cells.size(); ++i) {
        const job::CompareCell& cell = all.cells[i];
        EXPECT_EQ(cell.replicate, static_cast<std::int64_t>(i % 2));
        EXPECT_EQ(cell.run.model.tasks, static_cast<std::int64_t>(3 + i / 2 % 3));
        EXPECT_DOUBLE_EQ(cell.run.model.openness, i < 6 ? 0.5 : 0.25);
        EXPECT_EQ(cell.run.topology.agents, 8);
    }
    EXPECT_EQ(all.cells[11].run.name, "openness-0.25_tasks-5/r1");
    EXPECT_EQ(all.cells[11].run.output.directory, "results/c");
    EXPECT_THAT(all.cells[11].levels, testing::ElementsAre("0.25", "5"));
}

TEST(Compare, SeedsDependOnSeedAndReplicateOnly) {
    const std::string text =
        "[compare]\nreplicates = 3\n[factors]\ntopology = [{ generator = "
        "\"ring\", agents = 8 }, { generator = \"star\", agents = 8 }]\n";
    const job::Compare one = compare(text);
    const job::Compare other = job::parse(compare_head + text, "c.toml", {"seed=2"}).compare;
    const job::Compare more =
        job::parse(compare_head + text, "c.toml", {"compare.replicates=5"}).compare;

    std::set<std::uint64_t> seeds;
    for (std::size_t r = 0; r < 3; ++r) {
        EXPECT_EQ(one.cells[r].run.seed, one.cells[3 + r].run.seed);
        EXPECT_EQ(one.cells[r].run.seed, more.cells[r].run.seed);
        EXPECT_EQ(one.cells[r].run.seed, one.cells[r].run.topology.seed);
        EXPECT_LT(one.cells[r].run.seed, std::uint64_t{1} << 63);
        seeds.insert(one.cells[r].run.seed);
        seeds.insert(other.cells[r].run.seed);
    }
    EXPECT_EQ(seeds.size(), 6U);
}

TEST(Compare, Ranges) {
    const job::Compare all =
        compare(ring +
                "[factors]\n\"model.openness\" = { from = 0.1, to = 0.7, step = 0.2 }\n"
                "\"topology.agents\" = { from = 16, to = 1024, count = 4, scale = \"log\" }\n"
                "\"model.elasticity\" = { from = 0.5, to = 1, count = 3 }\n\"model.tasks\" = { "
                "from = 2, to "
                "= 5, step = 2 }\n");

    std::vector<std::set<std::string>> levels(4);
    for (const job::CompareCell& cell : all.cells) {
        for (std::size_t f = 0; f < 4; ++f) levels[f].insert(cell.levels[f]);
    }
    EXPECT_THAT(levels[0], testing::UnorderedElementsAre("0.1", "0.3", "0.5", "0.7"));
    EXPECT_THAT(levels[1], testing::UnorderedElementsAre("16", "64", "256", "1024"));
    EXPECT_THAT(levels[2], testing::UnorderedElementsAre("0.5", "0.75", "1.0"));
    EXPECT_THAT(levels[3], testing::UnorderedElementsAre("2", "4"));
}

TEST(Compare, RangesTakeStepsAsCount) {
    const job::Compare all =
        compare(ring +
                "[factors]\n\"model.openness\" = { from = 0.1, to = 0.9, steps = 5 }\n"
                "\"model.elasticity\" = { from = 0.25, to = 4, steps = 3, scale = \"log\" }\n");

    std::vector<std::string> openness;
    for (std::size_t c = 0; c < all.cells.size(); c += 3) {
        openness.push_back(all.cells[c].levels[0]);
    }
    EXPECT_THAT(openness, testing::ElementsAre("0.1", "0.3", "0.5", "0.7", "0.9"));
    EXPECT_EQ(all.cells[1].levels[1], "1.0");
}

TEST(Compare, CellsAreNumberedAndKnowTheirBaseline) {
    const job::Compare all = compare(
        "[compare]\nreplicates = 2\nbaseline = \"star\"\n[factors]\n\"model.openness\" = [0.1, "
        "0.2]\ntopology = [{ generator = \"ring\", agents = 8 }, { generator = \"star\", agents = "
        "8 "
        "}]\n");

    EXPECT_EQ(all.compared, 1);
    EXPECT_THAT(all.baselines, testing::ElementsAre(1, 1, 3, 3));
    for (std::size_t i = 0; i < all.cells.size(); ++i) {
        EXPECT_EQ(all.cells[i].cell, static_cast<std::int64_t>(i / 2));
    }
}

const std::string cube_head = "[compare]\ndesign = \"latin-hypercube\"\nsamples = 20\n";
const std::string cube_factors =
    "[factors]\n\"model.openness\" = { from = 0.1, to = 0.9 }\ntopology = [{ generator = \"ring\", "
    "agents = 64 }, { generator = \"star\", agents = 64 }]\n\"model.elasticity\" = { from = 0.1, "
    "to "
    "= 10, scale = \"log\" }\n\"model.tasks\" = { from = 1, to = 10 }\n";

/// The part of `parts` even ones of [from, to] that `value` lies in.
int part(double value, double from, double to, int parts) {
    return static_cast<int>((value - from) / (to - from) * parts);
}

TEST(LatinHypercube, EveryPartOfEveryRangeIsHitOnce) {
    const job::Compare all = compare(cube_head + cube_factors);

    ASSERT_EQ(all.cells.size(), 40U);
    std::set<int> openness, elasticity;
    std::map<std::int64_t, int> tasks;
    for (std::size_t s = 0; s < 20; ++s) {
        const model::Spec& model = all.cells[s].run.model;
        EXPECT_EQ(all.cells[s].run.topology.generator, "ring");
        openness.insert(part(model.openness, 0.1, 0.9, 20));
        elasticity.insert(part(std::log10(model.elasticity), -1, 1, 20));
        tasks[model.tasks] += 1;
        EXPECT_EQ(all.cells[s].levels.size(), 4U);
        EXPECT_EQ(std::stod(all.cells[s].levels[0]), model.openness);
    }
    EXPECT_EQ(openness.size(), 20U);
    EXPECT_EQ(elasticity.size(), 20U);
    EXPECT_EQ(tasks.size(), 10U);
    for (const auto& [value, count] : tasks) EXPECT_EQ(count, 2) << value;
}

TEST(LatinHypercube, IsPairedOverTheLists) {
    const job::Compare all = compare(cube_head + "replicates = 2\n" + cube_factors);

    ASSERT_EQ(all.cells.size(), 80U);
    EXPECT_EQ(all.compared, 1);
    for (std::size_t i = 0; i < 40; ++i) {
        const job::CompareCell &one = all.cells[i], &other = all.cells[40 + i];
        EXPECT_EQ(one.run.model.openness, other.run.model.openness);
        EXPECT_EQ(one.run.model.elasticity, other.run.model.elasticity);
        EXPECT_EQ(one.run.seed, other.run.seed);
        EXPECT_EQ(all.baselines[static_cast<std::size_t>(other.cell)], one.cell);
    }
    EXPECT_EQ(all.cells[7].run.name, "ring/sample-3/r1");
    EXPECT_EQ(all.cells[47].run.name, "star/sample-3/r1");
}

/// Openness of the samples.
std::vector<double> drawn(const job::Compare& all) {
    std::vector<double> values;
    for (std::size_t s = 0; s < 20; ++s) values.push_back(all.cells[s].run.model.openness);
    return values;
}

TEST(LatinHypercube, IsDrawnFromTheSeedAndInNoOrder) {
    const std::string text = compare_head + cube_head + cube_factors;
    const auto one = drawn(job::parse(text, "c.toml", {}).compare);
    EXPECT_EQ(one, drawn(job::parse(text, "c.toml", {}).compare));
    EXPECT_NE(one, drawn(job::parse(text, "c.toml", {"seed=2"}).compare));
    EXPECT_FALSE(std::ranges::is_sorted(one));
    // Factors are drawn apart: the ranks of two of them agree no more than by chance.
    const job::Compare all = compare(cube_head + cube_factors);
    double product = 0.0;
    for (std::size_t s = 0; s < 20; ++s) {
        const model::Spec& model = all.cells[s].run.model;
        product += (part(model.openness, 0.1, 0.9, 20) - 9.5) *
                   (part(std::log10(model.elasticity), -1, 1, 20) - 9.5);
    }
    EXPECT_LT(std::abs(product / (20 * 33.25)), 0.6);
}

TEST(LatinHypercube, WithoutListsNothingIsCompared) {
    const job::Compare all =
        compare(cube_head + ring + "[factors]\n\"model.openness\" = { from = 0, to = 0.9 }\n");
    EXPECT_EQ(all.compared, -1);
    EXPECT_EQ(all.baseline, "");
    EXPECT_THAT(all.baselines, testing::Each(-1));
    EXPECT_EQ(all.cells[19].run.name, "sample-19/r0");
}

TEST(LatinHypercube, Errors) {
    const std::string openness = "[factors]\n\"model.openness\" = ";
    const std::string range = openness + "{ from = 0.1, to = 0.5 }\n";
    const std::string cube = "[compare]\ndesign = \"latin-hypercube\"\n";
    EXPECT_EQ(
        errors_in(compare_head + cube + ring + range, {}, "c.toml"),
        "c.toml:3:10: design = \"latin-hypercube\" needs 'compare.samples': how many points to "
        "draw");
    EXPECT_EQ(errors_in(compare_head + cube + "samples = 3\n" + ring + openness + "[0.5]\n", {},
                        "c.toml"),
              "c.toml:3:10: design = \"latin-hypercube\" needs a factor with a range { from, to }");
    EXPECT_EQ(errors_in(compare_head + cube + "samples = 0\n" + ring + range, {}, "c.toml"),
              "c.toml:4:11: 'compare.samples' must lie in [1, 10000], not be 0");
    EXPECT_EQ(
        errors_in(compare_head + "[compare]\nsamples = 3\n" + ring + openness + "[0.5]\n", {},
                  "c.toml"),
        "c.toml:3:11: 'compare.samples' is for design = \"latin-hypercube\"; a factorial runs "
        "every combination");
    EXPECT_EQ(
        errors_in(compare_head + cube + "samples = 3\n" + ring + openness +
                      "{ from = 0.1, to = 0.5, count = 3 }\n",
                  {}, "c.toml"),
        "c.toml:8:20: factor 'model.openness': a Latin hypercube draws compare.samples values "
        "from 'from' to 'to': leave out 'count'");
    EXPECT_EQ(
        errors_in(compare_head + cube + "samples = 3\nbaseline = \"0.1\"\n" + ring + range, {},
                  "c.toml"),
        "c.toml:5:12: 'compare.baseline': all factors are sampled ranges, whose values have no "
        "names; add a factor with a list of levels, or leave the baseline out");
    EXPECT_THAT(
        errors_in(compare_head + "[compare]\ndesign = \"latin\"\n" + ring + range, {}, "c.toml"),
        testing::HasSubstr("must be one of factorial, latin-hypercube"));
}

TEST(Compare, KeysInsideOfATopologyComeAfterIt) {
    const job::Compare all = compare(
        "[factors]\n\"topology.degree\" = [2, 4]\ntopology = [{ generator = \"ring\", agents = 16 "
        "}, { generator = \"random-regular\", agents = 16, degree = 6 }]\n");

    ASSERT_EQ(all.cells.size(), 4U);
    EXPECT_EQ(all.cells[1].run.topology.integer("degree"), 2);
    EXPECT_EQ(all.cells[1].run.topology.generator, "random-regular");
    EXPECT_EQ(all.cells[3].run.topology.integer("degree"), 4);
    EXPECT_EQ(all.baseline, "ring");
    EXPECT_EQ(all.cells[1].run.name, "random-regular/degree-2/r0");
}

TEST(Compare, TablesAndGeneratorsAsLevels) {
    const job::Compare all = compare(
        "[base]\ntopology = { agents = 16 }\n[factors]\n\"topology.generator\" = [\"ring\", "
        "\"star\"]\n\"model.demand\" = [{ distribution = \"uniform\" }, { distribution = \"zipf\", "
        "exponent = 2, name = \"steep\" }]\n");

    ASSERT_EQ(all.cells.size(), 4U);
    EXPECT_THAT(all.cells[1].levels, testing::ElementsAre("ring", "steep"));
    EXPECT_DOUBLE_EQ(all.cells[1].run.model.demand.exponent, 2.0);
    EXPECT_EQ(all.cells[2].run.topology.generator, "star");
    EXPECT_EQ(all.cells[2].run.name, "generator-star_demand-uniform/r0");
}

TEST(Compare, NamesAreSafeAndUnique) {
    const job::Compare all = compare(
        "[factors]\ntopology = [{ generator = \"ring\", agents = 8, name = \"a b\" }, { generator "
        "= "
        "\"ring\", agents = 8, degree = 2, name = \"a/b\" }, { generator = \"star\", agents = 8, "
        "name = \"../é\" }]\n");

    ASSERT_EQ(all.cells.size(), 3U);
    EXPECT_EQ(all.cells[0].run.name, "a-b/r0");
    EXPECT_EQ(all.cells[1].run.name, "a-b-2/r0");
    EXPECT_EQ(all.cells[2].run.name.find(".."), std::string::npos);
    EXPECT_EQ(all.cells[2].run.name, "topology/r0");
}

TEST(Compare, OutputAndRanks) {
    const job::Compare all =
        compare("[compare]\nranks_per_run = \"auto\"\n[output]\ndirectory = \"/tmp/x\"\n" + ring +
                "output = { every = 5 }\n[factors]\n\"model.openness\" = [0.5]\n");

    EXPECT_EQ(all.ranks_per_run, 0);
    EXPECT_EQ(all.output.directory, "/tmp/x");
    EXPECT_EQ(all.output.every, 5);
    EXPECT_EQ(all.cells[0].run.output.every, 5);
    EXPECT_EQ(all.cells[0].run.output.directory, "/tmp/x/c");
}

struct BadComparison {
    std::string text;  ///< after kind = "compare"
    const char* message;
};

TEST(Compare, Errors) {
    const std::string factor = "[factors]\n\"model.openness\" = ";
    const std::string topology = "[factors]\ntopology = ";
    const BadComparison cases[] = {
        {ring, "c.toml:1:1: missing [factors], or systems = [...] with the files of runs"},
        {ring + "[factors]\n",
         "c.toml:4:1: [factors] is empty: name at least one key and its "
         "values"},
        {ring + "[factors.model]\n",
         "c.toml:4:1: [factors] is empty: name at least one key and its values"},
        {ring + "[factors]\n\"model.opennes\" = [0.1]\n",
         "c.toml:5:1: unknown factor 'model.opennes'; did you mean 'model.openness'?"},
        {ring + "[factors]\nopenness = [0.1]\n",
         "c.toml:5:1: unknown factor 'openness'; did you mean 'model.openness'?"},
        {ring + "[factors]\nmodel.taks = [1]\n",
         "c.toml:5:7: unknown factor 'model.taks'; did you mean 'model.tasks'?"},
        {ring + "[factors]\nseed = [1]\n", "c.toml:5:1: unknown factor 'seed'"},
        {ring + factor + "[]\n", "c.toml:5:20: factor 'model.openness' is an empty list"},
        {ring + factor + "0.5\n",
         "c.toml:5:20: factor 'model.openness' must be a list of values or a range { from, to, "
         "step "
         "}, not 0.5"},
        {ring + factor + "[0.5, 1.5]\n",
         "c.toml:5:26: 'model.openness' must lie in [0, 1), not be 1.5"},
        {ring + factor + "[0.5, \"x\"]\n",
         "c.toml:5:26: 'model.openness' must be a number, not the string \"x\""},
        {ring + factor + "[0.5, 0.5]\n",
         "c.toml:5:26: factor 'model.openness' has two levels called '0.5'"},
        {ring + factor + "{ from = 0, to = 0.5 }\n",
         "c.toml:5:20: factor 'model.openness': give either 'step' or 'count'"},
        {ring + factor + "{ from = 0, to = 0.5, step = 0.1, count = 2 }\n",
         "c.toml:5:20: factor 'model.openness': give either 'step' or 'count'"},
        {ring + factor + "{ from = 0.5, to = 0.1, step = 0.1 }\n",
         "c.toml:5:20: factor 'model.openness': 'to' is less than 'from'"},
        {ring + factor + "{ from = 0.1, to = 0.5, step = 0 }\n",
         "c.toml:5:51: 'model.openness.step' must lie in (0, inf), not be 0"},
        {ring + factor + "{ from = 0, to = 0.5, step = 1e-9 }\n",
         "c.toml:5:20: factor 'model.openness': more than 10000 values"},
        {ring + factor + "{ from = 0, to = 0.5, count = 3, scale = \"log\" }\n",
         "c.toml:5:20: factor 'model.openness': scale = \"log\" needs 'from' > 0"},
        {ring + factor + "{ from = 0.1, to = 0.5, step = 0.1, scale = \"log\" }\n",
         "c.toml:5:20: factor 'model.openness': scale = \"log\" needs 'count'"},
        {ring + factor + "{ to = 0.5, step = 0.1 }\n",
         "c.toml:5:20: missing 'from' in [model.openness]"},
        {ring + factor + "{ from = 0, to = 0.5, setp = 0.1 }\n", nullptr},
        {ring + factor + "[0.5]\nmodel.openness = [0.2]\n",
         "c.toml:6:7: factor 'model.openness' is given twice"},
        {ring + "[factors]\n\"solve.mode\" = { from = 1, to = 2, step = 1 }\n",
         "c.toml:5:16: factor 'solve.mode' must be a list of values, not a table"},
        {ring + topology + "[{ generator = \"star\", agents = 4 }]\n",
         "c.toml:3:1: 'topology' is a factor: put these keys into each topology of the factor"},
        {topology +
             "[{ generator = \"star\", agents = 4 }, { generator = \"star\", agents = 5 }]\n",
         "c.toml:3:49: factor 'topology' has two levels called 'star'; tell them apart with name = "
         "\"...\""},
        {topology + "[{ generator = \"star\" }]\n",
         "c.toml:3:13: missing 'agents' in [topology]: generator 'star' needs it"},
        {topology + "[{ generator = \"star\", agents = 4, degree = 2 }]\n",
         "c.toml:3:47: 'degree' does not belong to generator 'star' in [topology], which takes "
         "agents, directed, weights, survival, dynamic"},
        {topology + "[{ generator = \"star\", agents = 4, name = 3 }]\n",
         "c.toml:3:54: 'name' of a level of 'topology' must be a string, not 3"},
        {"[compare]\nbaseline = \"rnig\"\n" + topology +
             "[{ generator = \"ring\", agents = 4 }, { generator = \"star\", agents = 4 }]\n",
         "c.toml:3:12: 'compare.baseline' is \"rnig\"; it must be a level of the factor "
         "'topology': "
         "ring, star; did you mean 'ring'?"},
        {"[compare]\nreplicates = 0\n" + ring + factor + "[0.5]\n",
         "c.toml:3:14: 'compare.replicates' must lie in [1, 100000], not be 0"},
        {"[compare]\nranks_per_run = \"all\"\n" + ring + factor + "[0.5]\n",
         "c.toml:3:17: 'compare.ranks_per_run' must be an integer or auto, not the string \"all\""},
        {"[compare]\nranks_per_run = 0\n" + ring + factor + "[0.5]\n",
         "c.toml:3:17: 'compare.ranks_per_run' must lie in [1, 1000000], not be 0"},
        {"[compare]\nreplicates = 100000\n" + ring + factor + "[0.5, 0.6]\n",
         "c.toml:6:1: the factors make 200000 runs, more than 100000: leave out levels or "
         "replicates"},
        {ring + "name = \"x\"\n" + factor + "[0.5]\n", "c.toml:4:1: unknown key 'name'"},
        {ring + "output = { directory = \"x\" }\n" + factor + "[0.5]\n",
         "c.toml:4:12: unknown key 'directory' in [output]; did you mean 'output.directory'?"},
        {"model = { tasks = 3 }\n" + ring + factor + "[0.5]\n",
         "c.toml:2:1: unknown key 'model'; did you mean 'base.model'?"},
        {"base = 3\n" + factor + "[0.5]\n", "c.toml:2:8: 'base' must be a table, not 3"},
        {ring + "solve = { mode = \"optimum\" }\n[factors]\n\"model.returns\" = [0.5, 1.5]\n",
         "c.toml:6:25: mode = \"optimum\" has no certificate with returns > 1: use solve.mode = "
         "\"dynamics\""},
        {ring + "model = { demand = { weights = [1, 2] } }\n[factors]\n\"model.tasks\" = [2, 3]\n",
         "c.toml:4:32: 'model.demand.weights' has 2 numbers, but model.tasks = 3: give one per "
         "task"},
    };
    for (const BadComparison& bad : cases) {
        const std::string found = errors_in(compare_head + bad.text, {}, "c.toml");
        if (bad.message != nullptr) {
            EXPECT_EQ(found, bad.message) << bad.text;
        } else {
            EXPECT_THAT(found, testing::HasSubstr("unknown key 'setp' in [model.openness]; did you "
                                                  "mean 'step'?"));
        }
    }
}

TEST(Compare, AMistakeOfTheBaseIsReportedOnce) {
    const std::string found =
        errors_in(compare_head + ring +
                  "model = { tasks = 0, taks = 3 }\n[factors]\n"
                  "\"model.openness\" = { from = 0, to = 0.9, count = 100 }\n");
    EXPECT_EQ(lines_of(found).size(), 2U) << found;
}

TEST(Compare, TooManyLevels) {
    std::string text = compare_head + ring + "[factors]\n\"model.noise\" = [\n";
    for (int i = 0; i < 100000; ++i) text += std::to_string(i) + ",\n";
    EXPECT_EQ(errors_in(text + "]\n", {}, "c.toml"),
              "c.toml:5:17: factor 'model.noise' has 100000 levels, more than 10000");
}

TEST(Compare, ManyRunsAreRead) {
    const job::Compare all = compare("[compare]\nreplicates = 1000\n" + ring +
                                     "[factors]\n\"model.openness\" = { from = 0, to = 0.9, count "
                                     "= 50 }\n");
    EXPECT_EQ(all.cells.size(), 50000U);
}

}  // namespace
}  // namespace motley::test

// Presets: the defaults of a field, what overrides them, and what the resolved text keeps.
#include "motley/job/preset.hpp"

#include <set>

#include "job/support.hpp"

namespace motley::test {
namespace {

using model::Distribution;

std::string with_preset(const std::string& name, const std::string& more = "") {
    return "kind = \"run\"\npreset = \"" + name +
           "\"\ntopology = { generator = \"ring\", agents = 8, degree = 2 }\n" + more;
}

job::Run run_of(const std::string& text, const std::vector<std::string>& set = {}) {
    return job::parse(text, "some.toml", set).run;
}

TEST(Preset, GivesTheDefaultsOfItsField) {
    const job::Run economics = run_of(with_preset("economics"));
    EXPECT_EQ(economics.preset, "economics");
    EXPECT_EQ(economics.model.elasticity, 2.0);
    EXPECT_EQ(economics.model.capability.kind, Distribution::Kind::lognormal);
    EXPECT_EQ(economics.model.capability.sigma, 0.5);
    EXPECT_EQ(economics.solve.mode, simulation::Mode::optimum);
    const job::Run ecology = run_of(with_preset("ecology"));
    EXPECT_EQ(ecology.model.elasticity, 0.7);
    EXPECT_EQ(ecology.model.growth_rate, 0.05);
    EXPECT_EQ(ecology.solve.mode, simulation::Mode::dynamics);
    const job::Run neuroscience = run_of(with_preset("neuroscience"));
    EXPECT_EQ(neuroscience.model.elasticity, 0.5);
    EXPECT_EQ(neuroscience.model.learning_rate, 0.05);
    EXPECT_EQ(neuroscience.model.learning_rule, model::LearningRule::marginal);
    EXPECT_EQ(neuroscience.model.capability.kind, Distribution::Kind::constant);
    const job::Run computing = run_of(with_preset("computing"));
    EXPECT_EQ(computing.model.elasticity, 0.2);
    EXPECT_EQ(computing.model.capability.sigma, 0.5);
    EXPECT_EQ(computing.solve.rate, 0.01);
}

TEST(Preset, AKeyOfTheUserIsStronger) {
    const std::string text =
        with_preset("ecology",
                    "[model]\nelasticity = 3.0\ncapability = { distribution = \"dirichlet\" }\n"
                    "growth = { scope = \"local\" }\n");
    const job::Run run = run_of(text, {"model.learning.rate=0.5"});
    EXPECT_EQ(run.model.elasticity, 3.0);
    EXPECT_EQ(run.model.capability.kind, Distribution::Kind::dirichlet);
    EXPECT_EQ(run.model.growth_rate, 0.05);  // the table is given, this key of it is not
    EXPECT_EQ(run.model.learning_rate, 0.5);
    // A given default of the model is kept, also when the resolved text is read again.
    const job::Job doing = job::parse(
        with_preset("neuroscience", "[model]\nlearning = { rule = \"doing\" }\n"), "some.toml", {});
    EXPECT_EQ(doing.run.model.learning_rule, model::LearningRule::doing);
    EXPECT_EQ(job::parse(doing.resolved_text, "b.toml", {}).run.model.learning_rule,
              model::LearningRule::doing);
    EXPECT_EQ(run_of(text, {"preset=computing", "model.elasticity=4"}).model.elasticity, 4.0);
    EXPECT_EQ(run_of(text, {"preset=neuroscience"}).model.growth_rate, 0.0);
}

TEST(Preset, StaysInTheResolvedTextWithEveryKey) {
    for (const std::string& name : job::preset_names()) {
        const job::Job job = job::parse(with_preset(name), "some.toml", {});
        EXPECT_THAT(job.resolved_text, testing::HasSubstr("preset = \"" + name + "\"\n"));
        // Quiet keys, too: a default of the preset must not come back in place of a given value.
        EXPECT_THAT(job.resolved_text, testing::HasSubstr("relay = true\n"));
        const job::Job again = job::parse(job.resolved_text, "other.toml", {});
        EXPECT_EQ(again.resolved_text, job.resolved_text);
        EXPECT_EQ(job::defining_toml(again.run), job::defining_toml(job.run));
    }
}

/// A run with a preset is the run with the same keys: it may go on from its checkpoint.
TEST(Preset, DoesNotDecideTheStatesByItsName) {
    const std::string preset = job::defining_toml(run_of(with_preset("economics")));
    const std::string plain = job::defining_toml(run_of(
        "kind = \"run\"\ntopology = { generator = \"ring\", agents = 8, degree = 2 }\n[model]\n"
        "elasticity = 2.0\ncapability = { distribution = \"lognormal\", sigma = 0.5 }\n"));
    EXPECT_EQ(preset, plain);
}

TEST(Preset, AnUnknownOneIsReportedWithTheNearest) {
    const std::string message =
        usage_error_of([] { run_of(with_preset("ecologie", "[model]\nelasticity = 3.0\n")); });
    EXPECT_THAT(message, testing::HasSubstr("some.toml:2:"));
    EXPECT_THAT(message, testing::HasSubstr("'preset' must be one of economics, ecology"));
    EXPECT_THAT(message, testing::HasSubstr("did you mean 'ecology'?"));
    EXPECT_THAT(usage_error_of([] { run_of(with_preset("economics"), {"preset=5"}); }),
                testing::HasSubstr("--set preset=5"));
}

const char* const comparison = R"(kind = "compare"
preset = "economics"
[compare]
replicates = 1
[base]
topology = { generator = "ring", agents = 8, degree = 2 }
[base.model]
tasks = 3
[factors]
"model.openness" = [0.3, 0.6]
)";

TEST(Preset, HoldsForTheRunsOfAComparison) {
    const job::Job job = job::parse(comparison, "some.toml", {});
    ASSERT_EQ(job.compare.cells.size(), 2U);
    for (const auto& cell : job.compare.cells) {
        EXPECT_EQ(cell.run.preset, "economics");
        EXPECT_EQ(cell.run.model.elasticity, 2.0);
        EXPECT_EQ(cell.run.model.tasks, 3);
    }
    const job::Job again = job::parse(job.resolved_text, "other.toml", {"name=some"});
    EXPECT_EQ(job::to_toml(again.compare.cells[1].run), job::to_toml(job.compare.cells[1].run));
}

TEST(Preset, MayBeAFactor) {
    std::string text = comparison;
    text.erase(text.find("preset"), std::string("preset = \"economics\"\n").size());
    text += "preset = [\"economics\", \"ecology\", \"neuroscience\", \"computing\"]\n";
    const job::Job job = job::parse(text, "some.toml", {});
    ASSERT_EQ(job.compare.cells.size(), 8U);
    std::set<double> elasticities;
    for (const auto& cell : job.compare.cells) elasticities.insert(cell.run.model.elasticity);
    EXPECT_EQ(elasticities, (std::set<double>{0.2, 0.5, 0.7, 2.0}));
    const job::Job again = job::parse(job.resolved_text, "other.toml", {});
    ASSERT_EQ(again.compare.cells.size(), 8U);
    for (std::size_t c = 0; c < 8; ++c) {
        EXPECT_EQ(job::to_toml(again.compare.cells[c].run), job::to_toml(job.compare.cells[c].run));
    }
    EXPECT_EQ(again.resolved_text, job.resolved_text);
    EXPECT_THAT(usage_error_of([&] { job::parse("preset = \"ecology\"\n" + text, "a.toml", {}); }),
                testing::HasSubstr("'preset' is a factor"));
}

TEST(Preset, HasTheWordsOfItsField) {
    EXPECT_STREQ(job::words_of("economics").agents, "countries");
    EXPECT_STREQ(job::words_of("ecology").resource, "biomass");
    EXPECT_STREQ(job::words_of("neuroscience").task, "stimulus");
    EXPECT_STREQ(job::words_of("computing").income, "worth");
    EXPECT_STREQ(job::words_of("").agent, "agent");
}

}  // namespace
}  // namespace motley::test

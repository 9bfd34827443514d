// What runs say about the laws, from made-up measures: both verdicts can come out.
#include "motley/experiment/compare/laws.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>

namespace motley::experiment {
namespace {

using Measured = std::map<std::string, double>;

ComparedRun made_up(const std::string& topology, const std::string& openness,
                    const Measured& measured) {
    ComparedRun run;
    run.state = RunState::done;
    run.levels = {topology, openness};
    run.measures.assign(measure_columns().size(), std::nan(""));
    for (const auto& [name, value] : measured) run.measures[measure_index(name)] = value;
    return run;
}

Comparison comparison_of(std::vector<ComparedRun> runs) {
    Comparison comparison;
    comparison.factors = {"topology", "model.openness"};
    comparison.compared = 0;
    comparison.runs = std::move(runs);
    return comparison;
}

const Measured lawful = {{"rise", 0.9},
                         {"heterogeneity_value", 0.5},
                         {"demand_entropy", 1.0},
                         {"expenditure_entropy", 1.0},
                         {"balance_radius", 2.5},
                         {"spatial_scale", 0.8},
                         {"heterogeneity_between", 0.1},
                         {"heterogeneity_within", 0.4}};

Measured with(Measured measured, const std::string& name, double value) {
    measured[name] = value;
    return measured;
}

std::vector<bool> verdicts(const Comparison& comparison) {
    std::vector<bool> holds(5, false);
    for (const auto& finding : laws(comparison)) {
        holds[static_cast<std::size_t>(finding.law)] = finding.holds;
    }
    return holds;
}

TEST(LawsTest, HoldWhereEveryRunAgrees) {
    const auto found =
        laws(comparison_of({made_up("ring", "0.3", with(lawful, "balance_radius", 1.0)),
                            made_up("ring", "0.9", lawful)}));
    ASSERT_EQ(found.size(), 4U);
    for (std::size_t i = 0; i < found.size(); ++i) {
        EXPECT_EQ(found[i].law, static_cast<int>(i) + 1);
        EXPECT_TRUE(found[i].holds) << found[i].text;
    }
    EXPECT_NE(found[0].text.find("2 of 2"), std::string::npos) << found[0].text;
    EXPECT_NE(found[1].text.find("50.0 %"), std::string::npos) << found[1].text;
    EXPECT_NE(found[2].text.find("ring 1.00 to 2.50 (0.80 to 0.80)"), std::string::npos)
        << found[2].text;
}

TEST(LawsTest, OneRunIsEnoughToBreakThem) {
    const auto first = made_up("ring", "0.3", with(lawful, "balance_radius", 1.0));
    const auto broken = [&](const std::string& name, double value) {
        return verdicts(comparison_of({first, made_up("ring", "0.9", with(lawful, name, value))}));
    };
    EXPECT_EQ(broken("rise", -0.2), (std::vector<bool>{false, false, true, true, true}));
    EXPECT_EQ(broken("heterogeneity_value", 1.1),
              (std::vector<bool>{false, true, false, true, true}));
    EXPECT_EQ(broken("balance_radius", 0.5), (std::vector<bool>{false, true, true, false, true}));
    EXPECT_EQ(broken("heterogeneity_within", 0.0),
              (std::vector<bool>{false, true, true, true, false}));
}

TEST(LawsTest, NothingIsSaidWithoutMeasurements) {
    Measured few = lawful;
    for (const char* name : {"rise", "balance_radius", "heterogeneity_between"}) few.erase(name);
    const auto found =
        laws(comparison_of({made_up("ring", "0.3", few), made_up("ring", "0.9", few)}));
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].law, 2);
    ComparedRun failed = made_up("ring", "0.3", lawful);
    failed.state = RunState::failed;
    EXPECT_TRUE(laws(comparison_of({failed})).empty());
}

/// Where fields are compared, one may break a law that another keeps.
TEST(LawsTest, EachFieldIsJudgedByItself) {
    Comparison comparison;
    comparison.factors = {"preset", "topology", "model.openness"};
    comparison.compared = 1;
    for (const char* field : {"ecology", "economics"}) {
        for (const char* openness : {"0.3", "0.9"}) {
            ComparedRun run = made_up("ring", openness, lawful);
            run.levels.insert(run.levels.begin(), field);
            const bool falls = std::string(field) == "ecology";
            if (falls) run.measures[measure_index("rise")] = -0.5;
            comparison.runs.push_back(run);
        }
    }
    const auto found = laws(comparison);
    ASSERT_GE(found.size(), 4U);
    EXPECT_EQ(found[0].law, 1);
    EXPECT_FALSE(found[0].holds);
    EXPECT_EQ(found[0].text.rfind("ecology: heterogeneity rose with productivity during 0 of 2", 0),
              0U)
        << found[0].text;
    EXPECT_EQ(found[1].law, 1);
    EXPECT_TRUE(found[1].holds);
    EXPECT_EQ(found[1].text.rfind("economics: ", 0), 0U) << found[1].text;
    EXPECT_EQ(found[2].law, 2);
}

}  // namespace
}  // namespace motley::experiment

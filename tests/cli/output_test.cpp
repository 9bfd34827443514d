// The texts that commands print.
#include "cli/output.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace motley::test {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Table, PadsColumnsAndSetsNumbersToTheRight) {
    EXPECT_EQ(cli::table({{"name", "size"}, {"a", "5"}, {"long name", "1000"}}),
              "name       size\n"
              "---------------\n"
              "a             5\n"
              "long name  1000\n");
}

TEST(Table, SetsTextToTheLeft) {
    EXPECT_EQ(cli::table({{"a", "why"}, {"b", "no file"}}),
              "a  why\n"
              "----------\n"
              "b  no file\n");
}

TEST(Line, HasTheLabelInAColumnOfItsOwn) {
    EXPECT_EQ(cli::line("disk", "1 MB"), "disk                    1 MB\n");
}

TEST(Certificate, SaysWhetherTheGapIsReachedOrUnknown) {
    simulation::Solution solution;
    solution.measures.gap = 8.1e-7;
    EXPECT_EQ(cli::certificate(solution), "not certified: 8.1e-07");
    solution.certified = true;
    EXPECT_EQ(cli::certificate(solution), "certified 8.1e-07");
    solution.measures.gap = std::nan("");
    EXPECT_EQ(cli::certificate(solution), "none");
}

experiment::RunResult result() {
    experiment::RunResult result;
    result.directory = "results/a";
    result.agents = 4;
    result.tasks = 2;
    result.solution.measures.productivity = 6.0;
    result.solution.measures.resource = 8.0;
    result.state_hash = 0xabc;
    return result;
}

TEST(SummaryOfARun, HasFiguresPerAgentAndTheHash) {
    const std::string text = cli::summary(result());
    EXPECT_THAT(text, HasSubstr(cli::line("productivity per agent", "1.5")));
    EXPECT_THAT(text, HasSubstr(cli::line("efficiency P / sum R", "0.75")));
    EXPECT_THAT(text, HasSubstr("0000000000000abc"));
    EXPECT_THAT(text, HasSubstr("results/a/{run.h5"));
    EXPECT_THAT(text, Not(HasSubstr("relays")));
    EXPECT_THAT(text, Not(HasSubstr("spatial scale")));
}

TEST(SummaryOfAComparison, NamesTheReasonOfACellThatFailed) {
    experiment::Comparison comparison;
    comparison.factors = {"topology"};
    comparison.directory = "results/b";
    experiment::ComparedCell cell;
    cell.levels = {"ring"};
    cell.failed = 2;
    cell.reason = "no room";
    comparison.cells = {cell};
    const std::string text = cli::summary(comparison);
    // The reason stands below the table, where it widens no column.
    EXPECT_THAT(text, HasSubstr("0 (2 failed)\n"));
    EXPECT_THAT(text, HasSubstr("\nring: 2 failed: no room\n"));
    EXPECT_THAT(text, HasSubstr("results/b/{runs.csv"));
}

TEST(SummaryOfAPlan, ShowsSixteenRanksAndCountsTheOthers) {
    experiment::RunPlan plan;
    plan.agents = 20;
    plan.memory_max = 3 << 20;
    plan.seconds = 60.0;
    plan.shares.resize(20);
    const std::string text = cli::summary(plan, "small");
    EXPECT_THAT(text, HasSubstr("small on 20 ranks\n"));
    EXPECT_THAT(text, HasSubstr("... and 4 more\n"));
    EXPECT_THAT(text, HasSubstr("#SBATCH --ntasks=20\n"));
    EXPECT_THAT(text, HasSubstr("#SBATCH --time=00:03:00\n"));
}

TEST(SummaryOfScaling, HasARowPerCaseAndProjectionsWhereThereAreSome) {
    experiment::ScalingResult result;
    experiment::ScalingCase one;
    one.ranks = 2;
    one.step_seconds = 0.004;
    one.predicted = 0.005;
    one.phases.resize(3);
    result.cases = {one};
    EXPECT_THAT(cli::summary(result), HasSubstr("+25 %"));
    EXPECT_THAT(cli::summary(result), Not(HasSubstr("projected")));
    result.projections.resize(1);
    EXPECT_THAT(cli::summary(result), HasSubstr("projected"));
}

TEST(SummaryOfClassics, SaysWhatHoldsAndWhatDoesNot) {
    const experiment::Classic classic = {.id = "E9",
                                         .field = "economics",
                                         .title = "A law",
                                         .source = "Somebody 1900",
                                         .job = "e9-law",
                                         .says = "",
                                         .not_reproduced = "the rest.",
                                         .measure = nullptr};
    experiment::ClassicResult good;
    good.classic = &classic;
    good.add("wage", 1.25, 1.25, 1e-6);
    experiment::ClassicResult bad = good;
    bad.add("prices", 3.0, 2.0, 0.5, experiment::Relation::at_most);
    const std::string text = cli::summary(bad);
    EXPECT_THAT(text, testing::StartsWith("E9 A law (Somebody 1900)\n"));
    EXPECT_THAT(text, testing::ContainsRegex("wage +1.25 +1.25 +1e-06 +holds"));
    EXPECT_THAT(text, testing::ContainsRegex("prices +3 +<= 2 +0.5 +FAILS"));
    EXPECT_THAT(text, HasSubstr("not reproduced: the rest.\n"));
    EXPECT_THAT(text, HasSubstr("jobs/classics/e9-law.toml"));
    EXPECT_EQ(cli::closing_line({good, good}), "2 of 2 classical results are reproduced\n");
    EXPECT_EQ(cli::exit_code({good, good}), 0);
    EXPECT_EQ(cli::closing_line({good, bad}),
              "1 of 2 classical results are reproduced; these are not: E9\n");
    EXPECT_EQ(cli::exit_code({good, bad}), 1);
}

}  // namespace
}  // namespace motley::test

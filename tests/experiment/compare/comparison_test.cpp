// Cells, ranks and comparisons from made-up runs; estimates; what a manifest keeps.
#include "motley/experiment/compare/comparison.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>

#include "experiment/compare/manifest.hpp"
#include "motley/experiment/plan/estimate.hpp"
#include "motley/job/job.hpp"

namespace motley::test {
namespace {

using experiment::ComparedCell;
using experiment::ComparedRun;
using experiment::Comparison;
using experiment::RunState;
using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;

/// Three topologies at two values of openness, three replicates.
job::Job made_up_job(const std::string& more = "") {
    return job::parse(
        "kind = \"compare\"\n[compare]\nreplicates = 3\nbaseline = \"ring\"\n" + more +
            "[factors]\ntopology = [{ generator = \"star\", agents = 16 }, { generator = \"ring\", "
            "agents = 64 }, { generator = \"complete\", agents = 32 }]\n\"model.openness\" = "
            "[0.25, "
            "0.5]\n",
        "made-up.toml", {});
}

experiment::RunResult result_of(double productivity) {
    experiment::RunResult result;
    result.agents = 2;
    result.arcs = 6;
    result.solution.measures.productivity = 2.0 * productivity;
    result.solution.measures.resource = 4.0;
    result.solution.measures.gap = std::nan("");
    result.state_hash = 0xabcdef;
    return result;
}

/// Productivity per agent of topology t at openness o in replicate r. The star gains 1, 2, 3 on the
/// ring at the first openness: mean 2, deviation 1, t = 2 sqrt(3) = 3.4641, p = 0.0742 (two degrees
/// of freedom: p = 1 - t / sqrt(t^2 + 2)).
double productivity(std::int64_t t, std::int64_t o, std::int64_t r) {
    const double ring = 10.0 + static_cast<double>(o) + std::ldexp(static_cast<double>(r * r), -3);
    if (t == 1) return ring;
    if (t == 2) return ring + 0.5;
    return o == 0 ? ring + 1.0 + static_cast<double>(r) : ring - 1.0;
}

void finish(ComparedRun& run) {
    run.state = RunState::done;
    run.measures =
        experiment::measures_of(result_of(productivity(run.cell / 2, run.cell % 2, run.replicate)));
    run.state_hash = "0000000000abcdef";
}

Comparison made_up_comparison() {
    const job::Job job = made_up_job();
    std::vector<ComparedRun> runs = experiment::planned_runs(job.compare);
    for (ComparedRun& run : runs) finish(run);
    runs[4].state = RunState::failed;  // star, second openness, replicate 1
    runs[4].reason = "no luck";
    return experiment::summarise(job.compare, runs);
}

TEST(Comparison, CellsHaveTheirRunsAndMeans) {
    const Comparison comparison = made_up_comparison();

    ASSERT_EQ(comparison.cells.size(), 6U);
    EXPECT_EQ(comparison.failed(), 1);
    const ComparedCell& star = comparison.cells[0];
    EXPECT_THAT(star.levels, ElementsAre("star", "0.25"));
    EXPECT_THAT(star.runs, ElementsAre(0, 1, 2));
    EXPECT_EQ(star.baseline, 2);
    EXPECT_NEAR(star.measure("productivity_per_agent").mean, (11 + 12.125 + 13.5) / 3, 1e-14);
    EXPECT_EQ(star.measure("efficiency").mean, star.measure("productivity").mean / 4);
    EXPECT_TRUE(std::isnan(star.measure("gap").mean));
    EXPECT_EQ(comparison.cells[1].failed, 1);
    EXPECT_EQ(comparison.cells[1].reason, "no luck");
    EXPECT_THAT(comparison.cells[1].runs, ElementsAre(3, 5));
}

TEST(Comparison, RanksAreWithinOneEnvironment) {
    const Comparison comparison = made_up_comparison();
    std::vector<double> ranks;
    for (const ComparedCell& cell : comparison.cells) ranks.push_back(cell.rank);
    // Star wins at the first openness and loses at the second.
    EXPECT_THAT(ranks, ElementsAre(1, 3, 3, 2, 2, 1));
}

TEST(Comparison, PairsByReplicateAndCorrectsForAllComparisons) {
    const Comparison comparison = made_up_comparison();
    const ComparedCell& star = comparison.cells[0];
    const double t = 2.0 * std::sqrt(3.0);
    const double p = 1.0 - t / std::sqrt(t * t + 2.0);
    EXPECT_TRUE(star.compared);
    EXPECT_EQ(star.difference.count, 3);
    EXPECT_NEAR(star.difference.mean, 2.0, 1e-14);
    EXPECT_NEAR(star.difference.effect, 2.0, 1e-13);
    EXPECT_NEAR(star.difference.p, p, 1e-13);
    // The other three have differences without spread: nothing is tested, and one test is corrected
    // for one.
    EXPECT_EQ(star.p_corrected, star.difference.p);
    EXPECT_EQ(comparison.cells[1].difference.count, 2) << "only replicates that both have";
    EXPECT_EQ(comparison.cells[1].difference.mean, -1.0);
    EXPECT_TRUE(std::isnan(comparison.cells[1].p_corrected));
    EXPECT_FALSE(comparison.cells[2].compared) << "the baseline itself";
}

TEST(Comparison, TablesHaveARowPerRunAndPerCell) {
    const Comparison comparison = made_up_comparison();
    const std::string runs =
        record::table_csv(experiment::runs_table(comparison, experiment::LevelFormat::labels));
    EXPECT_THAT(runs, testing::StartsWith("run,topology,model.openness,replicate,seed,state,agents,"
                                          "arcs,steps,productivity,productivity_per_agent,"));
    EXPECT_THAT(runs, HasSubstr("\nstar/openness-0.25/r0,star,0.25,0,"));
    EXPECT_THAT(runs, HasSubstr(",failed,,,,,,,,,,,,,"));
    EXPECT_THAT(runs, HasSubstr(",no luck\n"));
    const auto table = experiment::summary_table(comparison, experiment::LevelFormat::numbers);
    ASSERT_EQ(table.rows(), 6);
    EXPECT_EQ(table.columns[0].name, "topology");
    EXPECT_EQ(table.columns[1].kind, record::TableColumn::Kind::real);
    EXPECT_EQ(std::get<double>(table.columns[1].values[1]), 0.5);
    for (const auto& column : table.columns) {
        if (column.name == "difference") {
            EXPECT_TRUE(std::holds_alternative<std::monostate>(column.values[2]));
            EXPECT_NEAR(std::get<double>(column.values[0]), 2.0, 1e-14);
        }
    }
}

/// A folder of this process alone.
class ComparisonFolder : public testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = (std::filesystem::temp_directory_path() / "motley-XXXXXX").string();
        folder_ = ::mkdtemp(pattern.data());
        job_ = made_up_job("[output]\ndirectory = \"" + folder_.string() + "\"\n");
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }
    experiment::Manifest manifest() const { return {job_.compare, job_.resolved_text, "test", {}}; }
    std::filesystem::path place(const std::string& name) const {
        return folder_ / "made-up" / name;
    }
    /// What `experiment::run` leaves.
    void touch(const ComparedRun& run) const {
        std::filesystem::create_directories(place(run.name));
        std::ofstream(place(run.name) / "run.h5") << "x";
    }
    std::string text(const std::string& name) const {
        std::ifstream in(place(name));
        return {std::istreambuf_iterator<char>(in), {}};
    }

    std::filesystem::path folder_;
    job::Job job_;
};
using ManifestTest = ComparisonFolder;

TEST_F(ManifestTest, KeepsWhatIsDoneBitByBitAndForgetsWhatFailed) {
    experiment::RunResult odd = result_of(0.1 + 0.2);
    odd.solution.measures.traffic = std::numeric_limits<double>::denorm_min();
    odd.solution.measures.task_entropy = -0.0;
    odd.solution.measures.heterogeneity_value = 1.0 / 3.0;
    odd.solution.measures.gap = std::numeric_limits<double>::infinity();
    std::vector<double> before;
    {
        experiment::Manifest first = manifest();
        first.open();
        EXPECT_EQ(first.missing().size(), 18U);
        touch(first.runs()[7]);
        first.end(7, odd);
        first.fail(3, "line one\nline two");
        before = first.runs()[7].measures;
        first.write();
    }
    EXPECT_THAT(text("manifest"),
                HasSubstr("\"state\":\"failed\",\"reason\":\"line one line two\""));

    experiment::Manifest second = manifest();
    second.open();

    EXPECT_EQ(second.missing().size(), 17U);
    const ComparedRun& kept = second.runs()[7];
    EXPECT_EQ(kept.state, RunState::done);
    EXPECT_EQ(kept.state_hash, "0000000000abcdef");
    ASSERT_EQ(kept.measures.size(), before.size());
    for (std::size_t m = 0; m < before.size(); ++m) {
        EXPECT_EQ(std::bit_cast<std::uint64_t>(kept.measures[m]),
                  std::bit_cast<std::uint64_t>(before[m]))
            << experiment::measure_columns()[m].name;
    }
    EXPECT_EQ(second.runs()[3].state, RunState::open);
    EXPECT_FALSE(std::filesystem::exists(place(second.runs()[3].name) / "result.json"));
}

TEST_F(ManifestTest, TrustsOnlyWholeResultsOfThisVeryRun) {
    experiment::Manifest first = manifest();
    first.open();
    for (const std::int64_t run : {0, 1, 2, 3}) {
        touch(first.runs()[static_cast<std::size_t>(run)]);
        first.end(run, result_of(1.0));
    }
    const auto result = [&](std::size_t run) {
        return place(first.runs()[run].name) / "result.json";
    };
    std::filesystem::resize_file(result(0), 40);
    std::filesystem::remove(result(1).parent_path() / "run.h5");
    std::filesystem::copy_file(result(3), result(2),
                               std::filesystem::copy_options::overwrite_existing);

    experiment::Manifest second = manifest();
    second.open();

    EXPECT_EQ(second.runs()[0].state, RunState::open) << "torn";
    EXPECT_EQ(second.runs()[1].state, RunState::open) << "its file is gone";
    EXPECT_EQ(second.runs()[2].state, RunState::open) << "of another run";
    EXPECT_EQ(second.runs()[3].state, RunState::done);
}

TEST_F(ManifestTest, LinesTravelBetweenRanks) {
    experiment::Manifest here = manifest(), there = manifest();
    here.open();
    here.end(5, result_of(1.0 / 3.0));
    const std::string lines = here.ended();
    there.take(lines);
    here.take(lines);
    EXPECT_EQ(there.runs()[5].measures[4], 1.0 / 3.0);
    EXPECT_EQ(there.missing().size(), 17U);
    EXPECT_EQ(here.ended(), "") << "others know";
    EXPECT_THROW(there.take("{\"number\":6,\"job\":\"x\"}\n"), Error);
}

TEST_F(ManifestTest, RefusesAFolderOfAnotherJob) {
    manifest().open();
    const job::Job other = made_up_job("[base]\nmodel = { tasks = 3 }\n[output]\ndirectory = \"" +
                                       folder_.string() + "\"\n");
    const auto error_of_open = [](experiment::Manifest manifest) -> std::string {
        try {
            manifest.open();
        } catch (const Error& error) {
            EXPECT_EQ(error.kind(), ErrorKind::usage);
            return error.what();
        }
        return "";
    };
    EXPECT_THAT(error_of_open({other.compare, other.resolved_text, "test", {}}),
                testing::AllOf(HasSubstr("made-up/manifest: "), HasSubstr("--fresh deletes them")));
    for (const char* text : {"my notes\n", "[]\n", "{}\n"}) {
        std::ofstream(place("manifest")) << text;
        EXPECT_THAT(error_of_open(manifest()), HasSubstr("not a manifest of motley"));
    }
    std::ofstream(place("manifest")) << "{\"manifest\":1,\"job\":5,\"runs\":\"all\"}\n";
    EXPECT_THAT(error_of_open(manifest()), HasSubstr("runs of another job"));
}

TEST(Estimates, ExpectedStepsAreNearTheTableOfTheModelPage) {
    // docs/model.md: steps to a gap of 1e-4; each row spans three topologies.
    struct Row {
        double elasticity, least, most;
    };
    for (const Row row : {Row{0.05, 3429, 8963}, Row{0.2, 1188, 2302}, Row{0.7, 407, 762},
                          Row{1, 372, 638}, Row{2, 320, 734}, Row{5, 254, 259}}) {
        job::Run run;
        run.solve.gap = 1e-4;
        run.model.elasticity = row.elasticity;
        EXPECT_GT(experiment::expected_steps(run), row.least / 2.1) << row.elasticity;
        EXPECT_LT(experiment::expected_steps(run), row.most * 2.1) << row.elasticity;
        run.solve.max_steps = 7;
        EXPECT_EQ(experiment::expected_steps(run), 7);
        run.solve.mode = simulation::Mode::dynamics;
        run.solve.steps = 11;
        EXPECT_EQ(experiment::expected_steps(run), 11);
    }
}

TEST(Estimates, LongestFirst) {
    const job::Job job = made_up_job();
    const auto estimates = experiment::estimate_cells(job.compare);
    ASSERT_EQ(estimates.size(), 6U);
    // star: 16 agents, 30 arcs; ring of degree 4: 64, 256; complete: 32, no arcs in memory.
    EXPECT_NEAR(estimates[2].work / estimates[0].work, 320.0 / 46.0, 1e-12);
    EXPECT_NEAR(estimates[4].work / estimates[0].work, 32.0 / 46.0, 1e-12);
    EXPECT_GT(estimates[2].memory, estimates[4].memory);
    const auto order = experiment::longest_first(job.compare, estimates, {0, 5, 6, 7, 12, 17});
    EXPECT_THAT(order, ElementsAre(6, 7, 0, 5, 12, 17));
}

TEST(Estimates, AutomaticRanksFollowMemoryThenFreeRanks) {
    const std::int64_t gigabyte = 1 << 30;
    const std::vector<experiment::Estimate> small = {{1.0, gigabyte / 100, 4096}};
    const std::vector<experiment::Estimate> large = {{1.0, 10 * gigabyte, 1000000}};
    EXPECT_EQ(experiment::automatic_ranks(small, 100, 8, gigabyte), 1);
    EXPECT_EQ(experiment::automatic_ranks(small, 1, 8, gigabyte), 1) << "too small to share";
    // 10 GB at 0.7 GB each.
    EXPECT_EQ(experiment::automatic_ranks(large, 100, 64, gigabyte), 15);
    EXPECT_EQ(experiment::automatic_ranks(large, 100, 8, gigabyte), 8) << "no more than there are";
    EXPECT_EQ(experiment::automatic_ranks(large, 2, 8, 100 * gigabyte), 4) << "two runs, 8 ranks";
    EXPECT_EQ(experiment::automatic_ranks({}, 0, 4, gigabyte), 1);
}

}  // namespace
}  // namespace motley::test

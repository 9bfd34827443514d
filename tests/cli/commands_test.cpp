// Flags reach the options that they name; what does not fit is a usage error with exit code 2.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <fstream>

#include "cli/execute.hpp"
#include "cli/job_arguments.hpp"
#include "command_line.hpp"
#include "support/scratch.hpp"

namespace motley::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* small_job = R"(kind = "run"
[topology]
generator = "ring"
agents = 12
degree = 2
[model]
tasks = 3
[solve]
mode = "dynamics"
steps = 20
)";

class CommandsTest : public testing::Test {
  protected:
    std::string write(const std::string& name, const std::string& text) const {
        const auto path = folder.path() / name;
        std::ofstream(path) << text;
        return path.string();
    }
    std::string job() const { return write("job.toml", small_job); }
    std::string output() const { return "output.directory=" + folder.path().string(); }

    const mpi::Communicator world = mpi::Communicator::world();
    const ScratchFolder folder{world};
};

TEST(JobArguments, TakeTheFileAndEachSetByItself) {
    CLI::App app;
    cli::JobArguments arguments;
    cli::add_job_arguments(app, arguments);
    app.parse("--set a=1 job.toml --set b=2");
    EXPECT_EQ(arguments.path, "job.toml");
    EXPECT_THAT(arguments.set, ElementsAre("a=1", "b=2"));
}

TEST(ExecuteOptions, TakeTheTimeLimitAndQuiet) {
    CLI::App app;
    cli::ExecuteOptions options;
    cli::add_execute_options(app, options);
    app.parse("-q --time-limit 1:00:00");
    EXPECT_TRUE(options.quiet);
    EXPECT_EQ(options.time_limit, "1:00:00");
    EXPECT_FALSE(options.fresh);
}

TEST_F(CommandsTest, WithoutACommandTheHelpIsPrinted) {
    const auto printed = run_motley({});
    EXPECT_EQ(printed.code, 0);
    EXPECT_THAT(printed.out, HasSubstr("Subcommands:"));
    EXPECT_EQ(run_motley({"--help"}).out, printed.out);
}

TEST_F(CommandsTest, VersionNamesTheCompilerAndTheLibraries) {
    const auto printed = run_motley({"--version"});
    EXPECT_EQ(printed.code, 0);
    for (const char* key : {"version", "compiler", "mpi", "hdf5"}) {
        EXPECT_THAT(printed.out, HasSubstr(key));
    }
}

TEST_F(CommandsTest, UsageErrorsHaveExitCode2AndPointToTheHelp) {
    const std::vector<std::vector<std::string>> wrong = {
        {"fly"},
        {"run"},
        {"resume"},
        {"validate"},
        {"plan"},
        {"plan", "job.toml", "--ranks", "0"},
        {"report"},
        {"status"},
        {"topology"},
        {"topology", "ring", "--parts", "-1"},
        {"submit", "job.toml", "--launcher", "ssh"},
        {"submit", "job.toml", "--nodes", "0"},
        {"completion", "fish"},
        {"schema", "--unknown"},
        {"selftest", "superfluous"},
    };
    for (const auto& words : wrong) {
        const auto printed = run_motley(words);
        EXPECT_EQ(printed.code, 2) << testing::PrintToString(words);
        EXPECT_THAT(printed.err, HasSubstr("`motley --help`")) << testing::PrintToString(words);
        EXPECT_EQ(printed.out, "");
    }
}

TEST_F(CommandsTest, AJobThatIsNotThereIsAUsageError) {
    for (const char* command : {"run", "validate", "plan", "submit"}) {
        const auto printed = run_motley({command, "nowhere.toml"});
        EXPECT_EQ(printed.code, 2) << command;
        EXPECT_THAT(printed.err, HasSubstr("nowhere.toml")) << command;
    }
}

TEST_F(CommandsTest, ValidateCountsRunsAndPrintsDefaults) {
    EXPECT_THAT(run_motley({"validate", job()}).out, HasSubstr("valid, 1 run\n"));
    const auto printed = run_motley({"validate", job(), "--resolved", "--set", "model.tasks=5"});
    EXPECT_EQ(printed.code, 0);
    EXPECT_THAT(printed.out, HasSubstr("tasks = 5"));
    EXPECT_THAT(printed.out, HasSubstr("openness"));
}

TEST_F(CommandsTest, ValidateRefusesASizeThatTheGeneratorCannotHave) {
    const auto printed = run_motley({"validate", job(), "--set", "topology.degree=12"});
    EXPECT_EQ(printed.code, 2);
    EXPECT_THAT(printed.err, HasSubstr("topology.degree"));
}

TEST_F(CommandsTest, PlanIsForTheRanksThatAreAskedFor) {
    const auto printed = run_motley({"plan", job(), "-n", "3"});
    EXPECT_EQ(printed.code, 0);
    EXPECT_THAT(printed.out, HasSubstr("on 3 ranks"));
    EXPECT_THAT(printed.out, HasSubstr("#SBATCH --ntasks=3"));
}

TEST_F(CommandsTest, RunResumeReportAndStatusReadTheSameFolder) {
    const auto ran = run_motley({"run", job(), "-q", "--set", output()});
    ASSERT_EQ(ran.code, 0) << ran.err;
    EXPECT_THAT(ran.out, HasSubstr("state hash"));
    const std::string results = (folder.path() / "job").string();
    EXPECT_THAT(run_motley({"resume", results}).out, HasSubstr("nothing to do"));
    EXPECT_THAT(run_motley({"status", results}).out, HasSubstr("done"));
    const std::string page = (folder.path() / "page.html").string();
    EXPECT_EQ(run_motley({"report", results, "-o", page}).out, page + "\n");
    EXPECT_THAT(read_file(page), HasSubstr("<html"));
}

TEST_F(CommandsTest, ATimeLimitThatIsOverSetsTheRunAside) {
    const auto printed = run_motley({"run", job(), "-q", "--set", output(), "--set",
                                     "solve.steps=100000000", "--time-limit", "0.017"});
    EXPECT_EQ(printed.code, 75) << printed.err;
    EXPECT_THAT(printed.out, HasSubstr("go on with: motley resume"));
}

TEST_F(CommandsTest, OptionsThatDoNotFitTheKindOfJobAreUsageErrors) {
    EXPECT_THAT(run_motley({"run", job(), "--share", "1/2"}).err, HasSubstr("kind = \"compare\""));
    EXPECT_THAT(run_motley({"run", job(), "--time-limit", "soon"}).err, HasSubstr("HH:MM:SS"));
    EXPECT_THAT(run_motley({"submit", job(), "--array", "2"}).err, HasSubstr("kind = \"compare\""));
    EXPECT_THAT(run_motley({"submit", job(), "--throttle", "2"}).err, HasSubstr("give both"));
    EXPECT_EQ(run_motley({"submit"}).code, 2);
}

TEST_F(CommandsTest, SubmitPrintsTheScriptWithItsOptions) {
    const auto printed =
        run_motley({"submit", job(), "--dry-run", "--nodes", "2", "--ntasks-per-node", "3",
                    "--time", "5", "--account", "physics", "--launcher", "mpirun"});
    ASSERT_EQ(printed.code, 0) << printed.err;
    for (const char* line : {"--nodes=2 ", "--ntasks-per-node=3 ", "--time=5 ",
                             "--account=physics ", "launch=(mpirun)"}) {
        EXPECT_THAT(printed.out, HasSubstr(line));
    }
}

TEST_F(CommandsTest, AFolderWithoutResultsIsRefused) {
    EXPECT_EQ(run_motley({"report", folder.path().string()}).code, 3);
    EXPECT_EQ(run_motley({"resume", folder.path().string()}).code, 2);
    EXPECT_EQ(run_motley({"status", folder.path().string()}).code, 2);
}

TEST_F(CommandsTest, SchemaPrintsJsonOrTheReferencePage) {
    EXPECT_THAT(run_motley({"schema"}).out, HasSubstr("\"$schema\""));
    EXPECT_THAT(run_motley({"schema", "--reference"}).out, testing::StartsWith("#"));
}

}  // namespace
}  // namespace motley::test

// Folders, text files, the series as CSV, status.json, provenance.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <charconv>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "motley/record/status_file.hpp"
#include "record/support.hpp"

namespace motley::test {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;

/// These functions are not collective: one rank tries them.
class Files : public testing::Test {
  protected:
    mpi::Communicator alone = mpi::Communicator::self();
    ScratchFolder folder{alone};
    std::size_t files() const {
        return static_cast<std::size_t>(
            std::distance(std::filesystem::directory_iterator(folder.path()), {}));
    }
};

TEST_F(Files, MakesAFolderWithItsParents) {
    record::make_directory(folder / "a/b/c");
    record::make_directory(folder / "a/b/c");
    EXPECT_TRUE(std::filesystem::is_directory(folder / "a/b/c"));
}

TEST_F(Files, NamesWhatIsInTheWayOfAFolder) {
    record::write_file(folder / "a", "a file");
    for (const std::string& path : {folder / "a/b/c", folder / "a"}) {
        const Error error = error_of([&] { record::make_directory(path); });
        EXPECT_EQ(error.kind(), ErrorKind::storage);
        EXPECT_EQ(error.where().file, path);
        EXPECT_THAT(error.what(), HasSubstr((folder / "a") + " is not a folder"));
    }
}

TEST_F(Files, SaysWhyAFolderCannotBeMade) {
    const Error error = error_of([&] { record::make_directory("/proc/motley/results"); });
    EXPECT_EQ(error.kind(), ErrorKind::storage);
    EXPECT_THAT(error.what(), HasSubstr("cannot make this folder in /proc: "));
}

TEST_F(Files, ReplacesAFileAsAWhole) {
    const std::string path = folder / "status.json";
    record::write_file(path, "first");
    std::ifstream reader(path);
    record::write_file(path, std::string(100000, 'x'));

    std::string old;
    reader >> old;
    EXPECT_EQ(old, "first");  // who had it open still sees the old one
    EXPECT_EQ(read_file(path), std::string(100000, 'x'));
    EXPECT_EQ(files(), 1U);
}

TEST_F(Files, SaysWhyAFileCannotBeWritten) {
    const Error missing = error_of([&] { record::write_file(folder / "no/file", "x"); });
    EXPECT_EQ(missing.kind(), ErrorKind::storage);
    EXPECT_EQ(missing.where().file, folder / "no/file");
    EXPECT_THAT(missing.what(), HasSubstr("cannot create: No such file or directory"));

    record::make_directory(folder / "folder");
    const Error taken = error_of([&] { record::write_file(folder / "folder", "x"); });
    EXPECT_EQ(taken.kind(), ErrorKind::storage);
    EXPECT_EQ(taken.where().file, folder / "folder");
    EXPECT_THAT(taken.what(), HasSubstr("Is a directory"));
    EXPECT_EQ(files(), 1U);
}

TEST(SeriesCsv, GivesEveryDoubleBack) {
    const std::vector<double> values{0.1, 1.0 / 3.0, 5e-324, 1.7976931348623157e308, -0.0};
    const std::string text =
        record::series_csv({{"step", "", "", {0, 10, 20, 30, 40}}, {"x", "", "", values}});

    EXPECT_THAT(text,
                testing::StartsWith("step,x\n0,0.10000000000000001\n10,0.33333333333333331\n"));
    std::istringstream lines(text);
    std::string line;
    std::getline(lines, line);
    for (const double value : values) {
        std::getline(lines, line);
        const std::string field = line.substr(line.find(',') + 1);
        double back = 1.0;
        std::from_chars(field.data(), field.data() + field.size(), back);
        EXPECT_EQ(std::memcmp(&back, &value, sizeof value), 0) << field;
    }
}

TEST(SeriesCsv, EdgeCases) {
    EXPECT_EQ(record::series_csv({{"step", "", "", {}}, {"gap", "", "", {}}}), "step,gap\n");
    EXPECT_EQ(record::series_csv({{"a,b", "", "", {1e15}}}), "\"a,b\"\n1000000000000000\n");
    EXPECT_EQ(record::series_csv({{"gap", "", "", {std::numeric_limits<double>::quiet_NaN()}}}),
              "gap\nnan\n");
    const Error error = error_of([] {
        record::series_csv({{"step", "", "", {1}}, {"gap", "", "", {1, 2}}});
    });
    EXPECT_EQ(error.kind(), ErrorKind::internal);
    EXPECT_THAT(error.what(), HasSubstr("column gap has 2 values, step has 1"));
}

TEST(StatusJson, HasTheFieldsOfTheInterface) {
    record::Status status;
    status.state = record::JobState::done;
    status.step = 120;
    status.productivity = 0.1;
    status.heterogeneity = {1.5, std::numeric_limits<double>::infinity()};
    status.certified = true;
    status.state_hash = "00ff";
    status.agents = 9007199254740993;  // more than a double can hold
    status.memory_bytes = {10, 20};
    status.wall_seconds = {{"step", 2.5}, {"exchange", 0.25}};
    status.provenance = {{"version", "1"}, {"command", "motley run \"a b\"\xff"}};

    const auto json = nlohmann::ordered_json::parse(record::to_json(status));

    std::vector<std::string> keys;
    for (const auto& [key, value] : json.items()) keys.push_back(key);
    EXPECT_EQ(keys, (std::vector<std::string>{
                        "state", "step", "productivity", "productivity_per_agent", "heterogeneity",
                        "demand_entropy", "expenditure_entropy", "gap", "certified", "state_hash",
                        "agents", "arcs", "tasks", "ranks", "agent_steps_per_second",
                        "memory_bytes", "wall_seconds", "provenance"}));
    EXPECT_EQ(json["state"], "done");
    EXPECT_EQ(json["step"], 120);
    EXPECT_EQ(json["productivity"], 0.1);
    EXPECT_TRUE(json["gap"].is_null());
    EXPECT_EQ(json["heterogeneity"]["effort"], 1.5);
    EXPECT_TRUE(json["heterogeneity"]["value"].is_null());
    EXPECT_EQ(json["certified"], true);
    EXPECT_EQ(json["state_hash"], "00ff");
    EXPECT_EQ(json["agents"].get<std::int64_t>(), 9007199254740993);
    EXPECT_EQ(json["memory_bytes"]["max"], 10);
    EXPECT_EQ(json["memory_bytes"]["total"], 20);
    EXPECT_EQ(json["wall_seconds"].begin().key(), "step");
    EXPECT_EQ(json["wall_seconds"]["exchange"], 0.25);
    EXPECT_EQ(json["provenance"]["version"], "1");
    EXPECT_THAT(json["provenance"]["command"].get<std::string>(), HasSubstr("motley run \"a b\""));
}

TEST(StatusJson, SaysWhyARunFailed) {
    record::Status status;
    const auto state_of = [&](record::JobState state) {
        status.state = state;
        return nlohmann::json::parse(record::to_json(status));
    };
    status.message = "disk full";
    EXPECT_EQ(state_of(record::JobState::failed)["state"], "failed");
    EXPECT_EQ(state_of(record::JobState::failed)["message"], "disk full");
    EXPECT_EQ(state_of(record::JobState::running)["state"], "running");
    EXPECT_FALSE(state_of(record::JobState::running).contains("message"));
    EXPECT_EQ(state_of(record::JobState::checkpointed)["state"], "checkpointed");
    EXPECT_TRUE(state_of(record::JobState::running)["state_hash"].is_null());
}

TEST_F(Files, StatusIsNotWrittenTooOften) {
    const std::string path = folder / "status.json";
    const auto step = [&] { return nlohmann::json::parse(read_file(path))["step"].get<int>(); };
    record::Status status;
    record::StatusFile file(path, 0.2);

    EXPECT_TRUE(file.update(status));
    status.step = 1;
    EXPECT_FALSE(file.update(status));
    EXPECT_EQ(step(), 0);
    file.write(status);
    EXPECT_EQ(step(), 1);
    std::this_thread::sleep_for(std::chrono::milliseconds(250));
    status.step = 2;
    EXPECT_TRUE(file.update(status));
    EXPECT_EQ(step(), 2);

    record::StatusFile lost(folder / "no/status.json", 0.0);
    EXPECT_EQ(error_of([&] { lost.update(status); }).kind(), ErrorKind::storage);
}

std::string value_of(const record::Provenance& provenance, const std::string& name) {
    for (const auto& [key, value] : provenance) {
        if (key == name) return value;
    }
    return "(none)";
}

TEST(Provenance, KnowsTheBuildAndTheLibrariesThatItIsGiven) {
    const auto build = record::build_provenance({{"metis", "5.1.0"}, {"scotch", "none"}});
    EXPECT_THAT(value_of(build, "version"), MatchesRegex("[0-9]+\\.[0-9]+\\.[0-9]+"));
    EXPECT_THAT(value_of(build, "commit"), MatchesRegex("[0-9a-f]{40}|unknown"));
    EXPECT_THAT(value_of(build, "dirty"), MatchesRegex("yes|no|unknown"));
    EXPECT_THAT(value_of(build, "compiler"), MatchesRegex("[A-Za-z]+ [0-9.]+"));
    EXPECT_THAT(value_of(build, "flags"), HasSubstr("-ffp-contract=off"));
    EXPECT_EQ(value_of(build, "mpi"), mpi::Environment::library_version());
    unsigned major = 0, minor = 0, patch = 0;
    H5get_libversion(&major, &minor, &patch);
    EXPECT_EQ(value_of(build, "hdf5"),
              std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch));
    for (const char* library : {"boost", "nlohmann_json"}) {
        EXPECT_THAT(value_of(build, library), MatchesRegex("[0-9]+\\.[0-9]+\\.[0-9]+")) << library;
    }
    // In the order that files and --version have always had.
    const auto boost =
        std::ranges::find(build, "boost", &std::pair<std::string, std::string>::first);
    ASSERT_EQ(build.end() - boost, 4);
    EXPECT_EQ(boost[1].first, "metis");
    EXPECT_EQ(boost[2], (std::pair<std::string, std::string>("scotch", "none")));
    EXPECT_EQ(boost[3].first, "nlohmann_json");
    std::set<std::string> names;
    for (const auto& [name, value] : build) EXPECT_TRUE(names.insert(name).second) << name;
}

TEST(Provenance, ReproducibleAttributesNameProgramJobAndSeedOnly) {
    const auto build = record::build_provenance({});
    const record::Provenance expected = {
        {"Conventions", "netCDF-4 dimension scales, group by group; UTF-8"},
        {"version", value_of(build, "version")},
        {"commit", value_of(build, "commit")},
        {"dirty", value_of(build, "dirty")},
        {"job", "kind = \"run\"\n"},
        {"seed", "18446744073709551615"},
    };

    EXPECT_EQ(record::reproducible_attributes("kind = \"run\"\n", ~std::uint64_t{0}), expected);
    EXPECT_EQ(record::program_version(), expected[1].second + " " + expected[2].second);
}

TEST(Provenance, KnowsTheRunAndIsTheSameOnEveryRank) {
    const auto world = mpi::Communicator::world();
    ::setenv("SLURM_JOB_ID", world.root() ? "4711" : "1", 1);

    const auto run =
        record::run_provenance(world, {"motley", "run", "a b.toml", "it's"}, {{"metis", "5.1.0"}});

    ::unsetenv("SLURM_JOB_ID");
    std::string flat;
    for (const auto& [name, value] : run) flat += name + "=" + value + "\n";
    for (const auto& other : world.all_gather(flat)) EXPECT_EQ(other, flat);
    EXPECT_EQ(value_of(run, "command"), "motley run 'a b.toml' 'it'\\''s'");
    EXPECT_EQ(value_of(run, "ranks"), std::to_string(world.size()));
    EXPECT_EQ(value_of(run, "SLURM_JOB_ID"), "4711");
    EXPECT_EQ(value_of(run, "SLURM_ARRAY_TASK_ID"), "(none)");
    char host[256] = {};
    ::gethostname(host, sizeof host - 1);
    EXPECT_EQ(value_of(run, "hosts"), std::string(host) + "*" + std::to_string(world.size()));
    EXPECT_THAT(value_of(run, "started"),
                MatchesRegex("20[0-9][0-9]-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z"));
    EXPECT_NE(value_of(run, "version"), "(none)");
    EXPECT_EQ(value_of(run, "metis"), "5.1.0");
}

}  // namespace
}  // namespace motley::test

// Every way in which a run file can fail but a full disk: the same error on all ranks, nothing
// left.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "record/durable_files.hpp"
#include "record/support.hpp"

namespace motley::test {
namespace {

using record::RunFile;
using testing::HasSubstr;

class RunFileErrors : public testing::Test {
  protected:
    static constexpr AgentId agents = 50;
    mpi::Communicator world = mpi::Communicator::world();
    ScratchFolder folder{world};
    std::string path = folder / "run.h5";
    std::vector<AgentId> owned = owned_ids(world, agents, Ownership::shuffled);

    /// `act` must fail everywhere alike; the temporary file must be gone and the file unusable.
    Error expect_error(const std::function<void(RunFile&)>& act, ErrorKind kind,
                       const std::string& message) {
        RunFile file(world, path, agents, 3, owned, {});
        const Error error = error_of([&] { act(file); });
        EXPECT_EQ(error.kind(), kind) << error.what();
        EXPECT_THAT(error.what(), HasSubstr(message));
        EXPECT_THAT(error.what(), HasSubstr(path));
        for (const auto& other : world.all_gather(std::string(error.what()))) {
            EXPECT_EQ(other, error.what());
        }
        EXPECT_FALSE(std::filesystem::exists(path + ".tmp"));
        EXPECT_FALSE(std::filesystem::is_regular_file(path));
        const Error late = error_of([&] { file.write_series(made_up_series(1)); });
        EXPECT_EQ(late.kind(), ErrorKind::internal);
        world.barrier();
        return error;
    }
};

TEST_F(RunFileErrors, FolderIsMissing) {
    const std::string lost = folder / "no/run.h5";
    const Error error = error_of([&] { RunFile(world, lost, agents, 3, owned, {}); });
    EXPECT_EQ(error.kind(), ErrorKind::storage);
    EXPECT_THAT(error.what(), HasSubstr(lost));
    EXPECT_THAT(error.what(), HasSubstr("No such file or directory"));
}

TEST_F(RunFileErrors, OwnersDoNotFit) {
    auto wrong = owned;
    if (world.root()) wrong.push_back(0);
    Error error = error_of([&] { RunFile(world, path, agents, 3, wrong, {}); });
    EXPECT_EQ(error.kind(), ErrorKind::internal);
    EXPECT_THAT(error.what(), HasSubstr("51 rows are owned, there are 50 agents"));

    wrong = owned;
    if (world.root()) wrong[0] = agents;
    error = error_of([&] { RunFile(world, path, agents, 3, wrong, {}); });
    EXPECT_EQ(error.kind(), ErrorKind::internal);
    EXPECT_THAT(error.what(), HasSubstr("agent 50 of 50 is not possible"));
    EXPECT_FALSE(std::filesystem::exists(path + ".tmp"));
}

TEST_F(RunFileErrors, AnAgentHasTwoOwnersAndAnotherNone) {
    if (world.root()) owned[0] = owned[1];
    expect_error(
        [&](RunFile& file) {
            file.write_agents("final", {made_up_variable("value", 1, 3, owned)});
        },
        ErrorKind::internal, "owner");
}

TEST_F(RunFileErrors, SeriesIsNotASeries) {
    const auto with = [&](const std::function<void(std::vector<record::SeriesColumn>&)>& change) {
        return [change](RunFile& file) {
            auto series = made_up_series(3);
            change(series);
            file.write_series(series);
        };
    };
    expect_error(with([](auto& series) { series[1].name = "time"; }), ErrorKind::internal,
                 "no column named step");
    expect_error(with([](auto& series) { series[2].values.pop_back(); }), ErrorKind::internal,
                 "column gap has 2 values, step has 3");
    expect_error(with([](auto& series) { series[1].values[1] = 0.5; }), ErrorKind::internal,
                 "step 0.500000 is not a whole number");
    expect_error(with([](auto& series) { series[0].name = "gap"; }), ErrorKind::internal,
                 "/series/gap is written twice");
}

TEST_F(RunFileErrors, VariablesDoNotFit) {
    expect_error(
        [&](RunFile& file) {
            file.write_agents("final", {made_up_variable("value", 1, 2, owned)});
        },
        ErrorKind::internal, "variable value has width 2, there are 3 tasks");
    expect_error(
        [&](RunFile& file) {
            file.write_agents("final", {made_up_variable("value", 1, 3, owned)});
            file.write_agents("final", {made_up_variable("value", 1, 3, owned)});
        },
        ErrorKind::internal, "/final/value is written twice");
    expect_error([&](RunFile& file) { file.write_names({"one"}); }, ErrorKind::internal,
                 "1 names for 50 agents");
}

TEST_F(RunFileErrors, OneRankCannotGiveItsRows) {
    for (const int failing : {0, world.size() - 1}) {
        auto variable = made_up_variable("value", 1, 3, owned);
        if (world.rank() == failing) {
            variable.fill = [](std::int64_t, std::int64_t, double*) {
                throw internal_error("no rows today");
            };
        }
        const Error error =
            expect_error([&](RunFile& file) { file.write_agents("final", {variable}); },
                         ErrorKind::internal, "no rows today");
        EXPECT_EQ(error.rank(), failing);
    }
}

TEST_F(RunFileErrors, TheFinalNameIsTaken) {
    if (world.root()) record::make_directory(path + "/folder");
    world.barrier();
    expect_error([](RunFile& file) { file.commit(); }, ErrorKind::storage, "Is a directory");
}

TEST_F(RunFileErrors, CommittedFilesStay) {
    RunFile file(world, path, agents, 3, owned, {});
    file.commit();
    const Error error = error_of([&] { file.commit(); });
    EXPECT_EQ(error.kind(), ErrorKind::internal);
    EXPECT_THAT(error.what(), HasSubstr("after it failed or was committed"));
    EXPECT_TRUE(std::filesystem::exists(path));
}

TEST_F(RunFileErrors, TheTemporaryFileVanishes) {
    expect_error(
        [&](RunFile& file) {
            world.barrier();
            if (world.root()) std::filesystem::remove(path + ".tmp");
            file.write_agents("final", {made_up_variable("value", 1, 3, owned)});
        },
        ErrorKind::storage, "No such file or directory");
}

TEST_F(RunFileErrors, RankCannotSeeTheFile) {
    const Error error = error_of([&] { const record::SharedFile file(folder / "elsewhere.tmp"); });
    EXPECT_EQ(error.kind(), ErrorKind::storage);
    EXPECT_THAT(error.what(), HasSubstr("is the folder shared by all hosts?"));
}

class LyingDisk : public RunFileErrors {
  protected:
    /// Overwrites the first place of `bytes` in the temporary file by `other`.
    void corrupt(const std::string& bytes, const std::string& other) const {
        if (!world.root()) return;
        std::string content = read_file(path + ".tmp");
        const auto at = content.find(bytes);
        ASSERT_NE(at, std::string::npos);
        content.replace(at, bytes.size(), other);
        std::ofstream(path + ".tmp", std::ios::binary) << content;
    }
    static std::string bytes_of(double value) {
        std::string bytes(sizeof value, '\0');
        std::memcpy(bytes.data(), &value, sizeof value);
        return bytes;
    }
    /// Writes everything, lets the disk forget something, and commits.
    void expect_caught(const std::string& bytes, const std::string& other,
                       const std::string& message) {
        expect_error(
            [&](RunFile& file) {
                std::vector<std::string> names(agents, "a name");
                names[7] = "seventh";
                file.write_attributes({{"version", "version-one"}});
                file.write_names(names);
                file.write_series(made_up_series(20));
                file.write_agents("final", {made_up_variable("value", 1, 3, owned)});
                file.write_topology(made_up_arcs(world, agents));
                world.barrier();
                corrupt(bytes, other);
                world.barrier();
                file.commit();
            },
            ErrorKind::storage, message);
    }
};

TEST_F(LyingDisk, IsCaughtByCommit) {
    expect_caught(bytes_of(made_up(1, 33, 1)), bytes_of(0.0), "dataset /final/value, rows ");
    expect_caught(bytes_of(made_up(1, 0, 0)), bytes_of(-1.0), "what the disk gives back is not");
    expect_caught(bytes_of(made_up(50, 12, 0)), bytes_of(0.0), "dataset /series/productivity");
    expect_caught(bytes_of(0.25) + bytes_of(0.25), bytes_of(0.25) + bytes_of(0.0),
                  "dataset /topology/survival");
    expect_caught("version-one", "version-two", "attribute version: what the disk gives back");
    expect_caught("seventh", "seventy", "the names of the agents: what the disk gives back");
}

TEST_F(LyingDisk, IsCaughtWhenTheFileIsCutShort) {
    expect_error(
        [&](RunFile& file) {
            file.write_agents("final", {made_up_variable("value", 1, 3, owned)});
            world.barrier();
            if (world.root()) std::filesystem::resize_file(path + ".tmp", 1000);
            world.barrier();
            file.commit();
        },
        ErrorKind::storage, "opening the file: ");
}

}  // namespace
}  // namespace motley::test

// The table of classical results, what holds and what does not, and the results themselves.
#include "motley/experiment/classics/classics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "motley/core/error.hpp"
#include "motley/job/job.hpp"

namespace motley::test {
namespace {

using experiment::Classic;
using experiment::ClassicResult;
using experiment::Finding;
using experiment::Relation;

const mpi::Communicator& world() {
    static const mpi::Communicator comm = mpi::Communicator::world();
    return comm;
}

TEST(Finding, HoldsWithinItsTolerance) {
    EXPECT_TRUE((Finding{"equal", 1.5, 1.0, 0.5, Relation::equal}.holds()));
    EXPECT_FALSE((Finding{"equal", 1.6, 1.0, 0.5, Relation::equal}.holds()));
    EXPECT_FALSE((Finding{"equal", 0.4, 1.0, 0.5, Relation::equal}.holds()));
    EXPECT_TRUE((Finding{"at most", -9.0, 1.0, 0.5, Relation::at_most}.holds()));
    EXPECT_FALSE((Finding{"at most", 1.6, 1.0, 0.5, Relation::at_most}.holds()));
    EXPECT_TRUE((Finding{"at least", 9.0, 1.0, 0.5, Relation::at_least}.holds()));
    EXPECT_FALSE((Finding{"at least", 0.4, 1.0, 0.5, Relation::at_least}.holds()));
    for (const Relation relation : {Relation::equal, Relation::at_most, Relation::at_least}) {
        EXPECT_FALSE((Finding{"nothing", std::nan(""), 1.0, 0.5, relation}.holds()));
        EXPECT_FALSE((Finding{"endless", -INFINITY, 1.0, 0.5, relation}.holds()));
    }
}

TEST(Classic, WithoutFindingsDoesNotHold) {
    ClassicResult result;
    EXPECT_FALSE(result.holds());
    result.add("a", 1.0, 1.0, 0.0);
    EXPECT_TRUE(result.holds());
    result.add("b", 1.0, 2.0, 0.0);
    EXPECT_FALSE(result.holds());
}

TEST(Classics, EachHasAJobThatSaysWhatToLookAt) {
    std::set<std::string> ids, jobs;
    for (const Classic* classic : experiment::classics()) {
        EXPECT_TRUE(ids.insert(classic->id).second) << classic->id;
        EXPECT_TRUE(jobs.insert(classic->job).second) << classic->job;
        const std::string path =
            std::string(MOTLEY_SOURCE_DIR) + "/jobs/classics/" + classic->job + ".toml";
        std::ifstream in(path);
        const std::string text{std::istreambuf_iterator<char>(in), {}};
        EXPECT_THAT(text, testing::StartsWith("# ")) << path;
        EXPECT_THAT(text, testing::HasSubstr("Look at ")) << path;
        EXPECT_NO_THROW(job::load(path, {})) << path;
        EXPECT_NE(std::string(classic->not_reproduced), "");
        EXPECT_THAT(experiment::classics_of(classic->field), testing::Contains(classic));
    }
    EXPECT_THAT(experiment::classics_of("alchemy"), testing::IsEmpty());
}

/// A job that no result uses would be shipped without being checked.
TEST(Classics, EveryFileOfTheFolderBelongsToOne) {
    const std::filesystem::path folder = std::string(MOTLEY_SOURCE_DIR) + "/jobs/classics";
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        bool known = false;
        for (const Classic* classic : experiment::classics()) {
            const std::string job = classic->job;
            known = known || name.substr(0, name.find('-')) == job.substr(0, job.find('-'));
        }
        EXPECT_TRUE(known) << name;
    }
}

TEST(Classics, NeedATemporaryFolder) {
    const char* before = std::getenv("TMPDIR");
    const std::string kept = before == nullptr ? "/tmp" : before;
    ::setenv("TMPDIR", "/nowhere/at/all", 1);
    try {
        experiment::measure(*experiment::classics().front(), world());
        ADD_FAILURE() << "there is no such folder";
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::storage);
        EXPECT_THAT(error.what(), testing::HasSubstr("set TMPDIR to a folder"));
    }
    ::setenv("TMPDIR", kept.c_str(), 1);
}

/// All of it, the numbers and the figure.
TEST(Classics, AreTheSameOnAnyNumberOfRanks) {
    const mpi::Communicator self = mpi::Communicator::self();
    for (const Classic* classic : experiment::classics()) {
        const std::string id = classic->id;
        if (id != "E1" && id != "N3" && id != "C3") continue;  // the others take long
        ClassicResult together = experiment::measure(*classic, world());
        ClassicResult single = experiment::measure(*classic, self);
        EXPECT_EQ(experiment::to_json({together}), experiment::to_json({single})) << id;
    }
}

class EachClassic : public testing::TestWithParam<const Classic*> {};

TEST_P(EachClassic, IsReproduced) {
    if (world().size() > 1) return;  // the same bits, but slowly
    const ClassicResult result = experiment::measure(*GetParam(), world());
    EXPECT_FALSE(result.findings.empty());
    for (const Finding& finding : result.findings) {
        EXPECT_TRUE(finding.holds())
            << finding.quantity << ": " << experiment::number_text(finding.measured) << ", not "
            << experiment::reference_text(finding);
    }
    EXPECT_FALSE(result.figure.series.empty());
    EXPECT_LT(result.seconds, 60.0);
}

INSTANTIATE_TEST_SUITE_P(Classics, EachClassic,
                         testing::ValuesIn(experiment::classics().begin(),
                                           experiment::classics().end()),
                         [](const auto& each) { return std::string(each.param->id); });

}  // namespace
}  // namespace motley::test

// A whole study: the same files on any number of ranks, and its verdicts.
#include "motley/redesign/study/study.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "motley/job/job.hpp"

namespace motley::redesign {
namespace {

const char* const two_types = R"(kind = "redesign"
[demand]
long = 6
short = [25, 35]
[device.big]
price_per_hour = [3.0, 4.34]
power_w = { idle = 50, busy = 400 }
rate = { long = 2, short = 4 }
source = "by hand"
[device.small]
price_per_hour = 1.0
power_w = { idle = 20, busy = 150 }
rate = { long = 0.1, short = 3 }
[design.present]
fleet = { big = 12 }
[search]
spare = true
pareto = 4
[uncertainty]
scenarios = 500
node_failure = 0.05
demand_drift = 0.1
)";

/// The same folder on every rank; removed by rank 0.
class Place {
  public:
    explicit Place(const mpi::Communicator& comm) : comm_(comm) {
        const std::string own = (std::filesystem::temp_directory_path() /
                                 ("motley_redesign_" + std::to_string(getpid())))
                                    .string();
        path_ = comm.broadcast(comm.root() ? own : std::string());
    }
    ~Place() {
        comm_.barrier();
        std::error_code ignored;
        if (comm_.root()) std::filesystem::remove_all(path_, ignored);
    }
    const std::string& path() const { return path_; }

  private:
    const mpi::Communicator& comm_;
    std::string path_;
};

RedesignResult run(const std::string& text, const std::string& folder, const std::string& name,
                   const mpi::Communicator& comm) {
    job::Job job = job::parse(text, "two.toml", {});
    job.redesign.directory = folder;
    job.redesign.name = name;
    return redesign(job.redesign, "", {"test"}, comm, {.quiet = true});
}

std::string content(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

TEST(Redesign, TheSameFilesOnAnyNumberOfRanks) {
    const auto world = mpi::Communicator::world();
    const Place place(world);
    run(two_types, place.path(), "all", world);
    if (!world.root()) return;
    run(two_types, place.path(), "one", mpi::Communicator::self());
    for (const char* file : {"redesign.json", "designs.csv", "flips.csv", "front.csv",
                             "allocation.csv", "losses.csv", "redesign.h5"}) {
        const std::string all = content(place.path() + "/all/" + file);
        EXPECT_FALSE(all.empty()) << file;
        EXPECT_EQ(all, content(place.path() + "/one/" + file)) << file;
    }
}

TEST(Redesign, FindsTheMixedFleetAndSaysWhy) {
    const auto world = mpi::Communicator::world();
    const Place place(world);
    const RedesignResult result = run(two_types, place.path(), "mixed", world);
    if (!world.root()) return;
    ASSERT_EQ(result.designs.size(), 3U);
    const DesignResult& found = result.designs[1];
    EXPECT_TRUE(found.searched && found.proved);
    EXPECT_EQ(found.fleet, (fleet::Fleet{3.0, 10.0}));  // 6 / 2 and 30 / 3
    EXPECT_NEAR(found.throughput.theta, 1.0, 1e-9);
    // 3 x 3.67 + 10 against 10.5 -> 11 x 3.67.
    EXPECT_NEAR(found.gain.total, 11 * 3.67 / (3 * 3.67 + 10), 1e-9);
    EXPECT_NEAR(found.gain.comparative_advantage, 10.5 * 3.67 / (3 * 3.67 + 10), 1e-9);
    EXPECT_EQ(result.verdict.recommendation, found.name);
    EXPECT_LT(found.interval.theta.low, 1.0);
    EXPECT_LE(found.interval.theta_fixed.low, found.interval.theta.low);
    EXPECT_GT(result.spare_price, found.price);
    ASSERT_FALSE(result.notes.empty());
    EXPECT_EQ(result.notes[0], "rates without a source: small/long, small/short");
    EXPECT_FALSE(result.front.empty());
    for (const DesignResult& design : result.designs) {
        EXPECT_GT(design.gain.scheduling, 0.9) << design.name;
        EXPECT_LT(design.gain.scheduling, 1.0 + 1e-9) << design.name;
        EXPECT_LE(design.dynamics.heterogeneity, design.dynamics.bound);
    }
}

TEST(Redesign, NoChangeUnlessTheGainIsClearOfItsCost) {
    const auto world = mpi::Communicator::world();
    const Place place(world);
    const RedesignResult result =
        run(std::string(two_types) + "[proposal]\nmigration_cost = 1000000\n", place.path(), "dear",
            world);
    if (!world.root()) return;
    EXPECT_EQ(result.verdict.recommendation, "no change");
}

TEST(Redesign, ABudgetThatBuysNoFleetIsAUsageErrorOnAllRanks) {
    const auto world = mpi::Communicator::world();
    const Place place(world);
    std::string text = two_types;
    text.replace(text.find("spare = true"), 12, "budget = { price_per_hour = 5 }");
    try {
        run(text, place.path(), "poor", world);
        ADD_FAILURE();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::usage);
        EXPECT_THAT(error.what(), testing::StartsWith("two.toml:16:"));
        EXPECT_THAT(error.what(), testing::HasSubstr("the budget is 5 per hour"));
        EXPECT_THAT(error.what(), testing::HasSubstr("the demand of"));
    }
}

}  // namespace
}  // namespace motley::redesign

// A whole study: the same files on any number of ranks, exponents, and claims.
#include "motley/swarm/study/study.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "motley/job/job.hpp"
#include "support/scratch.hpp"

namespace motley::swarm {
namespace {

SwarmStudy run(const std::string& text, const mpi::Communicator& comm, const std::string& folder,
               const std::string& name = "swarm") {
    job::Job job = job::parse("kind = \"swarm\"\n" + text, "swarm.toml", {});
    job.swarm.directory = folder;
    job.swarm.name = name;
    return study(job.swarm, "", {"test"}, comm, {.quiet = true});
}

const Growth& growth_of(const SwarmStudy& study, Policy policy, const std::string& measure) {
    for (const Growth& growth : study.growth) {
        if (growth.policy == policy && growth.measure == measure) return growth;
    }
    throw std::runtime_error("no growth of " + measure);
}

const Claim& claim_of(const SwarmStudy& study, const std::string& claim) {
    const auto found = std::ranges::find(study.claims, claim, &Claim::claim);
    if (found == study.claims.end()) throw std::runtime_error("no claim: " + claim);
    return *found;
}

const std::string small = R"(
[swarm]
sites = [200, 800]
policies = ["none", "average", "central", "gossip", "full", "cap", "aggregate", "hierarchical", "greedy"]
replicates = 2
rounds = 2
[overlay]
loss = 0.05
session = 9
[adversaries]
share = 0.1
[operators]
use = ["shrink", "median"]
[factors]
"problems.heterogeneity" = [0, 0.5]
[place]
topology = { generator = "torus", shape = [4, 4] }
)";

TEST(SwarmStudy, T20_FilesAreTheSameOnAnyNumberOfRanks) {
    const auto world = mpi::Communicator::world();
    const test::ScratchFolder place(world);
    run(small, world, place.path(), "all");
    if (world.root()) {
        const auto self = mpi::Communicator::self();
        run(small, self, place.path(), "alone");
        for (const char* file :
             {"runs.csv", "summary.csv", "claims.csv", "swarm.json", "swarm.h5"}) {
            EXPECT_EQ(test::read_file(place.path().string() + "/all/" + file),
                      test::read_file(place.path().string() + "/alone/" + file))
                << file;
        }
    }
    world.barrier();
}

TEST(SwarmStudy, GrowthFollowsTheTheoryAndClaimsAreJudged) {
    const auto world = mpi::Communicator::world();
    const test::ScratchFolder place(world);
    const SwarmStudy study = run(R"(
[swarm]
sites = [256, 512, 1024, 2048, 4096]
policies = ["none", "full", "cap", "aggregate"]
replicates = 4
[problems]
count = 1
[overlay]
replication = 1
)",
                                 world, place.path());
    EXPECT_NEAR(growth_of(study, Policy::full, "pairs").exponent.mean, 2.0, 0.01);
    EXPECT_NEAR(growth_of(study, Policy::cap, "pairs").exponent.mean, 1.0, 0.02);
    EXPECT_NEAR(growth_of(study, Policy::full, "bytes_per_site").exponent.mean, 1.0, 0.05);
    EXPECT_NEAR(growth_of(study, Policy::cap, "bytes_per_site").exponent.mean, 0.0, 0.05);
    EXPECT_NEAR(growth_of(study, Policy::aggregate, "precision_sum").exponent.mean, 2.0, 1e-6);
    EXPECT_NEAR(growth_of(study, Policy::aggregate, "information").exponent.mean, 1.0, 1e-6);
    ASSERT_TRUE(study.hops);
    EXPECT_NEAR(study.hops->slope.mean, study.hops->expected, 0.02);
    EXPECT_EQ(claim_of(study, "synthesis paths grow quadratically").verdict, "holds in part");
    EXPECT_EQ(claim_of(study, "the cost of finding others grows logarithmically").verdict, "holds");
    EXPECT_EQ(claim_of(study, "the cost of coordination of a site grows logarithmically").verdict,
              "fails where packets are read one by one");
    EXPECT_EQ(claim_of(study, "paths carry the knowledge").verdict, "fails");
    EXPECT_EQ(claim_of(study, "knowledge grows quadratically").verdict,
              "holds for the sum over sites only");
    EXPECT_EQ(claim_of(study, "sites that share interim results know more").verdict, "holds");
    for (const std::size_t cell : study.front) {
        EXPECT_NE(study.cells[cell].policy, Policy::full);  // sums are as good and cheaper
    }
    for (const char* file : {"runs.csv", "summary.csv", "growth.csv", "claims.csv", "swarm.json",
                             "swarm.h5", "report.html", "status.json"}) {
        const bool empty = test::read_file(place.path().string() + "/swarm/" + file).empty();
        EXPECT_TRUE(!world.root() || !empty) << file;
    }
}

TEST(SwarmStudy, WorthInPairsGrowsQuadraticallyAndCostsAPacketForEachPath) {
    const auto world = mpi::Communicator::world();
    const test::ScratchFolder place(world);
    const SwarmStudy study = run(R"(
[swarm]
sites = [256, 1024, 4096]
policies = ["full", "aggregate"]
task = "complementarity"
replicates = 3
[problems]
count = 4
)",
                                 world, place.path());
    EXPECT_NEAR(growth_of(study, Policy::full, "worth").exponent.mean, 2.0, 0.03);
    EXPECT_EQ(claim_of(study, "value that lies in pairs grows quadratically").verdict, "holds");
    for (const CellResult& cell : study.cells) {
        if (cell.policy == Policy::full) continue;
        EXPECT_EQ(cell.at("worth").mean, 0.0);
    }
}

TEST(SwarmStudy, TrialsThatAreSavedGrowLinearly) {
    const auto world = mpi::Communicator::world();
    const test::ScratchFolder place(world);
    const SwarmStudy study = run(R"(
[swarm]
sites = [512, 1024, 2048, 4096]
policies = ["none", "aggregate"]
task = "discovery"
replicates = 4
[problems]
count = 32
)",
                                 world, place.path());
    EXPECT_NEAR(growth_of(study, Policy::aggregate, "trials_saved").exponent.mean, 1.0, 0.1);
    EXPECT_EQ(claim_of(study, "without routing sites repeat each other's work").verdict, "holds");
}

TEST(SwarmStudy, APlanIsOfTheRightSize) {
    const job::Job job = job::parse("kind = \"swarm\"\n", "swarm.toml", {});
    const SwarmPlan plan = plan_study(job.swarm, 2);
    EXPECT_EQ(plan.cells, 5);
    EXPECT_EQ(plan.rounds, 25);
    EXPECT_GT(plan.seconds, 0.0);
    EXPECT_GT(plan.memory, 1e6);
}

}  // namespace
}  // namespace motley::swarm

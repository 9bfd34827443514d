// A whole study: the same files on any number of ranks, and its verdicts.
#include "motley/redesign/study/study.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>

#include "motley/job/job.hpp"
#include "support/scratch.hpp"

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

RedesignResult run(const std::string& text, const std::string& folder, const std::string& name,
                   const mpi::Communicator& comm) {
    job::Job job = job::parse(text, "two.toml", {});
    job.redesign.directory = folder;
    job.redesign.name = name;
    return redesign(job.redesign, "", {"test"}, comm, {.quiet = true});
}

TEST(Redesign, TheSameFilesOnAnyNumberOfRanks) {
    const auto world = mpi::Communicator::world();
    const test::ScratchFolder place(world);
    run(two_types, place.path(), "all", world);
    if (!world.root()) return;
    run(two_types, place.path(), "one", mpi::Communicator::self());
    for (const char* file : {"redesign.json", "designs.csv", "flips.csv", "front.csv",
                             "allocation.csv", "losses.csv", "redesign.h5"}) {
        const std::string all = test::read_file(place.path().string() + "/all/" + file);
        EXPECT_FALSE(all.empty()) << file;
        EXPECT_EQ(all, test::read_file(place.path().string() + "/one/" + file)) << file;
    }
}

TEST(Redesign, FindsTheMixedFleetAndSaysWhy) {
    const auto world = mpi::Communicator::world();
    const test::ScratchFolder place(world);
    // For the nominal demand, whatever share of the scenarios that serves.
    const RedesignResult result =
        run(std::string(two_types) + "[proposal]\nserve = 0\n", place.path(), "mixed", world);
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
    EXPECT_LT(found.interval->theta.low, 1.0);
    EXPECT_LE(found.interval->theta_fixed.low, found.interval->theta.low);
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
    const test::ScratchFolder place(world);
    const RedesignResult result =
        run(std::string(two_types) + "[proposal]\nserve = 0\nmigration_cost = 1000000\n",
            place.path(), "dear", world);
    if (!world.root()) return;
    EXPECT_EQ(result.verdict.recommendation, "no change");
}

TEST(Redesign, ABudgetThatBuysNoFleetIsAUsageErrorOnAllRanks) {
    const auto world = mpi::Communicator::world();
    const test::ScratchFolder place(world);
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

/// One class, which both types can do at unlike prices.
std::string chat(const std::string& designs, const std::string& more = "") {
    return "kind = \"redesign\"\n[demand]\nchat = 1000\n"
           "[device.h100]\nprice_per_hour = 3\nrate = { chat = 10 }\nsource = \"x\"\n" +
           more + designs + "[dynamics]\nsteps = 0\n";
}

TEST(Verdict, AFleetBelowTheDemandIsNoProposal) {
    const auto world = mpi::Communicator::world();
    const test::ScratchFolder place(world);
    const RedesignResult result = run(
        chat("[design.present]\nfleet = { h100 = 100 }\n[design.tiny]\nfleet = { l40s = 100 }\n",
             "[device.l40s]\nprice_per_hour = 2\nrate = { chat = 4 }\nsource = \"x\"\n"),
        place.path(), "tiny", world);
    if (!world.root()) return;
    EXPECT_EQ(result.verdict.recommendation, "no change");
    EXPECT_FALSE(result.designs[1].passes());
    EXPECT_THAT(result.verdict.text, testing::HasSubstr("'tiny' does not pass: it serves 0.4 of"));
}

TEST(Verdict, TheBestDesignThatPassesIsRecommended) {
    const auto world = mpi::Communicator::world();
    const test::ScratchFolder place(world);
    const RedesignResult result = run(
        chat("[design.present]\nfleet = { h100 = 100 }\n[design.risky]\nfleet = { risky = 100 }\n"
             "[design.safe]\nfleet = { safe = 100 }\n[proposal]\nleast_gain = 0.05\n",
             "[device.risky]\nprice_per_hour = { value = 2.0, low = 1.9, high = 4.5 }\n"
             "rate = { chat = 10 }\nsource = \"x\"\n"
             "[device.safe]\nprice_per_hour = { value = 2.2, low = 2.1, high = 2.3 }\n"
             "rate = { chat = 10 }\nsource = \"x\"\n"),
        place.path(), "safe", world);
    if (!world.root()) return;
    EXPECT_EQ(result.verdict.recommendation, "safe");
    EXPECT_NEAR(result.verdict.gain, 3.0 / 2.2, 1e-9);
    EXPECT_THAT(result.verdict.text, testing::HasSubstr("'risky' serves it 1.5 times as cheaply"));
}

TEST(Verdict, ThePresentFleetThatFailsIsNamedFirst) {
    const auto world = mpi::Communicator::world();
    const test::ScratchFolder place(world);
    const RedesignResult result = run(
        chat("[design.present]\nfleet = { h100 = 60 }\n[design.spares]\nfleet = { h100 = 110 }\n"
             "[design.enough]\nfleet = { h100 = 100 }\n"),
        place.path(), "first", world);
    if (!world.root()) return;
    EXPECT_EQ(result.verdict.recommendation, "enough");
    EXPECT_THAT(result.verdict.text,
                testing::StartsWith("'present' does not pass: it serves 0.6 of the demand."));
}

TEST(Verdict, BudgetsAndLossesHoldForEveryDesign) {
    const auto world = mpi::Communicator::world();
    const test::ScratchFolder place(world);
    const RedesignResult result = run(
        chat("[design.present]\nfleet = { h100 = 120 }\n[design.exact]\nfleet = { h100 = 100 }\n"
             "[design.one-more]\nfleet = { h100 = 101 }\n[design.tenth]\nfleet = { h100 = 112 }\n"
             "[budget]\nprice_per_hour = 340\n"
             "[proposal]\nsurvive = [\"device\", { devices = \"10%\" }]\n"),
        place.path(), "losses", world);
    if (!world.root()) return;
    EXPECT_FALSE(result.designs[0].passes());  // 360 $/h
    EXPECT_FALSE(result.designs[1].passes());
    EXPECT_FALSE(result.designs[2].passes());  // 10 % of 101 are 11
    EXPECT_TRUE(result.designs[3].passes());   // 12 of 112
    EXPECT_EQ(result.verdict.recommendation, "tenth");
}

TEST(Verdict, ASearchedFleetKeepsTheBudgetWithItsFabric) {
    const auto world = mpi::Communicator::world();
    const test::ScratchFolder place(world);
    const RedesignResult result =
        run(chat("[design.present]\nfleet = { h100 = 8 }\n[search]\nobjective = \"throughput\"\n"
                 "budget = { price_per_hour = 100 }\n[proposal]\nserve = 0\n"
                 "[fabric]\ntopology = { generator = \"leaf-spine\", leaves = 2, spines = 2, "
                 "hosts_per_leaf = 4 }\nlink_gb_per_s = 50\nprice_per_switch = 2\n"),
            place.path(), "fabric", world);
    if (!world.root()) return;
    // A leaf switch of 2 $/h for each 4 devices of 3 $/h, and two spines: 27 devices and 7 leaves
    // cost 99 $/h, one more 102 $/h.
    EXPECT_EQ(result.designs[1].fleet[0], 27.0);
    EXPECT_NEAR(result.designs[1].price, 99.0, 1e-9);
}

TEST(Verdict, ASearchedFleetServesTheStatedShareOfScenarios) {
    const auto world = mpi::Communicator::world();
    const test::ScratchFolder place(world);
    std::string text = chat("[design.present]\nfleet = { h100 = 200 }\n[search]\n");
    text.replace(text.find("chat = 1000"), 11, "chat = { value = 1000, low = 800, high = 1600 }");
    const RedesignResult result = run(text, place.path(), "share", world);
    if (!world.root()) return;
    // Uniform on [800, 1600]: 95 % of the demands are below 1560, up to the sampling error.
    EXPECT_NEAR(result.designs[1].fleet[0], 156.0, 1.0);
    EXPECT_GE(result.designs[1].interval->chance, 0.95);
    EXPECT_EQ(result.verdict.recommendation, "search");
}

TEST(Verdict, AFurtherTypeIsChargedEvenWhereTheirNumberStays) {
    const auto world = mpi::Communicator::world();
    const test::ScratchFolder place(world);
    const RedesignResult result = run(
        chat("[design.present]\nfleet = { h100 = 100 }\n[design.other]\nfleet = { other = 100 }\n"
             "[proposal]\ntype_cost_per_hour = 1000\n",
             "[device.other]\nprice_per_hour = 2.9\nrate = { chat = 10 }\nsource = \"x\"\n"),
        place.path(), "types", world);
    if (!world.root()) return;
    EXPECT_EQ(result.verdict.recommendation, "no change");
    EXPECT_NEAR(result.designs[1].advantage, 300.0 / 1290.0, 1e-9);
}

TEST(Verdict, OwnedDevicesAreSunk) {
    const auto world = mpi::Communicator::world();
    const test::ScratchFolder place(world);
    std::string text = chat("[design.present]\nfleet = { h100 = 50 }\n[search]\n",
                            "owned = 50\n[device.cheap]\nprice_per_hour = 1\nrate = { chat = 5 }\n"
                            "source = \"x\"\n");
    const RedesignResult result = run(text, place.path(), "owned", world);
    if (!world.root()) return;
    EXPECT_EQ(result.designs[1].fleet,
              (fleet::Fleet{50.0, 100.0}));  // 50 are free, 500 more at 1 / 5
    EXPECT_NEAR(result.designs[1].price, 100.0, 1e-9);
}

TEST(Requests, TimesWithTheWaitsOfOneServerByHand) {
    const auto world = mpi::Communicator::world();
    const test::ScratchFolder place(world);
    const RedesignResult result =
        run("kind = \"redesign\"\n[workflow.ask]\ndemand = 8\nsteps = [{ task = \"answer\" }]\n"
            "[task.answer]\nunit = \"calls/s\"\n[device.a]\nprice_per_hour = 3\n"
            "rate = { answer = 10 }\nsource = \"x\"\nlatency_s = { answer = 0.1 }\n"
            "[design.one]\nfleet = { a = 1 }\n[dynamics]\nsteps = 0\n",
            place.path(), "requests", world);
    if (!world.root()) return;
    ASSERT_EQ(result.designs[0].requests.size(), 1U);
    const RequestResult& request = result.designs[0].requests[0];
    EXPECT_NEAR(request.latency.low, 0.1, 1e-12);
    EXPECT_EQ(request.latency.low, request.latency.high);
    EXPECT_NEAR(request.with_waits.high, 0.1 + 0.8 / (10.0 - 8.0), 1e-9);  // M/M/1
    EXPECT_NEAR(request.p95, 0.1 + std::log(0.8 / 0.05) / (10.0 - 8.0), 1e-9);
    EXPECT_NEAR(request.price_per_thousand, 1000.0 * 3.0 / (8.0 * 3600.0), 1e-12);
    EXPECT_FALSE(request.limit.has_value());
}

TEST(Front, ListsEveryFleetThatNoOtherBeats) {
    const auto world = mpi::Communicator::world();
    const test::ScratchFolder place(world);
    std::string text = "kind = \"redesign\"\n[demand]\nx = 10\n";
    const double price[] = {1.0, 2.3, 3.7}, power[] = {100, 180, 350}, rate[] = {1.0, 2.6, 4.5};
    for (int d = 0; d < 3; ++d) {
        text += fmt::format(
            "[device.{}]\nprice_per_hour = {}\npower_w = {{ idle = 0, busy = {} }}\n"
            "source = \"x\"\nrate = {{ x = {} }}\n",
            static_cast<char>('a' + d), price[d], power[d], rate[d]);
    }
    text +=
        "[search]\nobjective = \"throughput\"\nbudget = { price_per_hour = 15 }\npareto = 2\n"
        "[dynamics]\nsteps = 0\n";
    const RedesignResult result = run(text, place.path(), "front", world);
    if (!world.root()) return;
    // Every fleet within 15 $/h, by hand: (price, power, theta, N-1).
    std::vector<std::array<double, 4>> all;
    for (int a = 0; a <= 15; ++a) {
        for (int b = 0; b <= 6; ++b) {
            for (int c = 0; c <= 4; ++c) {
                const double cost = a * price[0] + b * price[1] + c * price[2];
                if (cost > 15.0 + 1e-9 || a + b + c == 0) continue;
                const double theta = (a * rate[0] + b * rate[1] + c * rate[2]) / 10.0;
                double lost = 0.0;
                if (a > 0) lost = std::max(lost, rate[0]);
                if (b > 0) lost = std::max(lost, rate[1]);
                if (c > 0) lost = std::max(lost, rate[2]);
                all.push_back({cost, a * power[0] + b * power[1] + c * power[2], -theta,
                               -(theta - lost / 10.0)});
            }
        }
    }
    std::size_t expected = 0;
    for (const auto& each : all) {
        const bool beaten = std::ranges::any_of(all, [&](const auto& other) {
            bool not_worse = true, better = false;
            for (std::size_t m = 0; m < 4; ++m) {
                const double same = 1e-9 * std::max(std::abs(other[m]), std::abs(each[m]));
                not_worse = not_worse && other[m] <= each[m] + same;
                better = better || other[m] < each[m] - same;
            }
            return not_worse && better;
        });
        expected += beaten ? 0 : 1;
    }
    EXPECT_EQ(result.front.size(), expected);
    EXPECT_TRUE(result.front_complete);
}

}  // namespace
}  // namespace motley::redesign

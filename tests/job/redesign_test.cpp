// kind = "redesign": the example of the design, units, rooflines, and everything that is refused.
#include <filesystem>

#include "job/support.hpp"
#include "job/units.hpp"

namespace motley::test {
namespace {

/// Word for word as the design has it.
const char* const redesign_example = R"(kind = "redesign"
[demand]                          # ! work units per second
prefill = 120.0
decode = 900.0
[rates]
file = "rates.csv"                # device,task,rate,unit,source   (measured); or inline [device.x.rate]
[device.h100]
price_per_hour = 2.99             # or [2.49, 8.22]
power_w = { idle = 75, busy = 700 }
node_size = 8
available = 512
[design.present]
fleet = { h100 = 16 }
[search]
objective = "cost"                # cost: cheapest fleet for the demand; throughput: most of the demanded mix within the budget
budget = { price_per_hour = 100 } # any of price_per_hour, power_w, devices
integer = true
)";
const char* const header = "device,task,rate,unit,source\n";
const char* const rates =
    "device,task,rate,unit,source\n"
    "h100,prefill,20,requests/s,bench A\n"
    "h100,decode,9,krequests/min,\n";

job::Redesign loaded_redesign(const std::string& text, const std::string& table = rates) {
    const Folder folder;
    folder.write("rates.csv", table);
    return job::parse(text, folder.path("job.toml"), {}).redesign;
}

/// The message without the folder.
std::string error_of_redesign(const std::string& text, const std::string& table = rates,
                              ErrorKind kind = ErrorKind::usage) {
    const Folder folder;
    folder.write("rates.csv", table);
    return error_in(folder, kind, [&] { job::parse(text, folder.path("job.toml"), {}); });
}

TEST(Redesign, TheExampleAsItStands) {
    const job::Redesign job = loaded_redesign(redesign_example);
    ASSERT_EQ(job.problem.classes(), 2U);
    ASSERT_EQ(job.problem.types(), 1U);
    EXPECT_EQ(job.problem.tasks[0].name, "prefill");
    EXPECT_EQ(job.problem.tasks[1].demand, 900.0);
    EXPECT_EQ(job.problem.devices[0].price, 2.99);
    EXPECT_EQ(job.problem.devices[0].node_size, 8);
    EXPECT_EQ(job.problem.devices[0].available, 512.0);
    EXPECT_EQ(job.problem.devices[0].power_busy, 700.0);
    EXPECT_EQ(job.problem.rate(0, 0), 20.0);
    EXPECT_NEAR(job.problem.rate(0, 1), 150.0, 1e-12);  // 9000 per minute
    EXPECT_EQ(job.origins[0].source, "bench A");
    EXPECT_EQ(job.origins[1].source, "");
    EXPECT_EQ(job.fleets[0], fleet::Fleet{16.0});
    EXPECT_EQ(job.search.budget.price, 100.0);
}

TEST(Redesign, TheResolvedTextIsTheSameJob) {
    const Folder folder;
    folder.write("rates.csv", rates);
    const std::string text =
        replaced(redesign_example, "2.99", "{ low = 2, value = 3, high = 5 }") +
        "[device.a]\nprice_per_hour = [1, 3]\nrate = { prefill = 1, decode = [5, 6] }\n";
    const job::Job job = job::parse(text, folder.path("job.toml"), {});
    const job::Job again = job::parse(job.resolved_text, folder.path("job.toml"), {});
    EXPECT_EQ(again.resolved_text, job.resolved_text);
    EXPECT_EQ(again.redesign.problem.rates, job.redesign.problem.rates);
    EXPECT_EQ(job.redesign.uncertain.prices[1].value, 2.0);
    EXPECT_EQ(job.redesign.uncertain.rates[3].high, 6.0);
}

TEST(Redesign, RooflinesFillWhatIsNotMeasured) {
    const std::string roofs =
        "kind = \"redesign\"\n[demand]\na = 1\nb = 1\n"
        "[task.a]\nflops = 1e12\nbytes = 1e9\n[task.b]\nflops = 1e12\nbytes = 1e12\nmemory_gb = "
        "50\n"
        "[device.x]\nprice_per_hour = 1\npeak_tflops = 100\nbandwidth_gb_s = 2000\nmemory_gb = 80\n"
        "efficiency = [0.4, 0.6]\ncalibration = { b = 0.9 }\n"
        "[device.y]\nprice_per_hour = 1\npeak_tflops = 10\nbandwidth_gb_s = 2000\nmemory_gb = 40\n"
        "rate = { a = 7 }\n[search]\n";
    const job::Redesign job = loaded_redesign(roofs);
    EXPECT_NEAR(job.problem.rate(0, 0), 50.0, 1e-12);  // min(100, 2000) x 0.5
    EXPECT_NEAR(job.uncertain.rates[0].low, 40.0, 1e-12);
    EXPECT_NEAR(job.problem.rate(0, 1), 1.8, 1e-12);  // min(100, 2) x 0.9
    EXPECT_EQ(job.problem.rate(1, 0), 7.0);           // measured
    EXPECT_EQ(job.problem.rate(1, 1), 0.0);           // too little memory
    EXPECT_FALSE(job.origins[0].measured);
    EXPECT_TRUE(job.origins[2].measured);
}

TEST(Redesign, UnitsAreConverted) {
    const auto factor = [](const char* text) {
        const auto unit = job::parse_rate_unit(text);
        return unit ? std::pair(unit->base, unit->factor) : std::pair(std::string("none"), 0.0);
    };
    EXPECT_EQ(factor("tokens/s"), std::pair(std::string("tokens"), 1.0));
    EXPECT_EQ(factor("Mtok/s"), std::pair(std::string("tokens"), 1e6));
    EXPECT_EQ(factor("requests/h").second, 1.0 / 3600.0);
    EXPECT_EQ(factor("TFLOP/s"), std::pair(std::string("flop"), 1e12));
    EXPECT_EQ(factor("TFLOPS"), std::pair(std::string("flop"), 1e12));
    EXPECT_EQ(factor("GB/s"), std::pair(std::string("bytes"), 1e9));
    EXPECT_EQ(factor("widgets/day").first, "widgets");
    EXPECT_EQ(factor("tokens").first, "none");
    EXPECT_EQ(factor("tokens/furlong").first, "none");
}

TEST(Redesign, WhatTheTableHasTooMuchIsLeftOutAndSaid) {
    const job::Redesign job = loaded_redesign(redesign_example, std::string(rates) +
                                                                    "b200,prefill,1,requests/s,x\n"
                                                                    "h100,train,1,steps/s,x\n");
    EXPECT_EQ(job.left_out, (std::vector<std::string>{"device b200", "task train"}));
}

const std::string two_devices =
    "kind = \"redesign\"\n[demand]\ntrain = 10\n[rates]\nfile = \"rates.csv\"\n"
    "[device.a]\nprice_per_hour = 1\nnode_size = 8\n"
    "[device.b]\nprice_per_hour = 1\nnode_size = 4\n[search]\n";

TEST(Redesign, ConditionsOfRatesAreKeptAndUnlikeOnesSaid) {
    const std::string head = "device,task,rate,unit,source,batch,context,quality,software\n";
    const job::Redesign job =
        loaded_redesign(two_devices, head +
                                         "a,train,2,steps/s,x,32,4096,0.5,v1\n"
                                         "b,train,1,steps/s,y,8,4096,,v1\n");
    EXPECT_EQ(job.origins[0].conditions[0], std::pair(std::string("batch"), std::string("32")));
    EXPECT_EQ(job.origins[0].conditions.size(), 3U);
    EXPECT_EQ(job.problem.qualities, (std::vector<double>{0.5, 1.0}));
    ASSERT_EQ(job.suspicions.size(), 1U);
    EXPECT_THAT(job.suspicions[0], testing::EndsWith("the devices': batch 32 (a), 8 (b)"));
    EXPECT_EQ(loaded_redesign(two_devices,
                              head + "a,train,2,steps/s,x,32,,,\nb,train,1,steps/s,y,32,,,\n")
                  .suspicions,
              std::vector<std::string>{});
    EXPECT_EQ(
        error_of_redesign(two_devices, head + "a,train,2,steps/s,x,32,,1.5,\n", ErrorKind::input),
        "rates.csv:2:25: quality '1.5' must lie in [0, 1]");
}

TEST(Redesign, EfficienciesOverNodesMultiplyThoseOfTheGroup) {
    const std::string table = std::string(header) + "a,train,2,steps/s,x\nb,train,1,steps/s,y\n";
    const job::Redesign job =
        loaded_redesign(two_devices +
                            "[task.train]\nefficiency = { 8 = 0.9, 16 = 0.8, 40 = 0.7 }\n"
                            "node_efficiency = { 2 = 0.95, 6 = 0.5 }\n",
                        table);
    EXPECT_EQ(job.problem.efficiency(0, 0, 0), 0.9);         // one node
    EXPECT_EQ(job.problem.efficiency(0, 0, 1), 0.8 * 0.95);  // two
    EXPECT_EQ(job.problem.efficiency(0, 0, 2), 0.7 * 0.5);   // five: that of six
    EXPECT_EQ(job.problem.efficiency(1, 0, 0), 0.9 * 0.95);  // two nodes of four
    EXPECT_EQ(job.problem.efficiency(1, 0, 1), 0.8 * 0.5);
    EXPECT_EQ(job.problem.efficiency(1, 0, 2), 0.0);  // ten nodes were not measured
    EXPECT_THAT(job.suspicions,
                testing::Contains("groups of 40 'b' spread over more nodes of 4 than "
                                  "'task.train.node_efficiency' was measured for: they are not "
                                  "formed"));
    EXPECT_THAT(
        error_of_redesign(two_devices + "[task.train]\nnode_efficiency = { two = 0.9 }\n", table),
        testing::HasSubstr("'two' is no number of nodes"));
}

TEST(Redesign, PeaksAndRatesThatCannotBeAreSaid) {
    const std::string job =
        "kind = \"redesign\"\n[demand]\ntrain = 10\n[task.train]\nflops = 1e12\n"
        "[device.a]\nprice_per_hour = 1\npeak_tflops = 3958\nbandwidth_gb_s = 3350\n"
        "[device.b]\nprice_per_hour = 1\npeak_tflops = 100\nbandwidth_gb_s = 3350\n"
        "rate = { train = 150 }\n[search]\n";
    const auto suspicions = loaded_redesign(job).suspicions;
    ASSERT_EQ(suspicions.size(), 2U);
    EXPECT_THAT(suspicions[0], testing::HasSubstr("if it is the peak of sparse arithmetic, write "
                                                  "1979"));
    EXPECT_THAT(suspicions[1], testing::StartsWith("the rate of 'b' for 'train' is 1.5 times"));
}

TEST(BadRedesign, TheJob) {
    const std::string job = redesign_example;
    EXPECT_EQ(error_of_redesign(replaced(job, "decode = 900.0", "decode = 900.0\ntrain = 1")),
              "job.toml:5:9: no device can do 'train': give a rate in rates.csv, in "
              "[device.NAME.rate], or [task.train] with flops or bytes for a roofline");
    EXPECT_EQ(error_of_redesign(replaced(job, "900.0", "0")),
              "job.toml:4:10: 'demand.decode': it must lie in (0, inf), not be 0");
    EXPECT_EQ(error_of_redesign(replaced(job, "2.99 ", "[8.22, 2.49] ")),
              "job.toml:8:18: 'device.h100.price_per_hour': the interval [8.22, 2.49] is upside "
              "down: write the lower end first");
    EXPECT_EQ(error_of_redesign(replaced(job, "fleet = { h100", "fleet = { h10")),
              "job.toml:13:11: 'design.present.fleet': unknown device 'h10'; there are h100; "
              "did you mean 'h100'?");
    EXPECT_EQ(error_of_redesign(replaced(job, "h100 = 16", "h100 = 1.5")),
              "job.toml:13:18: 'design.present.fleet.h100' must be a whole number of devices");
    EXPECT_EQ(error_of_redesign(replaced(job, "idle = 75", "idle = 750")),
              "job.toml:9:11: 'device.h100.power_w': idle 750 W is above busy 700 W");
    EXPECT_EQ(error_of_redesign(job + "[proposal]\nbaseline = \"presnt\"\n"),
              "job.toml:19:12: 'proposal.baseline' is \"presnt\", but there is no "
              "[design.presnt]; did you mean 'present'?");
    EXPECT_THAT(error_of_redesign(replaced(job, "[design.present]",
                                           "[design.present]\nfleet = {h100 = 1}\n"
                                           "[design.present]")),
                testing::HasSubstr("job.toml:14"));  // TOML knows no name twice
    EXPECT_THAT(error_of_redesign("kind = \"redesign\"\n"), testing::HasSubstr("missing [demand]"));
    EXPECT_THAT(error_of_redesign(replaced(replaced(job, "\"cost\" ", "\"throughput\" "),
                                           "budget = { price_per_hour = 100 }", "")),
                testing::HasSubstr("needs a 'search.budget'"));
}

const char* const fabric =
    "topology = { generator = \"fat-tree\", arity = 4 }\nlink_gb_per_s = 50\n";
const char* const flows =
    "[task.prefill]\nflows = [{ to = \"decode\", bytes = 1e9 }]\n"
    "collectives = [{ kind = \"all-gather\", bytes = 1e6, group = 8 }]\n";

TEST(RedesignNetworkKeys, AreReadAndResolved) {
    const Folder folder;
    folder.write("rates.csv", rates);
    const std::string text = replaced(redesign_example, "fleet = { h100 = 16 }\n",
                                      "fleet = { h100 = 16 }\nplacement = \"spread\"\n"
                                      "fabric_price_per_hour = 2\n" +
                                          std::string(fabric)) +
                             flows;
    const job::Job job = job::parse(text, folder.path("job.toml"), {});
    const job::DesignSpec& design = job.redesign.designs.front();
    ASSERT_TRUE(design.topology.has_value());
    EXPECT_EQ(design.topology->integer("arity"), 4);
    EXPECT_EQ(design.link, 50.0);
    EXPECT_EQ(design.placement, job::Placement::spread);
    EXPECT_EQ(design.fabric_price, 2.0);
    const job::TaskClass& task = job.redesign.tasks.front();
    EXPECT_EQ(task.flows.front().to, "decode");
    EXPECT_EQ(task.flows.front().bytes, 1e9);
    EXPECT_EQ(task.collectives.front().kind, job::CollectiveKind::all_gather);
    EXPECT_EQ(task.collectives.front().group, 8);
    EXPECT_EQ(job.redesign.base_units, (std::vector<double>{1.0, 1.0}));
    const job::Job again = job::parse(job.resolved_text, folder.path("job.toml"), {});
    EXPECT_EQ(again.resolved_text, job.resolved_text);
    EXPECT_EQ(again.redesign.designs.front().topology->integer("arity"), 4);
}

TEST(RedesignNetworkKeys, AnOverrideMayNameATopology) {
    const Folder folder;
    folder.write("rates.csv", rates);
    std::filesystem::create_directory(folder.path("topologies"));
    folder.write("topologies/small.toml",
                 "description = \"d\"\nsource = \"s\"\n"
                 "generator = \"fat-tree\"\narity = 4\n");
    const std::string text = replaced(redesign_example, "fleet = { h100 = 16 }\n",
                                      "fleet = { h100 = 16 }\nlink_gb_per_s = 50\n");
    const job::Job job =
        job::parse(text, folder.path("job.toml"), {"design.present.topology=small"});
    EXPECT_EQ(job.redesign.designs.front().topology->integer("arity"), 4);
}

TEST(BadRedesign, TheNetwork) {
    const auto error = [](const std::string& design, const std::string& tasks = flows) {
        return error_of_redesign(replaced(redesign_example, "fleet = { h100 = 16 }\n",
                                          "fleet = { h100 = 16 }\n" + design) +
                                 tasks);
    };
    EXPECT_EQ(error(fabric), "");
    EXPECT_EQ(error("topology = { generator = \"fat-tree\", arity = 2 }\nlink_gb_per_s = 50\n"),
              "job.toml:14:1: 'design.present.fleet' has 16 devices, but its topology has 2 hosts: "
              "take a larger topology or fewer devices");
    EXPECT_EQ(
        error("topology = { generator = \"isolated\", agents = 16 }\nlink_gb_per_s = 50\n"),
        "job.toml:14:1: 'design.present.topology': fabric: not connected: host 0 cannot reach "
        "host 1; link them, or leave one of them out");
    EXPECT_THAT(error("topology = { generator = \"fat-tree\", arity = 5 }\nlink_gb_per_s = 50\n"),
                testing::StartsWith("job.toml:14:1: 'design.present.topology': "));
    EXPECT_EQ(error("topology = { generator = \"fat-tree\", arity = 4 }\n"),
              "job.toml:14:1: 'design.present.topology' needs 'design.present.link_gb_per_s': GB/s "
              "of a host port");
    EXPECT_EQ(error("link_gb_per_s = 50\n"),
              "job.toml:14:17: 'design.present.link_gb_per_s' needs 'design.present.topology'");
    EXPECT_EQ(error("topology = { generator = \"fat-tree\", arity = 4 }\nlink_gb_per_s = -1\n"),
              "job.toml:15:17: 'design.present.link_gb_per_s' must lie in (0, inf), not be -1");
    EXPECT_THAT(error(std::string(fabric) + "placement = \"dense\"\n"),
                testing::HasSubstr("'design.present.placement' must be one of packed, spread"));
    EXPECT_EQ(
        error(fabric, "[task.prefill]\nflows = [{ to = \"decod\", bytes = 1 }]\n"),
        "job.toml:21:17: 'task.prefill.flows[1].to': [demand] has no 'decod'; it has prefill, "
        "decode; did you mean 'decode'?");
    EXPECT_THAT(error(fabric, "[task.prefill]\nflows = [{ to = \"decode\", bytes = 0 }]\n"),
                testing::HasSubstr("'task.prefill.flows[1].bytes' must lie in (0, inf), not be 0"));
    EXPECT_THAT(error(fabric, "[task.prefill]\ncollectives = [{ kind = \"gossip\" }]\n"),
                testing::AllOf(testing::HasSubstr("must be one of all-reduce, "),
                               testing::HasSubstr("missing 'bytes'"),
                               testing::HasSubstr("missing 'group'")));
}

TEST(BadRedesign, TheTable) {
    const auto error = [](const std::string& rows) {
        return error_of_redesign(redesign_example, header + rows, ErrorKind::input);
    };
    const std::string good = "h100,prefill,20,requests/s,x\n";
    EXPECT_EQ(error("h100,prefill,0,requests/s,x\n"),
              "rates.csv:2:14: rate '0' must be positive; leave the row out where a device cannot "
              "do the task");
    EXPECT_THAT(error("h100,prefill,-3,requests/s,x\n"), testing::StartsWith("rates.csv:2:14: "));
    EXPECT_THAT(error("h100,prefill,fast,requests/s,x\n"),
                testing::StartsWith("rates.csv:2:14: rate 'fast' is not a number"));
    EXPECT_EQ(error(good + good),
              "rates.csv:3:1: 'h100' and 'prefill' have a rate in line 2 already: keep one");
    EXPECT_EQ(error("h100,prefill,20,bananas,x\n"),
              "rates.csv:2:17: unit 'bananas' is no amount of work per time; write one as "
              "tokens/s, requests/min or TFLOP/s");
    EXPECT_EQ(error_of_redesign(std::string(redesign_example) + "[device.a]\nprice_per_hour = 1\n",
                                header + good + "a,prefill,20,tokens/s,x\n", ErrorKind::input),
              "rates.csv:3:14: the rates of 'prefill' are in requests and in tokens: give all in "
              "one unit");
    EXPECT_THAT(error_of_redesign(redesign_example, "device,task,rate,source\n", ErrorKind::input),
                testing::HasSubstr("'unit'"));
    EXPECT_EQ(error_of_redesign(redesign_example,
                                "device,task,rate,unit,source,low,high\n"
                                "h100,prefill,20,requests/s,x,25,30\n",
                                ErrorKind::input),
              "rates.csv:2:14: the interval is upside down: it must be low <= rate <= high");
}

TEST(BadRedesign, ARateTwice) {
    EXPECT_THAT(
        error_of_redesign(std::string(redesign_example) + "[device.h100.rate]\nprefill = 3\n"),
        testing::HasSubstr("give the same rate: keep one"));
}

}  // namespace
}  // namespace motley::test

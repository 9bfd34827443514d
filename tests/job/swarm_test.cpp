// Jobs of kind = "swarm": what they mean, and every way in which they are refused.
#include <gtest/gtest.h>

#include <string>

#include "motley/core/error.hpp"
#include "motley/job/job.hpp"

namespace motley::job {
namespace {

const std::string swarm_head = "kind = \"swarm\"\n";

Job parsed_swarm(const std::string& text, const std::vector<std::string>& overrides = {}) {
    return parse(swarm_head + text, "job.toml", overrides);
}

/// The message with which a job is refused; the first line of `text` is line 2.
std::string errors_in(const std::string& text) {
    try {
        parsed_swarm(text);
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::usage);
        return error.what();
    }
    return "no error";
}

TEST(SwarmJob, DefaultsAreThoseOfTheSpecification) {
    const Swarm swarm = parsed_swarm("").swarm;
    EXPECT_EQ(swarm.name, "job");
    EXPECT_EQ(swarm.sites, std::vector<std::int64_t>{4096});
    EXPECT_EQ(swarm.spec.problems.count, 16.0);
    EXPECT_EQ(swarm.spec.overlay.contacts, 20);
    EXPECT_EQ(swarm.spec.overlay.replication, 20);
    EXPECT_EQ(swarm.spec.cap, 20);
    EXPECT_EQ(swarm.policies.size(), 5U);
    ASSERT_EQ(swarm.variants.size(), 1U);
}

TEST(SwarmJob, TheResolvedTextReadsAsTheSameJob) {
    const Job job = parsed_swarm(
        "[swarm]\nsites = [100, 400]\npolicies = [\"greedy\", \"none\"]\ncap = 7\n"
        "task = \"discovery\"\n[overlay]\nsession = 4\ngroups = [5, 5]\n[synthesis]\nrange = 9\n"
        "[factors]\n\"overlay.loss\" = [0, 0.5]\n[place]\n"
        "topology = { generator = \"ring\", agents = 8, degree = 2 }\n");
    EXPECT_EQ(parse(job.resolved_text, "job.toml", {}).resolved_text, job.resolved_text);
    ASSERT_EQ(job.swarm.variants.size(), 2U);
    EXPECT_EQ(job.swarm.variants[1].spec.overlay.loss, 0.5);
    EXPECT_EQ(job.swarm.variants[1].spec.overlay.session, 4.0);
    EXPECT_EQ(job.swarm.policies[0], swarm::Policy::greedy);
}

TEST(SwarmJob, FactorsAreThoseOfComparisons) {
    const Swarm swarm =
        parsed_swarm(
            "[factors]\n\"swarm.cap\" = [1, 2]\n\"overlay.loss\" = { from = 0, to = 0.2, step = "
            "0.1 }\noverlay.lookup = [\"recursive\", \"iterative\"]\n")
            .swarm;
    ASSERT_EQ(swarm.variants.size(), 12U);
    ASSERT_EQ(swarm.factors.size(), 3U);
    EXPECT_EQ(swarm.factors[1].key, "overlay.loss");
    EXPECT_EQ(swarm.factors[1].numbers, (std::vector<double>{0, 0.1, 0.2}));
    EXPECT_EQ(swarm.factors[2].labels, (std::vector<std::string>{"recursive", "iterative"}));
    EXPECT_TRUE(swarm.factors[2].numbers.empty());
    const SwarmVariant& last = swarm.variants[11];
    EXPECT_EQ(last.levels, (std::vector<std::size_t>{1, 2, 1}));
    EXPECT_EQ(last.spec.cap, 2);
    EXPECT_EQ(last.spec.overlay.loss, 0.2);
    EXPECT_EQ(last.spec.overlay.lookup, swarm::LookupKind::iterative);
    EXPECT_EQ(swarm.variants[1].spec.cap, 1);  // the last factor changes fastest
    EXPECT_EQ(swarm.variants[1].spec.overlay.lookup, swarm::LookupKind::iterative);
}

TEST(SwarmJob, SectionsAreFactorsWithNames) {
    const Job job = parsed_swarm(
        "[factors]\nadversaries = [{ share = 0.1, name = \"few\" }, { share = 0.2, attack = "
        "\"garbage\", name = \"many\" }]\n");
    ASSERT_EQ(job.swarm.variants.size(), 2U);
    EXPECT_EQ(job.swarm.factors[0].labels, (std::vector<std::string>{"few", "many"}));
    EXPECT_EQ(job.swarm.variants[0].spec.adversaries.attack, swarm::Attack::shift);
    EXPECT_EQ(job.swarm.variants[1].spec.adversaries.attack, swarm::Attack::garbage);
    EXPECT_EQ(parse(job.resolved_text, "job.toml", {}).resolved_text, job.resolved_text);
}

TEST(SwarmJob, TheBaselineIsALevelOfWhatIsCompared) {
    const Swarm policies = parsed_swarm("").swarm;
    EXPECT_EQ(policies.compared, SwarmCompared::policies);
    EXPECT_EQ(policies.baseline, "none");
    const Swarm operators = parsed_swarm(
                                "[swarm]\npolicies = [\"full\"]\nbaseline = \"median\"\n"
                                "[operators]\nuse = [\"mean\", \"median\"]\n")
                                .swarm;
    EXPECT_EQ(operators.compared, SwarmCompared::operators);
    EXPECT_EQ(operators.baseline, "median");
    const Swarm factor =
        parsed_swarm("[swarm]\npolicies = [\"cap\"]\n[factors]\n\"swarm.cap\" = [2, 3]\n").swarm;
    EXPECT_EQ(factor.compared, SwarmCompared::factor);
    EXPECT_EQ(factor.baseline, "2");
    EXPECT_EQ(parsed_swarm("[swarm]\npolicies = [\"cap\"]\n").swarm.compared,
              SwarmCompared::nothing);
    EXPECT_EQ(errors_in("[swarm]\nbaseline = \"nobody\"\n"),
              "job.toml:3:12: 'swarm.baseline' is \"nobody\"; it must be one of none, central, "
              "full, cap, aggregate");
    EXPECT_EQ(errors_in("[swarm]\npolicies = [\"cap\"]\nbaseline = \"cap\"\n"),
              "job.toml:4:12: 'swarm.baseline' needs several policies, operators or levels of a "
              "factor: there is nothing to compare");
}

TEST(SwarmJob, OnlyWhatDecidesResultsIsInTheDefiningText) {
    const auto text = [](const std::vector<std::string>& overrides) {
        return parsed_swarm("[factors]\n\"swarm.cap\" = [2, 3]\n", overrides).swarm.defining_text;
    };
    for (const char* idle : {"name=other", "output.directory=there", "swarm.partition=hash",
                             "checkpoint.every_minutes=3", "swarm.baseline=cap"}) {
        EXPECT_EQ(text({idle}), text({})) << idle;
    }
    for (const char* decides : {"seed=2", "swarm.sites=[100]", "overlay.loss=0.1",
                                "factors.swarm.cap=[2, 4]", "swarm.replicates=2"}) {
        EXPECT_NE(text({decides}), text({})) << decides;
    }
}

TEST(SwarmJob, NamesAreKnown) {
    EXPECT_EQ(errors_in("[swarm]\npolicies = [\"none\", \"agregate\"]\n"),
              "job.toml:3:21: 'swarm.policies' has no \"agregate\"; it takes none, average, "
              "central, broadcast, gossip, full, cap, aggregate, hierarchical, greedy; did you "
              "mean 'aggregate'?");
    EXPECT_EQ(errors_in("[operators]\nuse = [\"medain\"]\n"),
              "job.toml:3:8: 'operators.use' has no \"medain\"; it takes mean, shrink, median, "
              "trimmed, krum, rejection; did you mean 'median'?");
    EXPECT_EQ(errors_in("[swarm]\npolicies = [\"cap\", \"cap\"]\n"),
              "job.toml:3:20: 'swarm.policies' names \"cap\" twice");
    EXPECT_EQ(errors_in("[adversaries]\nattack = \"sybil\"\n").substr(0, 35),
              "job.toml:3:10: 'adversaries.attack'");
    EXPECT_EQ(errors_in("[overlay]\ncontact = 3\n"),
              "job.toml:3:1: unknown key 'contact' in [overlay]; did you mean 'contacts'?");
}

TEST(SwarmJob, NumbersAreInTheirRange) {
    EXPECT_EQ(errors_in("[overlay]\ncontacts = 0\n"),
              "job.toml:3:12: 'overlay.contacts' must lie in [1, 255], not be 0");
    EXPECT_EQ(errors_in("[overlay]\nreplication = 65\n"),
              "job.toml:3:15: 'overlay.replication' must lie in [1, 64], not be 65");
    EXPECT_EQ(errors_in("[keys]\nthreshold = 1.5\n"),
              "job.toml:3:13: 'keys.threshold' must lie in [-1, 1], not be 1.5");
    EXPECT_EQ(errors_in("[keys]\nthreshold = -1.01\n"),
              "job.toml:3:13: 'keys.threshold' must lie in [-1, 1], not be -1.01");
    EXPECT_EQ(errors_in("[keys]\nbits = 61\n"),
              "job.toml:3:8: 'keys.bits' must lie in [1, 60], not be 61");
    EXPECT_EQ(errors_in("[keys]\ntables = 0\n"),
              "job.toml:3:10: 'keys.tables' must lie in [1, 60], not be 0");
    EXPECT_EQ(errors_in("[adversaries]\nshare = 1.2\n"),
              "job.toml:3:9: 'adversaries.share' must lie in [0, 1], not be 1.2");
    EXPECT_EQ(errors_in("[overlay]\nloss = 1\n"),
              "job.toml:3:8: 'overlay.loss' must lie in [0, 1), not be 1");
    EXPECT_EQ(errors_in("[evidence]\nnoise = 0\n"),
              "job.toml:3:9: 'evidence.noise' must lie in (0, inf), not be 0");
    EXPECT_EQ(errors_in("[synthesis]\ntrim = 0.5\n"),
              "job.toml:3:8: 'synthesis.trim' must lie in [0, 0.5), not be 0.5");
    EXPECT_NE(errors_in("[swarm]\nsites = [1]\n").find("job.toml:3"), std::string::npos);
    EXPECT_NE(errors_in("[overlay]\ngroups = [1]\n").find("job.toml:3"), std::string::npos);
}

TEST(SwarmJob, ListsAreNotEmpty) {
    EXPECT_EQ(errors_in("[swarm]\nsites = []\n"), "job.toml:3:9: 'swarm.sites' must not be empty");
    EXPECT_EQ(errors_in("[swarm]\npolicies = []\n").substr(0, 43),
              "job.toml:3:12: 'swarm.policies' is empty: n");
    EXPECT_EQ(errors_in("[factors]\n\"overlay.loss\" = []\n"),
              "job.toml:3:18: factor 'overlay.loss' is an empty list");
}

TEST(SwarmJob, ACapIsBelowTheNumberOfSites) {
    EXPECT_EQ(errors_in("[swarm]\nsites = [100, 20]\ncap = 20\npolicies = [\"cap\"]\n"),
              "job.toml:4:7: 'swarm.cap' is 20, but a site among 20 has 19 others: take at most "
              "19");
    EXPECT_EQ(errors_in("[swarm]\nsites = [20]\npolicies = [\"full\"]\n"), "no error");
}

TEST(SwarmJob, SumsCannotBeChosenFrom) {
    EXPECT_EQ(errors_in("[swarm]\npolicies = [\"aggregate\"]\n[keys]\nkind = \"simhash\"\n"
                        "tables = 4\n"),
              "job.toml:6:10: with 'keys.tables' readers choose among single packets, but policy "
              "aggregate adds them up before: use policies none, full and cap");
    EXPECT_EQ(errors_in("[swarm]\npolicies = [\"central\"]\n[keys]\nthreshold = 0.8\n"),
              "job.toml:5:13: with 'keys.threshold' readers choose among single packets, but "
              "policy central adds them up before: use policies none, full and cap");
}

TEST(SwarmJob, FactorsAreKeysWithAValueOfTheirOwn) {
    EXPECT_EQ(errors_in("[factors]\n\"overlay.los\" = [0]\n"),
              "job.toml:3:1: unknown factor 'overlay.los'; did you mean 'overlay.loss'?");
    EXPECT_EQ(errors_in("[factors]\n\"overlay.loss\" = [0, 1.5]\n"),
              "job.toml:3:22: 'overlay.loss' must lie in [0, 1), not be 1.5");
    EXPECT_EQ(errors_in("[factors]\n\"keys.bits\" = [2.5]\n").substr(0, 27),
              "job.toml:3:16: 'keys.bits' ");
    for (const char* key : {"swarm.sites", "swarm.policies", "swarm.task", "name", "seed"}) {
        EXPECT_EQ(errors_in("[factors]\n\"" + std::string(key) + "\" = [2]\n")
                      .starts_with("job.toml:3:1: unknown factor '" + std::string(key) + "'"),
                  true)
            << key;
    }
    EXPECT_EQ(errors_in("[factors]\n"),
              "job.toml:2:1: [factors] is empty: name at least one key and its values");
    // What does not fit together is told at the level.
    EXPECT_EQ(
        errors_in("[swarm]\npolicies = [\"cap\"]\nsites = [50]\n[factors]\n\"swarm.cap\" = [5, "
                  "60]\n"),
        "job.toml:6:19: 'swarm.cap' is 60, but a site among 50 has 49 others: take at most "
        "49");
    EXPECT_EQ(errors_in("[sweep]\nkey = \"overlay.loss\"\n").substr(0, 13), "job.toml:2:2:");
}

TEST(SwarmJob, GraphsFitTheSites) {
    EXPECT_EQ(errors_in("[swarm]\nsites = [10, 12]\npolicies = [\"greedy\"]\n[graph]\n"
                        "topology = { generator = \"ring\", agents = 10, degree = 2 }\n"),
              "job.toml:3:14: 'swarm.sites' has 12, but 'graph.topology' has 10 agents: they must "
              "be equal");
    EXPECT_EQ(errors_in("[swarm]\nsites = [30000]\npolicies = [\"greedy\"]\n"),
              "job.toml:3:9: policy greedy without [graph] compares all pairs of sites, at most "
              "20000: give a [graph] or fewer sites");
    EXPECT_EQ(errors_in("[graph]\ntopology = \"no-such\"\n").substr(0, 46),
              "job.toml:3:12: no topology is called \"no-such\"");
    EXPECT_EQ(errors_in("[graph]\n"), "job.toml:2:1: missing 'topology' in [graph]");
    EXPECT_NE(errors_in("[place]\ntopology = { generator = \"ring\", agents = 9000, degree = 2 }\n")
                  .find("'place.topology' has 9000 hosts; at most 2048 are possible"),
              std::string::npos);
    // A graph that is not connected is no fault: the share of the walks that arrive is a result.
    EXPECT_EQ(errors_in("[swarm]\nsites = [10]\npolicies = [\"greedy\"]\n[graph]\n"
                        "topology = { generator = \"isolated\", agents = 10 }\n"),
              "no error");
}

TEST(SwarmJob, ProblemsFitANumber) {
    EXPECT_EQ(errors_in("[swarm]\nsites = [1000000]\n[problems]\ngrowth = 2\n").substr(0, 40),
              "job.toml:4:1: 1.6e+13 problems of 100000");
}

TEST(SwarmJob, OverridesAreChecked) {
    EXPECT_EQ(parsed_swarm("", {"swarm.cap=3"}).swarm.spec.cap, 3);
    EXPECT_THROW(parsed_swarm("", {"swarm.cap=0"}), Error);
}

}  // namespace
}  // namespace motley::job

// Help for those who write job files: every kind has a job to start from, every key is explained.
#include "motley/job/help.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <sstream>

#include "motley/core/error.hpp"
#include "motley/job/job.hpp"

namespace motley::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::UnorderedElementsAre;

std::string refusal(const std::string& key) {
    try {
        job::explain(key);
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::usage);
        return error.what();
    }
    return "";
}

TEST(NewJobs, ThereIsOneOfEveryKindAndItIsValid) {
    EXPECT_THAT(job::job_kinds(), UnorderedElementsAre("run", "compare", "robustness", "scaling",
                                                       "redesign", "swarm"));
    for (const std::string& kind : job::job_kinds()) {
        const std::string text = job::new_job(kind);
        EXPECT_THAT(text, HasSubstr("\nkind = \"" + kind + "\"\n"));
        EXPECT_NO_THROW(job::parse(text, kind + ".toml", {})) << kind;
    }
}

TEST(Explain, SaysOfEveryKeyWhatTheReferencePageSays) {
    std::istringstream page(job::reference());
    // | `key` ! | type | range | unit | default | meaning |
    const std::regex row(R"(\| `([a-z_0-9]+)`(?: !)? \|.*\| ([^|]+) \|)");
    int rows = 0;
    for (std::string line; std::getline(page, line);) {
        std::smatch match;
        // Rows of the files of named topologies are no keys of a job.
        if (line.find("## Named topologies") != std::string::npos) break;
        if (!std::regex_match(line, match, row) || match[2] == " ") continue;
        EXPECT_THAT(job::explain(match[1]), HasSubstr(match[2])) << line;
        ++rows;
    }
    EXPECT_GT(rows, 250);
}

TEST(Explain, SaysWhereAKeyStandsAndWhatItTakes) {
    EXPECT_THAT(job::explain("openness"),
                AllOf(HasSubstr("model.openness (run, scaling)"),
                      HasSubstr("base.model.openness (compare, robustness)"),
                      HasSubstr("number, [0, 1)"), HasSubstr("default: 0.9")));
    EXPECT_EQ(job::explain("model.openness"), job::explain("base.model.openness"));
    EXPECT_THAT(job::explain("device.h100.price_per_hour"),
                AllOf(HasSubstr("device.NAME.price_per_hour (redesign)"),
                      HasSubstr("unit: $/h, must be given")));
    EXPECT_THAT(job::explain("topology.level.share"), HasSubstr("topology.level.share"));
}

TEST(Explain, ListsWhatASectionHoldsAndWhatAWordMeans) {
    EXPECT_THAT(job::explain("model.learning"), HasSubstr(".rate: "));
    EXPECT_THAT(job::explain("generator"), HasSubstr("generator = \"ring\": linked to the"));
    EXPECT_THAT(job::explain("ring"),
                AllOf(HasSubstr("\"ring\", a value of topology.generator (run, scaling)"),
                      HasSubstr("takes `agents` !, `degree`")));
}

TEST(Explain, NamesTheNearestKeys) {
    EXPECT_THAT(refusal("opennes"), AllOf(HasSubstr("there is no key 'opennes'"),
                                          HasSubstr("did you mean 'openness'")));
    EXPECT_THAT(refusal("model.opennes"), HasSubstr("'model.openness'"));
    EXPECT_THAT(refusal("xyzzyxyzzy"),
                AllOf(HasSubstr("motley schema --reference"), Not(HasSubstr("did you mean"))));
}

}  // namespace
}  // namespace motley::test

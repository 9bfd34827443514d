// The catalogue of generators: names and keys are declared once, and every key that a row takes is
// declared by some row.
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "motley/core/error.hpp"
#include "motley/topology/generator.hpp"

namespace motley::topology {
namespace {

/// The words of "agents/shape! dimensions".
std::set<std::string> words_of(std::string keys) {
    for (char& c : keys) {
        if (c == '!' || c == '/' || c == '|') c = ' ';
    }
    std::istringstream words(keys);
    return {std::istream_iterator<std::string>(words), {}};
}

TEST(Catalogue, DeclaresNamesAndKeysOnce) {
    std::set<std::string> names, keys = {"agents"};
    for (const Generator* generator : generators()) {
        EXPECT_TRUE(names.insert(generator->name).second) << generator->name;
        EXPECT_EQ(find_generator(generator->name), generator);
        for (const Parameter& parameter : generator->parameters) {
            EXPECT_TRUE(keys.insert(parameter.name).second) << parameter.name;
            EXPECT_EQ(find_parameter(parameter.name), &parameter);
            EXPECT_TRUE(words_of(generator->keys).contains(parameter.name)) << parameter.name;
        }
    }
    EXPECT_EQ(find_generator("no-such"), nullptr);
    EXPECT_EQ(find_parameter("no_such"), nullptr);
}

TEST(Catalogue, DeclaresEveryKeyThatARowTakes) {
    for (const Generator* generator : generators()) {
        if (generator->kind == Generator::Kind::product) continue;
        for (const std::string& key : words_of(generator->keys)) {
            EXPECT_TRUE(key == "agents" || find_parameter(key) != nullptr)
                << generator->name << ": " << key;
        }
    }
}

TEST(Spec, KnowsWhatIsGivenAndWhatIsDefault) {
    Spec spec;
    EXPECT_FALSE(spec.has("degree"));
    EXPECT_EQ(spec.integer("degree"), 4);
    EXPECT_EQ(spec.word("neighbourhood"), "von-neumann");
    EXPECT_FALSE(spec.value("edges"));
    EXPECT_TRUE(spec.integers("shape").empty());
    spec.set("degree", 6).set("rewire", 1).set("shape", {3, 4});
    EXPECT_TRUE(spec.has("degree"));
    EXPECT_EQ(spec.integer("degree"), 6);
    EXPECT_EQ(spec.number("rewire"), 1.0);
    EXPECT_EQ(spec.integers("shape"), (std::vector<std::int64_t>{3, 4}));
    spec.unset("degree");
    EXPECT_EQ(spec.integer("degree"), 4);
}

TEST(Spec, RefusesUnknownNamesAndOtherTypes) {
    Spec spec;
    EXPECT_THROW(spec.set("degre", 6), Error);
    EXPECT_THROW(spec.set("degree", 6.0), Error);
    EXPECT_THROW(spec.set("neighbourhood", 1), Error);
    EXPECT_THROW(spec.integer("edges"), Error);  // not given, and without a default
    EXPECT_THROW(spec.number("degree"), Error);
}

}  // namespace
}  // namespace motley::topology

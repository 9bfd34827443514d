// Numbering of vertices by name, against a map.
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "motley/core/random.hpp"
#include "topology/files/edge_table.hpp"

namespace motley::topology {
namespace {

/// Small and large integers, integers with leading zeros, and words, in an order that lets the
/// table of small integers grow over names that are known already.
TEST(VertexNames, AreThoseOfAMap) {
    std::string text;
    std::vector<std::string> names;
    const Random random(1, Stream::test, 0);
    for (std::uint32_t i = 0; i < 60000; ++i) {
        const std::uint64_t drawn = random.below(1 + 40 * (i / 8), 2 * i);
        std::string name = std::to_string(drawn);
        switch (random.below(12, 2 * i + 1)) {
            case 0:
                name = "0" + name;
                break;
            case 1:
                name += "000000000";
                break;
            case 2:
                name = "v" + name;
                break;
            case 3:
                name = "-" + name;
                break;
            default:
                break;
        }
        names.push_back(name);
        text += name + "\n";
    }
    const TextFile file(text, "names.txt");
    LineReader line(file);
    VertexNames vertices;
    std::map<std::string, std::uint32_t> expected;
    for (const std::string& name : names) {
        ASSERT_TRUE(line.next());
        const Field field = line.words().front();
        const auto [at, fresh] =
            expected.emplace(name, static_cast<std::uint32_t>(expected.size()));
        ASSERT_EQ(vertices.find(name).has_value(), !fresh) << name;
        ASSERT_EQ(vertices.add(field, line), at->second) << name;
    }
    EXPECT_EQ(vertices.size(), expected.size());
    for (const auto& [name, vertex] : expected) {
        ASSERT_EQ(vertices.find(name), vertex);
        EXPECT_EQ(vertices.names()[vertex], name);
    }
    EXPECT_FALSE(vertices.find("999999999"));
}

}  // namespace
}  // namespace motley::topology

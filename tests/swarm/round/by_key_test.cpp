// Records by key against a plain sort.
#include "swarm/round/by_key.hpp"

#include <gtest/gtest.h>

#include "motley/core/random.hpp"

namespace motley::swarm {
namespace {

struct Record {
    std::uint64_t key = 0;
    std::uint32_t site = 0;
    bool operator==(const Record&) const = default;
};

TEST(ByKey, TheOrderIsThatOfASort) {
    for (const std::uint64_t keys : {1, 3, 500, 1000000}) {
        for (const bool ordered : {true, false}) {
            std::vector<Record> records;
            for (std::uint32_t i = 0; i < 3000; ++i) {
                const Random random(keys, Stream::test, i);
                const std::uint64_t key = Random(1, Stream::test, random.below(keys, 0)).bits(0);
                records.push_back({key, ordered ? i : static_cast<std::uint32_t>(random.bits(1))});
            }
            std::vector<Record> expected = records;
            std::ranges::sort(expected, [](const Record& a, const Record& b) {
                return a.key != b.key ? a.key < b.key : a.site < b.site;
            });
            EXPECT_EQ(by_key(records), expected) << keys << ordered;
        }
    }
    EXPECT_TRUE(by_key(std::vector<Record>()).empty());
}

}  // namespace
}  // namespace motley::swarm

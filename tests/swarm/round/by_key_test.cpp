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

std::vector<Record> sorted(std::vector<Record> records) {
    std::ranges::sort(records, [](const Record& a, const Record& b) {
        return a.key != b.key ? a.key < b.key : a.site < b.site;
    });
    return records;
}

TEST(ByKey, TheOrderIsThatOfASort) {
    for (const std::uint64_t keys : {1, 3, 500, 1000000}) {
        for (const bool ordered : {true, false}) {
            std::vector<Record> records;
            for (std::uint32_t i = 0; i < 3000; ++i) {
                const Random random(keys, Stream::test, i);
                const std::uint64_t key = Random(1, Stream::test, random.below(keys, 0)).bits(0);
                records.push_back({key, ordered ? i : static_cast<std::uint32_t>(random.bits(1))});
            }
            EXPECT_EQ(by_key(records), sorted(records)) << keys << ordered;
        }
    }
    EXPECT_TRUE(by_key(std::vector<Record>()).empty());
}

TEST(ByKey, SortedRunsBecomeOne) {
    for (const int runs : {1, 2, 3, 5, 8}) {
        std::vector<Record> records;
        std::vector<std::int64_t> counts;
        for (int run = 0; run < runs; ++run) {
            std::vector<Record> own;
            for (std::uint32_t i = 0; i < 100U * static_cast<std::uint32_t>(run % 3); ++i) {
                const Random random(static_cast<std::uint64_t>(run), Stream::test, i);
                own.push_back({random.below(40, 0), static_cast<std::uint32_t>(random.bits(1))});
            }
            own = sorted(std::move(own));
            records.insert(records.end(), own.begin(), own.end());
            counts.push_back(std::ssize(own));
        }
        EXPECT_EQ(merged(records, counts), sorted(records)) << runs;
    }
}

}  // namespace
}  // namespace motley::swarm

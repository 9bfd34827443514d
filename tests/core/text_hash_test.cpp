// Against the digests that xxhsum prints (test vectors of XXH3 without a seed).
#include "motley/core/text_hash.hpp"

#include <gtest/gtest.h>

namespace motley {
namespace {

TEST(TextHash, HasTheDigestsOfTheReference) {
    EXPECT_EQ(hash_64(""), "2d06800538d394c2");
    EXPECT_EQ(hash_128(""), "99aa06d3014798d86001c324468d497f");
    EXPECT_NE(hash_64("a"), hash_64("b"));
    EXPECT_EQ(hash_64("motley").size(), 16U);
    EXPECT_EQ(hash_128("motley").size(), 32U);
}

}  // namespace
}  // namespace motley

// Ownership of a buffer's memory.
#include "motley/core/buffer.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <utility>

namespace motley {
namespace {

static_assert(std::is_nothrow_move_constructible_v<Buffer<double>>);
static_assert(!std::is_copy_constructible_v<Buffer<double>>);

TEST(Buffer, ABufferThatWasMovedFromIsEmpty) {
    Buffer<double> first(3, 1.5);
    const double* memory = first.data();
    Buffer<double> second(std::move(first));
    EXPECT_EQ(first.size(), 0U);  // NOLINT: the state after a move is what is tested
    EXPECT_EQ(first.data(), nullptr);
    EXPECT_EQ(first.bytes(), 0U);
    EXPECT_EQ(first.begin(), first.end());
    EXPECT_EQ(second.data(), memory);
    EXPECT_EQ(second.size(), 3U);

    Buffer<double> third(7, 0.0);
    third = std::move(second);
    EXPECT_TRUE(second.empty());
    EXPECT_EQ(second.data(), nullptr);
    EXPECT_EQ(third.size(), 3U);
    EXPECT_EQ(third[2], 1.5);
    first = Buffer<double>(2, 4.0);
    EXPECT_EQ(first.size(), 2U) << "an emptied buffer can be filled again";
    EXPECT_EQ(first[1], 4.0);
}

TEST(Buffer, IsAlignedToCacheLinesAndLargeOnesToHugePages) {
    const Buffer<char> small(5);
    const Buffer<char> large(std::size_t{3} << 20);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(small.data()) % 64, 0U);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(large.data()) % (std::size_t{2} << 20), 0U);
    EXPECT_EQ(Buffer<char>(0).data(), nullptr);
}

}  // namespace
}  // namespace motley

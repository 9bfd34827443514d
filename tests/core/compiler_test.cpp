// Code that a compiler of today is known to translate wrongly (see cmake/LayerFunctions.cmake).
#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <vector>

namespace motley {
namespace {

[[gnu::noinline]] void copy_ends_with_zero(double* to) {
    const double constant[4] = {1, 1, 1, 0};
    std::memcpy(to, constant, sizeof constant);
}

[[gnu::noinline]] void copy_half_zero(double* to) {
    const double constant[8] = {2, 2, 2, 2, 0, 0, 0, 0};
    std::memcpy(to, constant, sizeof constant);
}

TEST(Compiler, ConstantsKeepTheirZeros) {
    std::array<double, 4> four{};
    copy_ends_with_zero(four.data());
    EXPECT_EQ(four, (std::array<double, 4>{1, 1, 1, 0}));
    EXPECT_EQ(four[3], 0.0);
    std::array<double, 8> eight{};
    copy_half_zero(eight.data());
    for (std::size_t i = 0; i < 8; ++i) EXPECT_EQ(eight[i], i < 4 ? 2.0 : 0.0);
    const std::vector<double> listed = {1, 1, 1, 0};
    const std::vector<double> copied = listed;  // NOLINT: the copy is what is tested
    EXPECT_EQ(copied[3], 0.0);
}

}  // namespace
}  // namespace motley

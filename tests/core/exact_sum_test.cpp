// The exact accumulator: independent of order, correctly rounded, over the whole range of doubles.
#include "motley/core/exact_sum.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "motley/core/random.hpp"

namespace motley {
namespace {

double exact(const std::vector<double>& values) {
    ExactSum sum;
    for (const double v : values) sum.add(v);
    return sum.value();
}

TEST(ExactSum, CancelsWhatADoubleCannotHold) {
    EXPECT_EQ(exact({1e308, 1.0, -1e308}), 1.0);
    EXPECT_EQ(exact({0x1p-1074, 1e300, -1e300}), 0x1p-1074);
    EXPECT_EQ(exact({}), 0.0);
    EXPECT_EQ(exact({-3.5}), -3.5);
    EXPECT_EQ(exact({1.0, -1.0}), 0.0);
}

TEST(ExactSum, RoundsToNearestEven) {
    EXPECT_EQ(exact({1.0, 0x1p-53}), 1.0);
    EXPECT_EQ(exact({1.0, 0x1p-53, 0x1p-1074}), 1.0 + 0x1p-52);
    EXPECT_EQ(exact({1.0 + 0x1p-52, 0x1p-53}), 1.0 + 0x1p-51);
    EXPECT_EQ(exact({-1.0, -0x1p-53, -0x1p-1074}), -1.0 - 0x1p-52);
}

TEST(ExactSum, EverySingleDoubleComesBack) {
    const Random random(5, Stream::test, 0);
    for (std::uint32_t i = 0; i < 100000; ++i) {
        const auto v = std::bit_cast<double>(random.bits(i));
        if (!std::isfinite(v)) continue;
        EXPECT_EQ(exact({v}), v);
    }
    EXPECT_EQ(exact({std::numeric_limits<double>::max()}), std::numeric_limits<double>::max());
    EXPECT_EQ(exact({0x1p-1074}), 0x1p-1074);
    EXPECT_EQ(exact({0x1p-1022}), 0x1p-1022);
}

TEST(ExactSum, OrderAndGroupingDoNotMatter) {
    const Random random(6, Stream::test, 0);
    std::vector<double> values;
    for (std::uint32_t i = 0; i < 20000; ++i) {
        values.push_back(random.normal(i) * std::exp2(600.0 * (random.uniform(i) - 0.5)));
    }
    const double forward = exact(values);
    std::reverse(values.begin(), values.end());
    EXPECT_EQ(exact(values), forward);

    std::vector<ExactSum> parts(7);
    for (std::size_t i = 0; i < values.size(); ++i) parts[(i * i) % 7].add(values[i]);
    ExactSum merged;
    for (const auto& part : parts) {
        const auto chunks = part.export_chunks();
        merged.add(ExactSum::import_chunks(chunks.data()));
    }
    EXPECT_EQ(merged.value(), forward);
}

TEST(ExactSum, ManyAddendsMatchExtendedPrecision) {
    const Random random(7, Stream::test, 0);
    ExactSum sum;
    long double reference = 0;
    for (std::uint32_t i = 0; i < 1000000; ++i) {
        const double v = random.uniform(i);
        sum.add(v);
        reference += v;
    }
    EXPECT_NEAR(sum.value(), static_cast<double>(reference), 1e-9);
}

TEST(ExactSum, NotANumberIsNotHidden) {
    EXPECT_TRUE(std::isnan(exact({1.0, std::nan("")})));
    EXPECT_TRUE(std::isnan(exact({1.0, std::numeric_limits<double>::infinity()})));
}

}  // namespace
}  // namespace motley

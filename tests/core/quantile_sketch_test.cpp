// Quantiles of a sketch against those of all values.
#include "motley/core/quantile_sketch.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "motley/core/quantile.hpp"
#include "motley/core/random.hpp"

namespace motley {
namespace {

constexpr double width = 1.0 / 16384.0;

std::vector<double> values_of(std::size_t count) {
    const Random random(8, Stream::test, 1);
    std::vector<double> out;
    for (std::uint32_t i = 0; i < count; ++i) {
        out.push_back((i % 3 == 0 ? -1.0 : 1.0) * std::exp(4.0 * random.normal(i)));
    }
    return out;
}

TEST(QuantileSketch, IsWithinTheWidthOfABinOfTheOrderStatistic) {
    std::vector<double> values = values_of(20000);
    QuantileSketch sketch;
    for (const double value : values) sketch.add(value);
    std::ranges::sort(values);
    for (double q = 0.0; q <= 1.0; q += 1.0 / 512.0) {
        const double exact = quantile(values, q), found = sketch.quantile(q);
        EXPECT_GE(found, exact);
        EXPECT_LE(found - exact, width * std::abs(exact));
        EXPECT_TRUE(std::ranges::binary_search(values, found));
    }
    EXPECT_EQ(sketch.quantile(1.0), values.back());
}

TEST(QuantileSketch, DoesNotDependOnOrderOrParts) {
    const std::vector<double> values = values_of(3000);
    QuantileSketch whole, backwards, gathered;
    std::vector<QuantileSketch> parts(4);
    for (std::size_t i = 0; i < values.size(); ++i) {
        whole.add(values[i]);
        backwards.add(values[values.size() - 1 - i]);
        parts[i % 7 % 4].add(values[i]);
    }
    std::vector<double> packed;
    QuantileSketch merged;
    for (const QuantileSketch& part : parts) {
        merged.merge(part);
        for (const double number : part.packed()) packed.push_back(number);
    }
    gathered.merge(packed);
    EXPECT_EQ(backwards.packed(), whole.packed());
    EXPECT_EQ(merged.packed(), whole.packed());
    EXPECT_EQ(gathered.packed(), whole.packed());
    EXPECT_EQ(gathered.count(), 3000);
}

TEST(QuantileSketch, IsExactWhereAllValuesAreEqualAndAtTheEdges) {
    constexpr double infinite = std::numeric_limits<double>::infinity();
    QuantileSketch same;
    for (int i = 0; i < 1000; ++i) same.add(0.1);
    for (const double q : {0.0, 0.05, 0.5, 1.0}) EXPECT_EQ(same.quantile(q), 0.1);
    QuantileSketch edges;
    for (const double value : {-0.0, 0.0, 5e-324, -infinite, infinite, std::nan("")}) {
        edges.add(value);
    }
    EXPECT_EQ(edges.count(), 5);
    EXPECT_EQ(edges.quantile(0.0), -infinite);
    EXPECT_EQ(edges.quantile(1.0), infinite);
    EXPECT_FALSE(std::signbit(edges.quantile(0.4)));
    EXPECT_TRUE(std::isnan(QuantileSketch{}.quantile(0.5)));
    EXPECT_TRUE(std::isnan(edges.quantile(std::nan(""))));
}

TEST(QuantileSketch, NeedsMemoryByTheRangeOfValuesOnly) {
    const Random random(8, Stream::test, 2);
    QuantileSketch sketch;
    for (std::uint32_t i = 0; i < 2'000'000; ++i) sketch.add(1.0 + 3.0 * random.uniform(i));
    EXPECT_LE(sketch.packed().size(), 2u * 2u * 16384u);
    EXPECT_NEAR(sketch.quantile(0.95), 3.85, 0.01);
}

}  // namespace
}  // namespace motley

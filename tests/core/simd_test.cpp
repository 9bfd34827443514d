// Vector functions against libm in higher precision, and lane independence.
#include "motley/core/simd.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "motley/core/random.hpp"

namespace motley {
namespace {

template <class T, int W>
T lane(typename Simd<T, W>::Vec (*function)(typename Simd<T, W>::Vec), T x) {
    return function(Simd<T, W>::fill(x))[0];
}

double ulps(double got, long double want) {
    const double scale =
        std::abs(std::nextafter(static_cast<double>(want), INFINITY) - static_cast<double>(want));
    return static_cast<double>(std::abs(static_cast<long double>(got) - want)) / scale;
}

TEST(SimdDouble, ExpAndExpm1AreWithinTwoUlps) {
    using S = Simd<double, 8>;
    const Random random(1, Stream::test, 0);
    double worst_exp = 0, worst_expm1 = 0;
    for (std::uint32_t i = 0; i < 200000; ++i) {
        const double range = i % 2 == 0 ? 1400.0 : 2.0;
        const double x = (random.uniform(i) - 0.5) * range;
        worst_exp = std::max(worst_exp, ulps(lane<double, 8>(S::exp, x), std::exp((long double)x)));
        worst_expm1 =
            std::max(worst_expm1, ulps(lane<double, 8>(S::expm1, x), std::expm1((long double)x)));
    }
    EXPECT_LT(worst_exp, 2.0);
    EXPECT_LT(worst_expm1, 2.0);
    EXPECT_EQ((lane<double, 8>(S::expm1, 1e-300)), 1e-300);
    EXPECT_EQ((lane<double, 8>(S::exp, 0.0)), 1.0);
    EXPECT_TRUE(std::isfinite(lane<double, 8>(S::exp, 1e308)));
    EXPECT_GT((lane<double, 8>(S::exp, -1e308)), 0.0);
}

TEST(SimdDouble, LogAndLog1pAreWithinTwoUlps) {
    using S = Simd<double, 8>;
    const Random random(2, Stream::test, 0);
    double worst_log = 0, worst_log1p = 0;
    for (std::uint32_t i = 0; i < 200000; ++i) {
        const double x = i % 2 == 0 ? std::exp((random.uniform(i) - 0.5) * 1400.0)
                                    : 1.0 + (random.uniform(i) - 0.5) * 1e-3;
        worst_log = std::max(worst_log, ulps(lane<double, 8>(S::log, x), std::log((long double)x)));
        const double y = std::exp((random.uniform(i) - 0.9) * 40.0) - (i % 3 == 0 ? 0.5 : 0.0);
        worst_log1p =
            std::max(worst_log1p, ulps(lane<double, 8>(S::log1p, y), std::log1p((long double)y)));
    }
    EXPECT_LT(worst_log, 2.0);
    EXPECT_LT(worst_log1p, 3.0);
    EXPECT_EQ((lane<double, 8>(S::log, 1.0)), 0.0);
    EXPECT_NEAR((lane<double, 8>(S::log, 0.0)), std::log(0x1p-1022), 1e-10);
}

TEST(SimdFloat, FunctionsAreWithinFourUlps) {
    using S = Simd<float, 4>;
    const Random random(3, Stream::test, 0);
    const float eps = std::numeric_limits<float>::epsilon();
    for (std::uint32_t i = 0; i < 100000; ++i) {
        const auto x = static_cast<float>((random.uniform(i) - 0.5) * 160.0);
        EXPECT_NEAR((lane<float, 4>(S::exp, x)) / std::exp((double)x), 1.0, 4 * eps) << x;
        const auto y = static_cast<float>(std::exp((random.uniform(i) - 0.5) * 160.0));
        EXPECT_NEAR((lane<float, 4>(S::log, y)), std::log((double)y),
                    4 * eps * std::abs(std::log((double)y)))
            << y;
    }
}

template <class T, int W>
void expect_same_as_one_lane() {
    const Random random(4, Stream::test, W);
    for (std::uint32_t i = 0; i < 1000; ++i) {
        typename Simd<T, W>::Vec v;
        for (int k = 0; k < W; ++k) {
            v[k] = static_cast<T>(std::exp(20.0 * (random.uniform(i * W + k) - 0.5)));
        }
        const auto e = Simd<T, W>::exp(v);
        const auto l = Simd<T, W>::log(v);
        const auto m = Simd<T, W>::expm1(-v);
        for (int k = 0; k < W; ++k) {
            using One = Simd<T, 1>;
            EXPECT_EQ(e[k], One::exp(One::fill(v[k]))[0]);
            EXPECT_EQ(l[k], One::log(One::fill(v[k]))[0]);
            EXPECT_EQ(m[k], One::expm1(One::fill(-v[k]))[0]);
        }
    }
}

TEST(Simd, ALaneHasTheSameBitsInEveryWidth) {
    expect_same_as_one_lane<double, 2>();
    expect_same_as_one_lane<double, 4>();
    expect_same_as_one_lane<double, 8>();
    expect_same_as_one_lane<float, 4>();
    expect_same_as_one_lane<float, 16>();
}

TEST(Simd, SumIsAFixedTree) {
    Simd<double, 4>::Vec v = {1e16, 1.0, -1e16, 1.0};
    EXPECT_EQ((Simd<double, 4>::sum(v)), (1e16 + -1e16) + (1.0 + 1.0));
    EXPECT_EQ((Simd<double, 4>::largest(v)), 1e16);
}

}  // namespace
}  // namespace motley

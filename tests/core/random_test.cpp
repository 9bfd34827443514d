// Counter-based numbers: moments, independence of streams, and permutations that are bijections.
#include "motley/core/random.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <vector>

namespace motley {
namespace {

struct Moments {
    double mean = 0, variance = 0;
};

template <class Draw>
Moments moments(Draw draw) {
    constexpr std::uint32_t count = 200000;
    double sum = 0, squares = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
        const double v = draw(i);
        sum += v;
        squares += v * v;
    }
    const double mean = sum / count;
    return {mean, squares / count - mean * mean};
}

TEST(Random, UniformNormalAndGammaHaveTheirMoments) {
    const Random random(11, Stream::test, 3);
    const auto uniform = moments([&](std::uint32_t i) { return random.uniform(i); });
    EXPECT_NEAR(uniform.mean, 0.5, 0.004);
    EXPECT_NEAR(uniform.variance, 1.0 / 12.0, 0.002);
    const auto normal = moments([&](std::uint32_t i) { return random.normal(i); });
    EXPECT_NEAR(normal.mean, 0.0, 0.012);
    EXPECT_NEAR(normal.variance, 1.0, 0.02);
    for (const double shape : {0.3, 1.0, 4.5}) {
        const auto gamma = moments([&](std::uint32_t i) { return random.gamma(shape, i); });
        EXPECT_NEAR(gamma.mean, shape, 0.02 * shape + 0.01);
        EXPECT_NEAR(gamma.variance, shape, 0.05 * shape + 0.02);
    }
}

TEST(Random, IsAPureFunctionAndKeysSeparate) {
    EXPECT_EQ(Random(1, Stream::test, 2).bits(3), Random(1, Stream::test, 2).bits(3));
    std::set<std::uint64_t> seen;
    for (std::uint64_t seed : {1ULL, 2ULL, 1ULL << 40}) {
        for (auto stream : {Stream::capability, Stream::noise}) {
            for (std::uint64_t id : {0ULL, 1ULL, 1ULL << 33}) {
                for (std::uint32_t counter : {0U, 1U, 70000U}) {
                    seen.insert(Random(seed, stream, id).bits(counter));
                }
            }
        }
    }
    EXPECT_EQ(seen.size(), 54U);
}

TEST(Random, BelowIsUniform) {
    const Random random(12, Stream::test, 0);
    std::vector<int> counts(7);
    for (std::uint32_t i = 0; i < 70000; ++i) counts[random.below(7, i)] += 1;
    for (const int count : counts) EXPECT_NEAR(count, 10000, 500);
}

TEST(Permutation, IsABijectionWithInverse) {
    for (const std::uint64_t size : {1ULL, 2ULL, 3ULL, 5ULL, 64ULL, 100ULL, 1000ULL, 4097ULL}) {
        const Permutation permutation(size, 9, Stream::test, size);
        std::set<std::uint64_t> images;
        for (std::uint64_t i = 0; i < size; ++i) {
            const auto image = permutation(i);
            EXPECT_LT(image, size);
            EXPECT_EQ(permutation.inverse(image), i);
            images.insert(image);
        }
        EXPECT_EQ(images.size(), size);
    }
}

TEST(Permutation, LooksRandom) {
    // The number of fixed points of a random permutation is Poisson(1).
    double fixed = 0;
    for (std::uint64_t key = 0; key < 400; ++key) {
        const Permutation permutation(100, key, Stream::test, 0);
        for (std::uint64_t i = 0; i < 100; ++i) fixed += permutation(i) == i ? 1 : 0;
    }
    EXPECT_NEAR(fixed / 400, 1.0, 0.25);
}

}  // namespace
}  // namespace motley

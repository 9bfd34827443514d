#include "motley/core/random.hpp"

#include <Random123/philox.h>

#include <bit>
#include <cmath>
#include <numbers>

#include "motley/core/expect.hpp"

namespace motley {
namespace {

/// One Philox block keyed by the seed; the counter carries (id, stream, counter, domain).
std::array<std::uint64_t, 2> block(std::uint64_t seed, std::uint32_t stream, std::uint64_t id,
                                   std::uint32_t counter, std::uint32_t domain) {
    const r123::Philox4x32::ctr_type place = {{static_cast<std::uint32_t>(id),
                                               static_cast<std::uint32_t>(id >> 32), counter,
                                               (domain << 24) | stream}};
    const r123::Philox4x32::key_type key = {
        {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}};
    const auto words = r123::Philox4x32()(place, key);
    return {(std::uint64_t{words[1]} << 32) | words[0], (std::uint64_t{words[3]} << 32) | words[2]};
}

constexpr std::uint32_t domain_bits = 0;
constexpr std::uint32_t domain_normal = 1;
constexpr std::uint32_t domain_gamma = 2;

double open_unit(std::uint64_t bits) {
    return (static_cast<double>(bits >> 11) + 0.5) * 0x1.0p-53;
}

double box_muller(const std::array<std::uint64_t, 2>& words) {
    const double radius = std::sqrt(-2.0 * std::log(open_unit(words[0])));
    return radius * std::cos(2.0 * std::numbers::pi * open_unit(words[1]));
}

/// The mixing function of the Feistel rounds: the finaliser of SplitMix64.
std::uint64_t mix(std::uint64_t x) {
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

}  // namespace

std::uint64_t Random::bits(std::uint32_t counter) const {
    return block(seed_, stream_, id_, counter, domain_bits)[0];
}

double Random::uniform(std::uint32_t counter) const {
    return open_unit(bits(counter));
}

std::uint64_t Random::below(std::uint64_t bound, std::uint32_t counter) const {
    return static_cast<std::uint64_t>((static_cast<unsigned __int128>(bits(counter)) * bound) >>
                                      64);
}

double Random::normal(std::uint32_t counter) const {
    return box_muller(block(seed_, stream_, id_, counter, domain_normal));
}

double Random::gamma(double shape, std::uint32_t counter) const {
    // Marsaglia and Tsang's method takes shapes >= 1. A smaller shape is raised by one, and the
    // variate is scaled by U^(1/shape).
    const double boosted = shape < 1.0 ? shape + 1.0 : shape;
    const double d = boosted - 1.0 / 3.0;
    const double c = 1.0 / std::sqrt(9.0 * d);
    for (std::uint32_t attempt = 0;; ++attempt) {
        const std::uint32_t place = counter * 256 + 2 * attempt;
        const double x = box_muller(block(seed_, stream_, id_, place, domain_gamma));
        const auto words = block(seed_, stream_, id_, place + 1, domain_gamma);
        const double v = std::pow(1.0 + c * x, 3.0);
        if (v <= 0.0) continue;
        if (std::log(open_unit(words[0])) >= 0.5 * x * x + d - d * v + d * std::log(v)) continue;
        const double scale = shape < 1.0 ? std::pow(open_unit(words[1]), 1.0 / shape) : 1.0;
        return d * v * scale;
    }
}

Permutation::Permutation(std::uint64_t size, std::uint64_t seed, Stream stream, std::uint64_t id)
    : size_(size) {
    const int bits = size <= 2 ? 2 : std::bit_width(size - 1);
    left_bits_ = bits / 2;
    right_bits_ = bits - left_bits_;
    const Random random(seed, stream, id);
    for (int r = 0; r < rounds; ++r) keys_[r] = random.bits(static_cast<std::uint32_t>(r));
}

std::uint64_t Permutation::round(std::uint64_t half, int index) const {
    return mix(half + keys_[index]);
}

std::uint64_t Permutation::encrypt(std::uint64_t x) const {
    const std::uint64_t left_mask = (std::uint64_t{1} << left_bits_) - 1;
    const std::uint64_t right_mask = (std::uint64_t{1} << right_bits_) - 1;
    std::uint64_t left = x >> right_bits_;
    std::uint64_t right = x & right_mask;
    for (int r = 0; r < rounds; r += 2) {
        left ^= round(right, r) & left_mask;
        right ^= round(left, r + 1) & right_mask;
    }
    return (left << right_bits_) | right;
}

std::uint64_t Permutation::decrypt(std::uint64_t x) const {
    const std::uint64_t left_mask = (std::uint64_t{1} << left_bits_) - 1;
    const std::uint64_t right_mask = (std::uint64_t{1} << right_bits_) - 1;
    std::uint64_t left = x >> right_bits_;
    std::uint64_t right = x & right_mask;
    for (int r = rounds - 2; r >= 0; r -= 2) {
        right ^= round(left, r + 1) & right_mask;
        left ^= round(right, r) & left_mask;
    }
    return (left << right_bits_) | right;
}

std::uint64_t Permutation::operator()(std::uint64_t index) const {
    MOTLEY_EXPECT_STEP(index < size_, "a permutation is asked for an index below its size");
    do index = encrypt(index);
    while (index >= size_);
    return index;
}

std::uint64_t Permutation::inverse(std::uint64_t value) const {
    MOTLEY_EXPECT_STEP(value < size_, "a permutation is asked for a value below its size");
    do value = decrypt(value);
    while (value >= size_);
    return value;
}

}  // namespace motley

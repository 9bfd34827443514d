#include "motley/core/exact_sum.hpp"

#include <cmath>
#include <limits>

namespace motley {

void ExactSum::normalise() {
    std::int64_t carry = 0;
    for (int i = 0; i + 1 < chunk_count; ++i) {
        const std::int64_t total = chunks_[i] + carry;
        carry = total >> 32;
        chunks_[i] = total & 0xffffffff;
    }
    chunks_[chunk_count - 1] += carry;
    pending_ = 0;
}

void ExactSum::add(const ExactSum& other) {
    ExactSum term = other;
    term.normalise();
    normalise();
    for (int i = 0; i < chunk_count; ++i) chunks_[i] += term.chunks_[i];
    invalid_ += term.invalid_;
    normalise();
}

std::array<std::int64_t, ExactSum::chunk_count + 1> ExactSum::export_chunks() const {
    ExactSum copy = *this;
    copy.normalise();
    std::array<std::int64_t, chunk_count + 1> out{};
    for (int i = 0; i < chunk_count; ++i) out[i] = copy.chunks_[i];
    out[chunk_count] = invalid_;
    return out;
}

ExactSum ExactSum::import_chunks(const std::int64_t* chunks) {
    ExactSum sum;
    for (int i = 0; i < chunk_count; ++i) sum.chunks_[i] = chunks[i];
    sum.invalid_ = chunks[chunk_count];
    sum.normalise();
    return sum;
}

double ExactSum::value() const {
    if (invalid_ > 0) return std::numeric_limits<double>::quiet_NaN();
    ExactSum magnitude = *this;
    magnitude.normalise();
    const bool negative = magnitude.chunks_[chunk_count - 1] < 0;
    if (negative) {
        for (auto& chunk : magnitude.chunks_) chunk = -chunk;
        magnitude.normalise();
    }
    int top = chunk_count - 1;
    while (top >= 0 && magnitude.chunks_[top] == 0) --top;
    if (top < 0) return 0.0;

    // The leading 64 bits of the magnitude. A sticky bit is 1 when any bit below them is 1.
    const auto word = [&](int i) -> unsigned __int128 {
        return i >= 0 ? static_cast<std::uint64_t>(magnitude.chunks_[i]) : 0;
    };
    unsigned __int128 window = (word(top) << 64) | (word(top - 1) << 32) | word(top - 2);
    bool sticky = false;
    for (int i = top - 3; i >= 0; --i) sticky = sticky || magnitude.chunks_[i] != 0;

    // Bit 0 of the window weighs 2^(32 (top - 2) - 1075); subnormals start at 2^-1074.
    int exponent = 32 * (top - 2) - 1075;
    const auto high = static_cast<std::uint64_t>(window >> 64);
    const int width = high != 0 ? 128 - std::countl_zero(high)
                                : 64 - std::countl_zero(static_cast<std::uint64_t>(window));
    int drop = width - 53;
    if (exponent + drop < -1074) drop = -1074 - exponent;
    if (drop > 0) {
        const unsigned __int128 half = static_cast<unsigned __int128>(1) << (drop - 1);
        const unsigned __int128 rest = window & ((half << 1) - 1);
        window >>= drop;
        exponent += drop;
        if (rest > half || (rest == half && (sticky || (window & 1) != 0))) window += 1;
    }
    const double result =
        std::ldexp(static_cast<double>(static_cast<std::uint64_t>(window)), exponent);
    return negative ? -result : result;
}

}  // namespace motley

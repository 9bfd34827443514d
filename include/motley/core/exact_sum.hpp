// Exact sums of doubles: a fixed-point accumulator is wide enough for every double, so the result
// depends neither on the order nor on the number of ranks. After R. M. Neal, "Fast exact summation
// using small and large superaccumulators", arXiv:1505.05571 (the small accumulator).
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace motley {

class ExactSum {
  public:
    /// Chunk c holds a signed multiple of 2^(32 c - 1075).
    static constexpr int chunk_count = 67;

    /// Adds a double exactly. Not-a-number and infinities make the result not-a-number.
    void add(double value) {
        const auto bits = std::bit_cast<std::uint64_t>(value);
        int exponent = static_cast<int>(bits >> 52) & 0x7ff;
        auto mantissa = static_cast<std::int64_t>(bits & 0xfffffffffffffULL);
        if (exponent == 0x7ff) {
            invalid_ += 1;
            return;
        }
        if (exponent == 0) {
            if (mantissa == 0) return;
            exponent = 1;
        } else {
            mantissa |= std::int64_t{1} << 52;
        }
        const int index = exponent >> 5;
        const int shift = exponent & 31;
        const std::int64_t low = static_cast<std::int64_t>(
            (static_cast<std::uint64_t>(mantissa) << shift) & 0xffffffffU);
        const std::int64_t high = mantissa >> (32 - shift);
        const std::int64_t sign = static_cast<std::int64_t>(bits) >> 63;  // 0 or -1
        chunks_[index] += (low ^ sign) - sign;
        chunks_[index + 1] += (high ^ sign) - sign;
        if (++pending_ == max_pending) normalise();
    }

    /// Adds another accumulator.
    void add(const ExactSum& other);

    /// The sum, rounded once to the nearest double (ties to even).
    double value() const;

    /// Chunks as integers after carry propagation, for merging over ranks: sums of up to 2^30
    /// accumulators cannot overflow. The last entry counts invalid addends.
    std::array<std::int64_t, chunk_count + 1> export_chunks() const;
    static ExactSum import_chunks(const std::int64_t* chunks);

  private:
    static constexpr int max_pending = 1 << 10;

    /// Propagates carries: every chunk but the last ends in [0, 2^32).
    void normalise();

    std::array<std::int64_t, chunk_count> chunks_{};
    std::int64_t invalid_ = 0;
    int pending_ = 0;
};

}  // namespace motley

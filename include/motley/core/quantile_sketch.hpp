// Order statistics of a stream of numbers in constant memory.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

namespace motley {

/// A histogram of doubles with bins of relative width 2^-14, each of which keeps the largest value
/// that was added to it. Its quantile is a value of the sample, within 2^-14 of the one that
/// `quantile` (core/quantile.hpp) finds. Merging is exact, so that neither the order of the values
/// nor how they were shared out matters. The number of bins is bounded by 2^14 for each factor of 2
/// in the range of the values.
class QuantileSketch {
  public:
    /// Adds a number, which may be infinite; numbers that are not numbers are left out.
    void add(double value);
    void merge(const QuantileSketch& other);
    std::int64_t count() const { return count_; }
    /// The order statistic with the number floor(q (n + 1)), counted from 1 and kept within 1..n;
    /// not a number if there are no values.
    double quantile(double q) const;

    /// The contents as numbers, and back, for messages.
    std::vector<double> packed() const;
    static QuantileSketch unpack(std::span<const double> words);

  private:
    struct Bin {
        std::int64_t count = 0;
        double largest = 0.0;
    };
    std::map<std::int64_t, Bin> bins_;  ///< in rising order of the values
    std::int64_t count_ = 0;
};

}  // namespace motley

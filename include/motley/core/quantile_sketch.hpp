// Quantiles of any number of values in limited memory.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

namespace motley {

/// A histogram of doubles whose bins are 2^-14 of a value wide: the sign, the exponent and the
/// first 14 bits of the mantissa. A bin has the number of its values and the largest one. The
/// memory grows with the number of powers of two among the values, 256 KiB at most each, not with
/// their number. Merging is exact: the sketch of a set of values does not depend on the order in
/// which they came, nor on how they were split.
class QuantileSketch {
  public:
    /// A value that is not a number is not counted. -0 counts as 0.
    void add(double value);
    void merge(const QuantileSketch& other);

    std::int64_t count() const { return count_; }
    /// A value that was added, at least the order statistic of `quantile` in core/quantile.hpp, and
    /// greater by at most 2^-14 of it (of the least normal number where it is denormal). It is
    /// exact where all values of the bin are equal, and for the largest value. Not a number where
    /// there are no values or q is not a number.
    double quantile(double q) const;

    /// The largest value and the count of each bin with values, by rising value: two numbers each.
    std::vector<double> packed() const;
    /// Adds the bins that `packed` has written; several may stand one after the other.
    void merge(std::span<const double> packed);
    static QuantileSketch unpack(std::span<const double> packed);

  private:
    struct Bin {
        std::int64_t count = 0;
        double largest = 0.0;
    };
    using Page = std::vector<Bin>;  ///< 256 bins in a row
    void add(double largest, std::int64_t count);

    std::map<std::int64_t, Page> pages_;
    std::int64_t count_ = 0;
};

}  // namespace motley

// Exact sums of many doubles at vector speed. Every addend is cut into digits on fixed grids, and
// each digit is added up in a double of its own, which is exact. Addends that do not fit the grids
// are added to the wide accumulator one by one. After the extraction of S. M. Rump, T. Ogita, S.
// Oishi, "Accurate floating-point summation", SIAM J. Sci. Comput. 31 (2008),
// doi:10.1137/050645671.
#pragma once

#include <span>

#include "motley/core/exact_sum.hpp"
#include "motley/core/simd.hpp"

namespace motley {

/// Collects W sums at once; `flush` adds them to ordinary accumulators.
template <int W>
class ExactLanes {
  public:
    using V = Simd<double, W>;
    using Vec = typename V::Vec;

    /// Adds the lanes of v. Lanes that the grids cannot hold go to sums[lane] at once, or to
    /// sums[0] when there is one sum for all lanes; lanes from sums.size() on are dropped then.
    void add(Vec v, std::span<ExactSum> sums) {
        Vec rest = v;
        Vec digits[bins];
        for (int i = 0; i < bins; ++i) {
            const Vec anchor = V::fill(anchors[i]);
            digits[i] = (rest + anchor) - anchor;
            rest -= digits[i];
        }
        // The first digit is at most `limit` when |v| is. A rest is not 0 when v has bits below the
        // last grid.
        const Vec size = V::max(v, -v);
        const auto fits = (size <= V::fill(limit)) & (rest == V::fill(0));
        if (!V::all(fits)) [[unlikely]] {
            for (int i = 0; i < bins; ++i) digits[i] = fits ? digits[i] : V::fill(0);
            add_singly(v, fits, sums);
        }
        for (int i = 0; i < bins; ++i) totals_[i] += digits[i];
        if (++pending_ == max_pending) flush(sums);
    }

    /// Adds the collected digits to the sums (lane by lane, or all to the only sum) and clears
    /// them.
    void flush(std::span<ExactSum> sums) {
        for (int i = 0; i < bins; ++i) {
            for (int lane = 0; lane < W; ++lane) add_to(sums, lane, totals_[i][lane]);
            totals_[i] = V::fill(0);
        }
        pending_ = 0;
    }

  private:
    /// Digits are multiples of 2^-8, 2^-48, 2^-88 and 2^-128, at most 2^40 of each. These grids
    /// hold every double between 2^-76 and 2^32 without a rest.
    static constexpr int bins = 4;
    static constexpr double limit = 0x1p32;
    /// 1.5 x 2^52 times the grid. Adding and then subtracting it rounds a number to the grid.
    static constexpr double anchors[bins] = {0x1.8p44, 0x1.8p4, 0x1.8p-36, 0x1.8p-76};
    /// 2^12 digits of 2^40 stay below 2^53.
    static constexpr int max_pending = 1 << 12;

    static void add_to(std::span<ExactSum> sums, int lane, double value) {
        if (sums.size() == 1) {
            sums[0].add(value);
        } else if (static_cast<std::size_t>(lane) < sums.size()) {
            sums[static_cast<std::size_t>(lane)].add(value);
        }
    }
    [[gnu::noinline]] static void add_singly(Vec v, typename V::IntVec fits,
                                             std::span<ExactSum> sums) {
        for (int lane = 0; lane < W; ++lane) {
            if (fits[lane] == 0) add_to(sums, lane, v[lane]);
        }
    }

    Vec totals_[bins] = {};
    int pending_ = 0;
};

}  // namespace motley

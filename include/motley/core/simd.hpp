// Vectors over tasks and their elementary functions. Every operation is elementwise IEEE arithmetic
// in the order written here, so a lane has the same bits whatever the vector width, the instruction
// set, or the neighbours in the vector. No libm in the hot loop.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <type_traits>
#include <utility>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace motley {

template <class T, int W>
struct Simd {
    static_assert(std::is_same_v<T, double> || std::is_same_v<T, float>);
    static_assert(std::has_single_bit(static_cast<unsigned>(W)));

    using Int = std::conditional_t<std::is_same_v<T, double>, std::int64_t, std::int32_t>;
    typedef T Vec __attribute__((vector_size(W * sizeof(T))));
    typedef Int IntVec __attribute__((vector_size(W * sizeof(T))));
    static constexpr int width = W;
    static constexpr bool is_double = std::is_same_v<T, double>;

    static Vec fill(T value) { return value - Vec{}; }
    static Vec load(const T* p) {
        return *reinterpret_cast<const Vec*>(__builtin_assume_aligned(p, sizeof(Vec)));
    }
    static void store(T* p, Vec v) {
        *reinterpret_cast<Vec*>(__builtin_assume_aligned(p, sizeof(Vec))) = v;
    }

    /// a b + c, rounded once, in every lane.
    static Vec fma(Vec a, Vec b, Vec c) {
#if defined(__AVX512F__)
        if constexpr (sizeof(Vec) == 64 && is_double)
            return (Vec)_mm512_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
        if constexpr (sizeof(Vec) == 64 && !is_double)
            return (Vec)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
#endif
#if defined(__FMA__)
        if constexpr (sizeof(Vec) == 32 && is_double)
            return (Vec)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
        if constexpr (sizeof(Vec) == 32 && !is_double)
            return (Vec)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
        if constexpr (sizeof(Vec) == 16 && is_double)
            return (Vec)_mm_fmadd_pd((__m128d)a, (__m128d)b, (__m128d)c);
        if constexpr (sizeof(Vec) == 16 && !is_double)
            return (Vec)_mm_fmadd_ps((__m128)a, (__m128)b, (__m128)c);
#endif
        Vec r;
        for (int i = 0; i < W; ++i) r[i] = std::fma(a[i], b[i], c[i]);
        return r;
    }
    static Vec min(Vec a, Vec b) {
        return a < b ? a : b;
    }
    static Vec max(Vec a, Vec b) {
        return a > b ? a : b;
    }

    /// Sum and maximum over lanes in a fixed tree: lane i with lane i + W/2, and so on.
    static T sum(Vec v) {
        if constexpr (W == 1) {
            return v[0];
        } else {
            return Simd<T, W / 2>::sum(low(v) + high(v));
        }
    }
    static T largest(Vec v) {
        if constexpr (W == 1) {
            return v[0];
        } else {
            const auto a = low(v), b = high(v);
            return Simd<T, W / 2>::largest(a > b ? a : b);
        }
    }

    /// exp(x) for x clamped to [-700, 700] (single: [-85, 85]); relative error below 2 ulp.
    static Vec exp(Vec x) {
        const Reduced r = reduce(x);
        return fma(r.power, r.expm1, r.power);
    }
    /// exp(x) - 1 with full relative accuracy near 0; same clamp.
    static Vec expm1(Vec x) {
        const Reduced r = reduce(x);
        return fma(r.power, r.expm1, r.power - fill(1));
    }

    /// Natural logarithm of x clamped from below to the smallest normal number; relative error
    /// below 2 ulp, also near 1.
    static Vec log(Vec x) {
        x = max(x, fill(smallest));
        // x = 2^e m with m in [sqrt(1/2), sqrt(2)); log m = 2 atanh(s), s = (m - 1) / (m + 1).
        const IntVec shifted = bits(x) - int_fill(std::bit_cast<Int>(root_half));
        const IntVec e = shifted >> mantissa_bits;
        const Vec m = value(bits(x) - (e << mantissa_bits));
        const Vec f = m - fill(1);
        const Vec s = f / (m + fill(1));
        const Vec z = s * s;
        Vec p;
        if constexpr (std::is_same_v<T, double>) {
            p = fill(0x1.2b5f68a50d903p-3);
            p = fma(p, z, fill(0x1.39fdcceb4bb45p-3));
            p = fma(p, z, fill(0x1.7462b91b8df65p-3));
            p = fma(p, z, fill(0x1.c71c62d5e53e0p-3));
            p = fma(p, z, fill(0x1.2492492dfd86cp-2));
            p = fma(p, z, fill(0x1.9999999995273p-2));
            p = fma(p, z, fill(0x1.5555555555558p-1));
        } else {
            p = fill(static_cast<T>(0x1.ddd4dad98e4c4p-3));
            p = fma(p, z, fill(static_cast<T>(0x1.245c273432202p-2)));
            p = fma(p, z, fill(static_cast<T>(0x1.9999eb9d6ddfep-2)));
            p = fma(p, z, fill(static_cast<T>(0x1.5555554ba8b0ep-1)));
        }
        const Vec exponent = __builtin_convertvector(e, Vec);
        // 2 s + s z p = f - s (f - z p), which keeps the leading term exact.
        const Vec small = fma(exponent, fill(ln2_low), -(s * (f - z * p)));
        return fma(exponent, fill(ln2_high), f + small);
    }

    /// log(1 + x) for x > -1, accurate near 0.
    static Vec log1p(Vec x) {
        const Vec w = x + fill(1);
        const Vec lost = x - (w - fill(1));
        return log(w) + lost / w;
    }

  private:
    static constexpr int mantissa_bits = is_double ? 52 : 23;
    static constexpr T smallest = is_double ? static_cast<T>(0x1p-1022) : static_cast<T>(0x1p-126);
    static constexpr T root_half = static_cast<T>(is_double ? 0x1.6a09e667f3bcdp-1 : 0x1.6a09e6p-1);
    static constexpr T clamp = static_cast<T>(is_double ? 700.0 : 85.0);
    static constexpr T log2_e = static_cast<T>(0x1.71547652b82fep0);
    static constexpr T ln2_high = static_cast<T>(is_double ? 0x1.62e42fefa3800p-1 : 0x1.62e4p-1);
    static constexpr T ln2_low =
        static_cast<T>(is_double ? 0x1.ef35793c76730p-45 : 0x1.7f7d1cf79abcap-20);
    static constexpr T magic = static_cast<T>(is_double ? 0x1.8p52 : 0x1.8p23);

    static IntVec bits(Vec v) {
        return reinterpret_cast<IntVec>(v);
    }
    static Vec value(IntVec v) {
        return reinterpret_cast<Vec>(v);
    }
    static IntVec int_fill(Int v) {
        return v - IntVec{};
    }

    static auto low(Vec v) {
        return half(v, std::make_integer_sequence<int, W / 2>{});
    }
    static auto high(Vec v) {
        return half<W / 2>(v, std::make_integer_sequence<int, W / 2>{});
    }
    template <int First = 0, int... I>
    static typename Simd<T, (W > 1 ? W / 2 : 1)>::Vec half(Vec v,
                                                           std::integer_sequence<int, I...>) {
        return __builtin_shufflevector(v, v, (First + I)...);
    }

    /// exp(x) = power (1 + expm1), power = 2^n, |r| <= ln(2) / 2.
    struct Reduced {
        Vec power;
        Vec expm1;
    };
    static Reduced reduce(Vec x) {
        x = min(max(x, fill(-clamp)), fill(clamp));
        const Vec shifted = fma(x, fill(log2_e), fill(magic));
        const Vec n = shifted - fill(magic);
        const Vec r = fma(n, fill(-ln2_low), fma(n, fill(-ln2_high), x));
        Vec q;  // (e^r - 1 - r) / r^2, interpolated at Chebyshev nodes
        if constexpr (is_double) {
            q = fill(0x1.af390ba7e6f47p-26);
            q = fma(q, r, fill(0x1.2891d4ffbb0f9p-22));
            q = fma(q, r, fill(0x1.71de0d85293b8p-19));
            q = fma(q, r, fill(0x1.a019b8ca26fcfp-16));
            q = fma(q, r, fill(0x1.a01a01a7cebcdp-13));
            q = fma(q, r, fill(0x1.6c16c1789d1d7p-10));
            q = fma(q, r, fill(0x1.11111111109a6p-7));
            q = fma(q, r, fill(0x1.5555555553d37p-5));
            q = fma(q, r, fill(0x1.5555555555556p-3));
            q = fma(q, r, fill(0x1.0000000000000p-1));
        } else {
            q = fill(static_cast<T>(0x1.6d117cc039048p-10));
            q = fma(q, r, fill(static_cast<T>(0x1.120be1dcb42dcp-7)));
            q = fma(q, r, fill(static_cast<T>(0x1.555518f5d1200p-5)));
            q = fma(q, r, fill(static_cast<T>(0x1.5554dc8961859p-3)));
            q = fma(q, r, fill(static_cast<T>(0.5)));
        }
        const IntVec n_bits =
            (bits(shifted) << mantissa_bits) + int_fill(std::bit_cast<Int>(static_cast<T>(1)));
        return {value(n_bits), fma(q * r, r, r)};
    }
};

}  // namespace motley

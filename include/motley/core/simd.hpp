// Vectors over tasks and their elementary functions. Every operation is elementwise IEEE arithmetic
// in the order written here, so a lane has the same bits whatever the vector width, the instruction
// set, or the other lanes are. Nothing here calls libm, except for fma without hardware support.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <type_traits>
#include <utility>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/// Marks short functions of the hot loop, for which a call would cost as much as the work.
#define MOTLEY_INLINE [[gnu::always_inline]] static inline

namespace motley {

/// Bytes of the widest vectors that the processor computes with. Wider ones work, but slowly.
#if defined(__AVX512F__)
constexpr int vector_bytes = 64;
#elif defined(__AVX2__)
constexpr int vector_bytes = 32;
#else
constexpr int vector_bytes = 16;
#endif

template <class T, int W>
struct Simd {
    static_assert(std::is_same_v<T, double> || std::is_same_v<T, float>);
    static_assert(std::has_single_bit(static_cast<unsigned>(W)));

    using Int = std::conditional_t<std::is_same_v<T, double>, std::int64_t, std::int32_t>;
    typedef T Vec __attribute__((vector_size(W * sizeof(T))));
    typedef Int IntVec __attribute__((vector_size(W * sizeof(T))));
    typedef std::make_unsigned_t<Int> Bits __attribute__((vector_size(W * sizeof(T))));
    static constexpr int width = W;
    static constexpr bool is_double = std::is_same_v<T, double>;

    MOTLEY_INLINE Vec fill(T value) { return value - Vec{}; }
    MOTLEY_INLINE Vec load(const T* p) {
        return *reinterpret_cast<const Vec*>(__builtin_assume_aligned(p, sizeof(Vec)));
    }
    static void store(T* p, Vec v) {
        *reinterpret_cast<Vec*>(__builtin_assume_aligned(p, sizeof(Vec))) = v;
    }

    /// Stores past the caches if the processor can. Use it for data not read soon, and write whole
    /// cache lines.
    static void stream(T* p, Vec v) {
#if defined(__AVX512F__)
        if constexpr (sizeof(Vec) == 64) {
            return _mm512_stream_si512(reinterpret_cast<__m512i*>(p), reinterpret_cast<__m512i>(v));
        }
#elif defined(__AVX2__)
        if constexpr (sizeof(Vec) == 32) {
            return _mm256_stream_si256(reinterpret_cast<__m256i*>(p), reinterpret_cast<__m256i>(v));
        }
#elif defined(__SSE2__)
        if constexpr (sizeof(Vec) == 16) {
            return _mm_stream_si128(reinterpret_cast<__m128i*>(p), reinterpret_cast<__m128i>(v));
        }
#endif
        store(p, v);
    }

    /// a b + c, rounded once, in every lane.
    MOTLEY_INLINE Vec fma(Vec a, Vec b, Vec c) {
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
    /// a < b ? a : b and a > b ? a : b in every lane, as the instructions compute them.
    MOTLEY_INLINE Vec min(Vec a, Vec b) {
#if defined(__AVX512F__)
        if constexpr (sizeof(Vec) == 64 && is_double) return _mm512_maskz_min_pd(0xff, a, b);
        if constexpr (sizeof(Vec) == 64 && !is_double) return _mm512_maskz_min_ps(0xffff, a, b);
#endif
#if defined(__AVX__)
        if constexpr (sizeof(Vec) == 32 && is_double) return _mm256_min_pd(a, b);
        if constexpr (sizeof(Vec) == 32 && !is_double) return _mm256_min_ps(a, b);
#endif
#if defined(__SSE2__)
        if constexpr (sizeof(Vec) == 16 && is_double) return _mm_min_pd(a, b);
        if constexpr (sizeof(Vec) == 16 && !is_double) return _mm_min_ps(a, b);
#endif
        return a < b ? a : b;
    }
    MOTLEY_INLINE Vec max(Vec a, Vec b) {
#if defined(__AVX512F__)
        if constexpr (sizeof(Vec) == 64 && is_double) return _mm512_maskz_max_pd(0xff, a, b);
        if constexpr (sizeof(Vec) == 64 && !is_double) return _mm512_maskz_max_ps(0xffff, a, b);
#endif
#if defined(__AVX__)
        if constexpr (sizeof(Vec) == 32 && is_double) return _mm256_max_pd(a, b);
        if constexpr (sizeof(Vec) == 32 && !is_double) return _mm256_max_ps(a, b);
#endif
#if defined(__SSE2__)
        if constexpr (sizeof(Vec) == 16 && is_double) return _mm_max_pd(a, b);
        if constexpr (sizeof(Vec) == 16 && !is_double) return _mm_max_ps(a, b);
#endif
        return a > b ? a : b;
    }

    /// True when a comparison holds in every lane.
    MOTLEY_INLINE bool all(IntVec mask) {
#if defined(__AVX512F__)
        if constexpr (sizeof(Vec) == 64 && is_double)
            return _mm512_movepi64_mask((__m512i)mask) == 0xff;
#endif
#if defined(__AVX__)
        if constexpr (sizeof(Vec) == 32 && is_double)
            return _mm256_movemask_pd((__m256d)mask) == 0xf;
#endif
        Int together = mask[0];
        for (int i = 1; i < W; ++i) together &= mask[i];
        return together != 0;
    }

    /// Sum and maximum over lanes in a fixed tree: lane i with lane i + W/2, and so on.
    MOTLEY_INLINE T sum(Vec v) {
        if constexpr (W == 1) {
            return v[0];
        } else {
            return Simd<T, W / 2>::sum(low(v) + high(v));
        }
    }
    MOTLEY_INLINE T largest(Vec v) {
        if constexpr (W == 1) {
            return v[0];
        } else {
            const auto a = low(v), b = high(v);
            return Simd<T, W / 2>::largest(a > b ? a : b);
        }
    }

    /// Lane b of the result is the sum (smallest, largest) over the lanes of rows[b], in the tree
    /// of `sum`. The bits are the same as for one row at a time, with fewer instructions.
    template <int N>
    MOTLEY_INLINE typename Simd<T, N>::Vec sums(const Vec (&rows)[N]) {
        return reduce_rows<Plus, 1>(rows);
    }
    template <int N>
    MOTLEY_INLINE typename Simd<T, N>::Vec smallests(const Vec (&rows)[N]) {
        return reduce_rows<Smaller, 1>(rows);
    }
    template <int N>
    MOTLEY_INLINE typename Simd<T, N>::Vec largests(const Vec (&rows)[N]) {
        return reduce_rows<Larger, 1>(rows);
    }

    /// N vectors that go through the same function side by side, so that their chains of dependent
    /// instructions overlap. Every vector has the bits that it would have alone.
    template <int N>
    struct Pack {
        static constexpr int size = N;
        Vec v[N];
    };

    /// exp(x) for x clamped to [-700, 700] (single: [-85, 85]); the error is below 2 ulp.
    MOTLEY_INLINE Vec exp(Vec x) {
        return exp_in_range(clamped(x));
    }
    /// The same for x that is known to lie in that range.
    MOTLEY_INLINE Vec exp_in_range(Vec x) {
        return exp_in_range(Pack<1>{{x}}).v[0];
    }
    template <int N>
    MOTLEY_INLINE Pack<N> exp_in_range(const Pack<N>& x) {
        const Reduced<N> r = reduce_in_range(x);
        return map<N>([](Vec p, Vec e) -> Vec { return fma(p, e, p); }, r.power, r.expm1);
    }
    MOTLEY_INLINE Vec clamped(Vec x) {
        return min(max(x, fill(-clamp)), fill(clamp));
    }
    /// exp(x) - 1, same clamp; the error is below 2 ulp, also near 0.
    MOTLEY_INLINE Vec expm1(Vec x) {
        const Reduced<1> r = reduce_in_range(Pack<1>{{clamped(x)}});
        return fma(r.power.v[0], r.expm1.v[0], r.power.v[0] - fill(1));
    }

    /// Natural logarithm of x clamped from below to the smallest normal number; the error is below
    /// 2 ulp, also near 1.
    MOTLEY_INLINE Vec log(Vec x) {
        return log_of_normal(max(x, fill(smallest_normal)));
    }

    /// The same for x that is known to be a positive normal number.
    MOTLEY_INLINE Vec log_of_normal(Vec x) {
        return log_of_normal(Pack<1>{{x}}).v[0];
    }
    template <int N>
    MOTLEY_INLINE Pack<N> log_of_normal(const Pack<N>& x) {
        // x = 2^e m with m in [sqrt(1/2), sqrt(2)); log m = 2 atanh(s), s = (m - 1) / (m + 1).
        const auto e = map_int<N>([](Vec v) -> IntVec { return scale_of(v); }, x);
        const auto m = map<N>([](Vec v, IntVec n) -> Vec { return without_scale(v, n); }, x, e);
        const auto f = map<N>([](Vec v) -> Vec { return v - fill(1); }, m);
        const auto s = map<N>([](Vec v, Vec g) -> Vec { return g / (v + fill(1)); }, m, f);
        const auto z = map<N>([](Vec v) -> Vec { return v * v; }, s);
        Pack<N> p;
        if constexpr (is_double) {
            p = polynomial(z, 0x1.2b5f68a50d903p-3, 0x1.39fdcceb4bb45p-3, 0x1.7462b91b8df65p-3,
                           0x1.c71c62d5e53e0p-3, 0x1.2492492dfd86cp-2, 0x1.9999999995273p-2,
                           0x1.5555555555558p-1);
        } else {
            p = polynomial(z, 0x1.ddd4dad98e4c4p-3, 0x1.245c273432202p-2, 0x1.9999eb9d6ddfep-2,
                           0x1.5555554ba8b0ep-1);
        }
        // 2 s + s z p = f - s (f - z p), which keeps the leading term exact.
        const auto g = map<N>([](Vec a, Vec b, Vec c) -> Vec { return a - b * c; }, f, z, p);
        const auto h = map<N>([](Vec a, Vec b) -> Vec { return -(a * b); }, s, g);
        return map<N>(
            [](IntVec n, Vec a, Vec b) -> Vec {
                const Vec exponent = exponent_of(n);
                return fma(exponent, fill(ln2_high), a + fma(exponent, fill(ln2_low), b));
            },
            e, f, h);
    }

    /// Numbers below 2^52 from their integers.
    MOTLEY_INLINE Vec from_count(Bits n) requires is_double {
        if constexpr (converts_integers) {
            return __builtin_convertvector(n, Vec);
        } else {
            return value(reinterpret_cast<IntVec>(n) | bits(fill(0x1p52))) - fill(0x1p52);
        }
    }

    /// log(1 + x) for x > -1; the error is below 2 ulp, also near 0.
    MOTLEY_INLINE Vec log1p(Vec x) {
        const Vec w = x + fill(1);
        const Vec lost = x - (w - fill(1));
        return log(w) + lost / w;
    }

    static constexpr T smallest_normal =
        is_double ? static_cast<T>(0x1p-1022) : static_cast<T>(0x1p-126);

  private:
    template <class U, int X>
    friend struct Simd;
    template <int N>
    struct Reduced;

    static constexpr int mantissa_bits = is_double ? 52 : 23;
    static constexpr T root_half = static_cast<T>(is_double ? 0x1.6a09e667f3bcdp-1 : 0x1.6a09e6p-1);
    static constexpr T clamp = static_cast<T>(is_double ? 700.0 : 85.0);
    static constexpr T log2_e = static_cast<T>(0x1.71547652b82fep0);
    static constexpr T ln2_high = static_cast<T>(is_double ? 0x1.62e42fefa3800p-1 : 0x1.62e4p-1);
    static constexpr T ln2_low =
        static_cast<T>(is_double ? 0x1.ef35793c76730p-45 : 0x1.7f7d1cf79abcap-20);
    static constexpr T magic = static_cast<T>(is_double ? 0x1.8p52 : 0x1.8p23);

    MOTLEY_INLINE IntVec bits(Vec v) {
        return reinterpret_cast<IntVec>(v);
    }
    MOTLEY_INLINE Vec value(IntVec v) {
        return reinterpret_cast<Vec>(v);
    }
    MOTLEY_INLINE IntVec int_fill(Int v) {
        return v - IntVec{};
    }

    // Only AVX-512 shifts signs into integers of 64 bits and converts them; the other instruction
    // sets keep the biased exponent, which is not negative, and put it into the mantissa of 2^52.
#if defined(__AVX512DQ__)
    static constexpr bool converts_integers = true;
#else
    static constexpr bool converts_integers = !is_double;
#endif
    static constexpr Int root_half_bits = std::bit_cast<Int>(root_half);
    static constexpr Int one_bits = std::bit_cast<Int>(static_cast<T>(1));
    static constexpr Int bias = one_bits >> mantissa_bits;

    /// The number e, biased or not, with v = 2^e m and m in [sqrt(1/2), sqrt(2)).
    MOTLEY_INLINE IntVec scale_of(Vec v) {
        if constexpr (converts_integers) {
            return (bits(v) - int_fill(root_half_bits)) >> mantissa_bits;
        } else {
            return reinterpret_cast<IntVec>(reinterpret_cast<Bits>(rebased(v)) >> mantissa_bits);
        }
    }
    /// m, given e.
    MOTLEY_INLINE Vec without_scale(Vec v, [[maybe_unused]] IntVec e) {
        if constexpr (converts_integers) {
            return value(bits(v) - (e << mantissa_bits));
        } else {
            constexpr Int mask = (Int{1} << mantissa_bits) - 1;
            return value((rebased(v) & int_fill(mask)) + int_fill(root_half_bits));
        }
    }
    MOTLEY_INLINE Vec exponent_of(IntVec e) {
        if constexpr (converts_integers) {
            return __builtin_convertvector(e, Vec);
        } else {
            constexpr T zero = static_cast<T>(0x1p52);
            return value(e | bits(fill(zero))) - fill(zero + static_cast<T>(bias));
        }
    }
    MOTLEY_INLINE IntVec rebased(Vec v) {
        return bits(v) + int_fill(one_bits - root_half_bits);
    }

    struct Plus {
        template <class A>
        MOTLEY_INLINE A of(A a, A b) {
            return a + b;
        }
    };
    struct Smaller {
        template <class A>
        MOTLEY_INLINE A of(A a, A b) {
            return Simd<T, sizeof(A) / sizeof(T)>::min(a, b);
        }
    };
    struct Larger {
        template <class A>
        MOTLEY_INLINE A of(A a, A b) {
            return Simd<T, sizeof(A) / sizeof(T)>::max(a, b);
        }
    };

    /// Reduces rows that each hold `Groups` groups of lanes. It combines the two halves of every
    /// group, and two rows become one, until a group is one lane.
    template <class Op, int Groups, int N>
    MOTLEY_INLINE auto reduce_rows(const Vec (&rows)[N]) {
        if constexpr (Groups == W) {
            return join(rows);
        } else if constexpr (N == 1) {
            using Half = Simd<T, W / 2>;
            constexpr auto lanes = std::make_integer_sequence<int, W / 2>{};
            const typename Half::Vec next[1] = {Op::of(pick<Groups, 0>(rows[0], rows[0], lanes),
                                                       pick<Groups, 1>(rows[0], rows[0], lanes))};
            return Half::template reduce_rows<Op, Groups>(next);
        } else {
            constexpr auto lanes = std::make_integer_sequence<int, W>{};
            Vec next[N / 2];
            for (int i = 0; i < N / 2; ++i) {
                next[i] = Op::of(pick<Groups, 0>(rows[2 * i], rows[2 * i + 1], lanes),
                                 pick<Groups, 1>(rows[2 * i], rows[2 * i + 1], lanes));
            }
            return reduce_rows<Op, 2 * Groups>(next);
        }
    }
    /// The lower (Upper = 0) or upper halves of the groups of a, then those of b.
    template <int Groups, int Upper, int... I>
    MOTLEY_INLINE auto pick(Vec a, Vec b, std::integer_sequence<int, I...>) {
        constexpr int size = W / Groups, half_size = size / 2;
        return __builtin_shufflevector(
            a, b, (I / half_size * size + I % half_size + Upper * half_size)...);
    }
    template <int N>
    MOTLEY_INLINE auto join(const Vec (&rows)[N]) {
        if constexpr (N == 1) {
            return rows[0];
        } else {
            typename Simd<T, 2 * W>::Vec next[N / 2];
            for (int i = 0; i < N / 2; ++i) {
                next[i] = join_two(rows[2 * i], rows[2 * i + 1],
                                   std::make_integer_sequence<int, 2 * W>{});
            }
            return Simd<T, 2 * W>::join(next);
        }
    }
    template <int... I>
    MOTLEY_INLINE auto join_two(Vec a, Vec b, std::integer_sequence<int, I...>) {
        return __builtin_shufflevector(a, b, I...);
    }

    MOTLEY_INLINE auto low(Vec v) {
        return half(v, std::make_integer_sequence<int, W / 2>{});
    }
    MOTLEY_INLINE auto high(Vec v) {
        return half<W / 2>(v, std::make_integer_sequence<int, W / 2>{});
    }
    template <int First = 0, int... I>
    MOTLEY_INLINE typename Simd<T, (W > 1 ? W / 2 : 1)>::Vec half(
        Vec v, std::integer_sequence<int, I...>) {
        return __builtin_shufflevector(v, v, (First + I)...);
    }

    template <int N>
    struct IntPack {
        IntVec v[N];
    };
    /// Applies f to every vector (of several packs) in turn.
    template <int N, class F, class... P>
    MOTLEY_INLINE Pack<N> map(F f, const P&... packs) {
        return map_to<Pack<N>>(f, std::make_integer_sequence<int, N>{}, packs...);
    }
    template <int N, class F, class... P>
    MOTLEY_INLINE IntPack<N> map_int(F f, const P&... packs) {
        return map_to<IntPack<N>>(f, std::make_integer_sequence<int, N>{}, packs...);
    }
    template <class To, class F, int... I, class... P>
    MOTLEY_INLINE To map_to(F f, std::integer_sequence<int, I...>, const P&... packs) {
        const auto one = [&](auto index) { return f(packs.v[decltype(index)::value]...); };
        return To{{one(std::integral_constant<int, I>{})...}};
    }

    /// Horner's scheme, highest coefficient first.
    template <int N, class... C>
    MOTLEY_INLINE Pack<N> polynomial(const Pack<N>& x, double first, C... rest) {
        Pack<N> p = map<N>([&](Vec) -> Vec { return fill(static_cast<T>(first)); }, x);
        const auto step = [&](double coefficient) {
            p = map<N>(
                [&](Vec q, Vec v) -> Vec { return fma(q, v, fill(static_cast<T>(coefficient))); },
                p, x);
        };
        (step(rest), ...);
        return p;
    }

    /// exp(x) = power (1 + expm1), power = 2^n, |r| <= ln(2) / 2.
    template <int N>
    struct Reduced {
        Pack<N> power;
        Pack<N> expm1;
    };
    template <int N>
    MOTLEY_INLINE Reduced<N> reduce_in_range(const Pack<N>& x) {
        const auto shifted =
            map<N>([](Vec v) -> Vec { return fma(v, fill(log2_e), fill(magic)); }, x);
        const auto n = map<N>([](Vec v) -> Vec { return v - fill(magic); }, shifted);
        const auto high =
            map<N>([](Vec v, Vec m) -> Vec { return fma(m, fill(-ln2_high), v); }, x, n);
        const auto r =
            map<N>([](Vec v, Vec m) -> Vec { return fma(m, fill(-ln2_low), v); }, high, n);
        Pack<N> q;  // (e^r - 1 - r) / r^2, interpolated at Chebyshev nodes
        if constexpr (is_double) {
            q = polynomial(r, 0x1.af390ba7e6f47p-26, 0x1.2891d4ffbb0f9p-22, 0x1.71de0d85293b8p-19,
                           0x1.a019b8ca26fcfp-16, 0x1.a01a01a7cebcdp-13, 0x1.6c16c1789d1d7p-10,
                           0x1.11111111109a6p-7, 0x1.5555555553d37p-5, 0x1.5555555555556p-3,
                           0x1.0000000000000p-1);
        } else {
            q = polynomial(r, 0x1.6d117cc039048p-10, 0x1.120be1dcb42dcp-7, 0x1.555518f5d1200p-5,
                           0x1.5554dc8961859p-3, 0.5);
        }
        const auto power = map<N>(
            [](Vec v) -> Vec {
                return value((bits(v) << mantissa_bits) +
                             int_fill(std::bit_cast<Int>(static_cast<T>(1))));
            },
            shifted);
        const auto qr = map<N>([](Vec a, Vec b) -> Vec { return a * b; }, q, r);
        const auto expm1 = map<N>([](Vec a, Vec b) -> Vec { return fma(a, b, b); }, qr, r);
        // GCC would copy whole packs through memory, in pieces.
        Reduced<N> reduced;
        for (int i = 0; i < N; ++i) {
            reduced.power.v[i] = power.v[i];
            reduced.expm1.v[i] = expm1.v[i];
        }
        return reduced;
    }
};

}  // namespace motley

#undef MOTLEY_INLINE

// A block of agents that passes through the stages of a step: the rows of the state that the stages
// read, and the work rows that one stage writes and a later one reads.
#pragma once

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>

#include "motley/core/simd.hpp"
#include "motley/model/step_rows.hpp"

namespace motley::model {

/// Largest |exponent| of a price; a price that reaches it voids the certificate of that step.
template <class Real>
constexpr Real price_clamp = std::is_same_v<Real, double> ? 230.0 : 60.0;

/// Agents per block: as many as a vector of doubles has lanes, so that one vector holds one number
/// of each. Results do not depend on it.
constexpr int block_agents = vector_bytes / 8;

/// Rows of `Chunks` vectors of W tasks; Chunks = 0: any number, known at run time. A block with
/// fewer agents repeats its last one. The repeated ones get the same bits and are not written back.
template <class Real, int W, int Chunks>
class Block {
  public:
    using V = Simd<Real, W>;
    using Vec = typename V::Vec;
    using Lanes = Simd<Real, block_agents>;
    using PerAgent = typename Lanes::Vec;

    explicit Block(int row_width)
        : runtime_chunks_(row_width / W),
          workspace_(9 * block_agents * static_cast<std::size_t>(row_width)) {
        Real* next = workspace_.data();
        for (Real** array :
             {&stock, &value, &output, &ratio, &relative, &gain, &need, &inverse_demand_, &taken}) {
            *array = next;
            next += block_agents * width();
        }
    }

    int chunks() const { return Chunks > 0 ? Chunks : runtime_chunks_; }
    int width() const { return chunks() * W; }

    Vec x(int b, int k) const { return V::load(allocation + b * width() + k); }
    Vec a(int b, int k) const { return V::load(capability + b * width() + k); }
    Vec wanted(int b, int k) const { return V::load(demand + b * demand_stride + k); }
    /// 1 / D; 1 where D is 0.
    Vec inverse_wanted(int b, int k) const {
        return V::load(inverse_demand_ + b * demand_stride + k);
    }
    Vec load(const Real* array, int b, int k) const { return V::load(array + b * width() + k); }
    void store(Real* array, int b, int k, Vec v) const { V::store(array + b * width() + k, v); }

    /// Runs `f(b, k)` for every vector of the block: agent b, tasks k .. k + W - 1.
    template <class F>
    [[gnu::always_inline]] void each(F f) const {
        // The loop is not unrolled, so that constants stay in registers and numbers of an agent are
        // read from memory.
#pragma GCC unroll 1
        for (int b = 0; b < block_agents; ++b) {
            for (int c = 0; c < chunks(); ++c) f(b, c * W);
        }
    }

    /// f(b) for all agents of the block.
    using BlockVecs = typename V::template Pack<block_agents>;
    template <class F>
    [[gnu::always_inline]] BlockVecs rows(F f) const {
        return rows(f, std::make_integer_sequence<int, block_agents>{});
    }
    /// Runs `f(k)` for every first task k of a vector.
    template <class F>
    [[gnu::always_inline]] void each_chunk(F f) const {
        for (int c = 0; c < chunks(); ++c) f(c * W);
    }

    /// Lane b: the sum (smallest, largest) of f(b, k) over the tasks of agent b, always in the same
    /// order, whatever W is: first 64 bytes of tasks with the next 64, then a tree over these.
    template <class F>
    [[gnu::always_inline]] PerAgent sums(F f) const {
        Vec rows[block_agents];
        over_chunks(rows, f, [](Vec p, Vec q) -> Vec { return p + q; });
        return V::sums(rows);
    }
    template <class F>
    [[gnu::always_inline]] PerAgent smallests(F f) const {
        Vec rows[block_agents];
        over_chunks(rows, f, [](Vec p, Vec q) -> Vec { return V::min(p, q); });
        return V::smallests(rows);
    }
    template <class F>
    [[gnu::always_inline]] PerAgent largests(F f) const {
        Vec rows[block_agents];
        over_chunks(rows, f, [](Vec p, Vec q) -> Vec { return V::max(p, q); });
        return V::largests(rows);
    }

    /// v in the lanes of agents that are not repeated, 0 in the others.
    PerAgent only_present(PerAgent v) const {
        typename Lanes::IntVec lane;
        for (int b = 0; b < block_agents; ++b) lane[b] = b;
        const auto present = lane < static_cast<typename Lanes::Int>(count) + (lane - lane);
        return present ? v : Lanes::fill(0);
    }

    /// Must be called after a change of `demand`. `rows` is 1 when common, else the block's number.
    void invert_demand(int rows) {
        for (int i = 0; i < rows * width(); i += W) {
            const Vec d = V::load(demand + i);
            const Vec divisor = d > V::fill(0) ? d : V::fill(1);
            V::store(inverse_demand_ + i, V::fill(1) / divisor);
        }
    }

    LocalId first = 0;
    int count = 0;
    // Rows of the block. They lie in the state, or are copies when the block is not full.
    Real* allocation = nullptr;
    Real* capability = nullptr;
    Real* message = nullptr;       ///< written: stock | value
    Real* velocity = nullptr;      ///< accelerated searches only
    const Real* before = nullptr;  ///< what the agents sent in the previous step
    const Real* demand = nullptr;
    int demand_stride = 0;  ///< 0: common
    // Work rows.
    Real* stock;     ///< what arrived, then s
    Real* value;     ///< what came back, then q
    Real* output;    ///< y
    Real* ratio;     ///< c / D, then scratch
    Real* relative;  ///< ln(c / D)
    Real* gain;      ///< dy/dx, then g
    Real* need;      ///< price up to the factor `level`, then (1 - lambda) p
    Real* taken;     ///< with own rules of flows: what arrived, then c
    // One lane per agent.
    PerAgent resource = {}, open = {}, scale = {};
    PerAgent log_utility = {}, level = {}, reference = {};
    PerAgent log_consumed = {};  ///< ln u of what is consumed, also where prices look ahead
    PerAgent moves = {};         ///< accelerated searches only

  private:
    /// Vectors that hold 64 bytes of tasks, or the whole row if that is shorter.
    static constexpr int parts = [] {
        constexpr int in_64_bytes = 64 / static_cast<int>(sizeof(Vec));
        return Chunks > 0 ? std::min(Chunks, in_64_bytes) : in_64_bytes;
    }();

    template <class F, class Combine>
    [[gnu::always_inline]] void over_chunks(Vec (&rows)[block_agents], F f, Combine combine) const {
#pragma GCC unroll 8
        for (int b = 0; b < block_agents; ++b) {
            Vec part[parts];
#pragma GCC unroll 8
            for (int p = 0; p < parts; ++p) {
                part[p] = f(b, p * W);
                for (int c = p + parts; c < chunks(); c += parts) {
                    part[p] = combine(part[p], f(b, c * W));
                }
            }
#pragma GCC unroll 8
            for (int half = parts / 2; half > 0; half /= 2) {
#pragma GCC unroll 8
                for (int p = 0; p < half; ++p) part[p] = combine(part[p], part[p + half]);
            }
            rows[b] = part[0];
        }
    }
    template <class F, int... I>
    [[gnu::always_inline]] static BlockVecs rows(F f, std::integer_sequence<int, I...>) {
        return {{f(I)...}};
    }

    int runtime_chunks_;
    Buffer<Real> workspace_;
    Real* inverse_demand_;
};

/// Rows of a block that is not full, so that stages always see whole blocks.
template <class Real>
class Staging {
  public:
    explicit Staging(int width)
        : width_(static_cast<std::size_t>(width)), rows_(8 * block_agents * width_) {}

    Real* allocation() { return rows_.data(); }
    Real* capability() { return rows_.data() + block_agents * width_; }
    Real* demand() { return rows_.data() + 2 * block_agents * width_; }
    Real* before() { return rows_.data() + 3 * block_agents * width_; }
    Real* message() { return rows_.data() + 5 * block_agents * width_; }
    Real* velocity() { return rows_.data() + 7 * block_agents * width_; }

    /// Copies `count` rows of `halves` x width numbers and repeats the last.
    void take(Real* to, const Real* from, int count, std::size_t halves) const {
        const std::size_t row = halves * width_;
        for (int b = 0; b < block_agents; ++b) {
            std::memcpy(to + static_cast<std::size_t>(b) * row,
                        from + static_cast<std::size_t>(std::min(b, count - 1)) * row,
                        row * sizeof(Real));
        }
    }
    void give(Real* to, const Real* from, int count, std::size_t halves) const {
        std::memcpy(to, from, static_cast<std::size_t>(count) * halves * width_ * sizeof(Real));
    }

  private:
    std::size_t width_;
    Buffer<Real> rows_;
};

}  // namespace motley::model

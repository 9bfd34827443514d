// The first stage of a step, which sums what arrives at the agents of a block over their arcs.
#pragma once

#include "block.hpp"

namespace motley::model {

/// Arcs between a gathered row and the one that is prefetched ahead of it. Rows are prefetched into
/// the second-level cache, because the first-level cache allows too few outstanding requests to
/// hide the latency of memory.
constexpr std::size_t arcs_ahead = 128;
static_assert(arcs_ahead <= Rows<double>::padding);

/// Messages of fewer bytes stay in the second-level cache or come from the third in time.
constexpr std::size_t prefetched_bytes = std::size_t{4} << 20;

template <class Real>
inline void ask_for(const Real* row, std::size_t numbers) {
    for (std::size_t byte = 0; byte < numbers * sizeof(Real); byte += 64) {
        __builtin_prefetch(reinterpret_cast<const char*>(row) + byte, 0, 2);
    }
}

/// What a gather finds where: units among the messages alone, or also among ghosts; near, or so far
/// that they are prefetched.
enum class Reach { near, owned, all };

/// Finds the units of other agents: owned units in the messages, the others among the ghosts.
template <class Real, Reach reach = Reach::all>
class Units {
  public:
    static constexpr bool prefetched = reach != Reach::near;
    /// `size` numbers per unit.
    Units(const StepArguments<Real>& arguments, const Real* messages, std::size_t size)
        : bytes_(size * sizeof(Real)),
          first_ghost_(static_cast<std::uint32_t>(arguments.graph->first_ghost())),
          owned_(reinterpret_cast<std::uintptr_t>(messages)),
          ghosts_(reinterpret_cast<std::uintptr_t>(arguments.state->ghosts.data()) -
                  first_ghost_ * bytes_) {}
    const Real* operator[](std::uint32_t unit) const {
        const bool owned = reach != Reach::all || unit < first_ghost_;
        return reinterpret_cast<const Real*>((owned ? owned_ : ghosts_) + unit * bytes_);
    }

  private:
    std::size_t bytes_;
    std::uint32_t first_ghost_;
    std::uintptr_t owned_, ghosts_;
};

/// Positions where the rows of a block begin and end; rows that the block lacks are empty.
class RowBounds {
  public:
    RowBounds(const Buffer<std::uint64_t>& offsets, LocalId first, int count)
        : bounds_(offsets.data() + first) {
        if (count == block_agents) return;
        for (int b = 0; b <= block_agents; ++b) copy_[b] = bounds_[std::min(b, count)];
        bounds_ = copy_;
    }
    std::uint64_t begin(int b) const { return bounds_[b]; }
    std::uint64_t end(int b) const { return bounds_[b + 1]; }
    std::uint64_t length(int b) const { return end(b) - begin(b); }

    template <class Lanes>
    typename Lanes::Vec lengths() const {
        using Counts = Simd<double, block_agents>;
        typename Counts::Bits low, high;
        std::memcpy(&low, bounds_, sizeof(low));
        std::memcpy(&high, bounds_ + 1, sizeof(high));
        return __builtin_convertvector(Counts::from_count(high - low), typename Lanes::Vec);
    }

  private:
    const std::uint64_t* bounds_;
    std::uint64_t copy_[block_agents + 1];
};

/// stock <- lambda sum kappa w s, value <- lambda sum kappa w q; open and scale of every agent.
template <class Real, int W, int Chunks>
class Gather {
    using B = Block<Real, W, Chunks>;
    using V = typename B::V;
    using Vec = typename B::Vec;
    using Lanes = typename B::Lanes;
    using PerAgent = typename B::PerAgent;

  public:
    Gather(const StepArguments<Real>& arguments, const Real* messages, B& block)
        : arguments_(arguments),
          graph_(*arguments.graph),
          openness_(static_cast<Real>(arguments.parameters.openness)),
          messages_(messages),
          block_(block) {}

    void uniform() {
        const auto& rows = graph_.in();
        const RowBounds bounds(rows.offsets, block_.first, block_.count);
        const PerAgent degree = bounds.template lengths<Lanes>();
        const PerAgent survival = Lanes::fill(static_cast<Real>(graph_.survival()));
        block_.open = degree > Lanes::fill(0) ? Lanes::fill(openness_) : Lanes::fill(0);
        block_.scale = degree > Lanes::fill(0) ? survival / degree : Lanes::fill(1);
        mark_relays();
        // Senders scaled their stock by survival / degree; receivers scale the values they get.
        const PerAgent value_scale = block_.open * block_.scale;
        undo_openness();
        const auto sum_all = [&](auto units) {
            for (int b = 0; b < block_agents; b += side_by_side) {
                sum_rows(units, rows.columns.data(), bounds, b, V::fill(openness_), value_scale);
            }
        };
        // The arcs of interior rows lead to owned agents, which are found with half the
        // instructions.
        const std::size_t size = 2 * static_cast<std::size_t>(block_.width());
        if (block_.first + static_cast<LocalId>(block_.count) > graph_.interior()) {
            sum_all(Units<Real>(arguments_, messages_, size));
        } else if (arguments_.state->messages[0].bytes() < prefetched_bytes) {
            sum_all(Units<Real, Reach::near>(arguments_, messages_, size));
        } else {
            sum_all(Units<Real, Reach::owned>(arguments_, messages_, size));
        }
    }

    void weighted() {
        const RowBounds out(graph_.out().offsets, block_.first, block_.count);
        const PerAgent fanout = out.template lengths<Lanes>();
        block_.open = fanout > Lanes::fill(0) ? Lanes::fill(openness_) : Lanes::fill(0);
        block_.scale = Lanes::fill(1);
        mark_relays();
        mark_closed();
        undo_openness();
        const RowBounds in(graph_.in().offsets, block_.first, block_.count);
        for (int b = 0; b < block_agents; ++b) {
            sum_weighted(graph_.in(), in.begin(b), in.end(b), block_.stock, b, V::fill(openness_));
        }
        for (int b = 0; b < block_agents; ++b) {
            sum_weighted(graph_.out(), out.begin(b), out.end(b), block_.value, b,
                         V::fill(block_.open[b]));
        }
    }

    void mean_field() {
        using Double = Simd<double, W>;
        const AgentId others = graph_.agents() - 1;
        const double share = others > 0 ? graph_.survival() / static_cast<double>(others) : 0.0;
        const double openness = others > 0 ? arguments_.parameters.openness : 0.0;
        block_.open = Lanes::fill(static_cast<Real>(openness));
        block_.scale = Lanes::fill(1);
        const int width = block_.width();
        const auto from_others = [&](int b, int at) -> Vec {
            const Vec own = V::load(block_.before + 2 * b * width + at);
            typename Double::Vec total;
            std::memcpy(&total, arguments_.totals + at, sizeof(total));
            const auto rest =
                Double::max(total - __builtin_convertvector(own, typename Double::Vec),
                            Double::fill(0)) *
                Double::fill(share) * Double::fill(openness);
            return __builtin_convertvector(rest, Vec);
        };
        block_.each([&](int b, int k) {
            block_.store(block_.stock, b, k, from_others(b, k));
            block_.store(block_.value, b, k, from_others(b, width + k));
        });
    }

    /// Nothing travels; FlowStages take the means.
    void pool() {
        block_.open = Lanes::fill(0);
        block_.scale = Lanes::fill(1);
        block_.each([&](int b, int k) {
            block_.store(block_.stock, b, k, V::fill(0));
            block_.store(block_.value, b, k, V::fill(0));
        });
    }

  private:
    /// Relays pass everything on.
    void mark_relays() {
        if (!graph_.has_relays()) return;
        for (int b = 0; b < block_.count; ++b) {
            if (is_relay(b)) block_.open[b] = 1;
        }
    }
    /// Agents keep everything while all of their arcs are closed.
    void mark_closed() {
        if (graph_.closed().empty()) return;
        for (int b = 0; b < block_.count; ++b) {
            if (graph_.closed()[block_.first + static_cast<LocalId>(b)] != 0) block_.open[b] = 0;
        }
    }
    /// Receivers take lambda times what they are sent, so what relays send is divided by lambda.
    void undo_openness() {
        if (!graph_.has_relays()) return;
        for (int b = 0; b < block_.count; ++b) {
            if (is_relay(b)) block_.scale[b] *= relay_scale(openness_);
        }
    }
    bool is_relay(int b) const { return graph_.is_relay(block_.first + static_cast<LocalId>(b)); }

    /// Number of agents whose sums are computed side by side, because the additions of one agent
    /// depend on each other.
    static constexpr int side_by_side = Chunks > 0 && Chunks * sizeof(Vec) <= 64 && block_agents > 1
                                            ? 2
                                            : 1;

    /// Sums whole rows (stock | value) for the agents from `first` on.
    template <class U>
    void sum_rows(const U& units, const std::uint32_t* columns, const RowBounds& bounds, int first,
                  Vec stock_scale, PerAgent value_scale) {
        const std::size_t stride = 2 * static_cast<std::size_t>(block_.width());
        const auto put = [&](int b, int c, Vec sum) {
            const int k = (c % block_.chunks()) * W;
            if (c < block_.chunks()) {
                block_.store(block_.stock, b, k, sum * stock_scale);
            } else {
                block_.store(block_.value, b, k, sum * V::fill(value_scale[b]));
            }
        };
        if constexpr (Chunks > 0) {
            constexpr int halves = 2 * Chunks;
            Vec sums[side_by_side][halves] = {};
            std::uint64_t shared = bounds.length(first);
            for (int i = 1; i < side_by_side; ++i) {
                shared = std::min(shared, bounds.length(first + i));
            }
            const auto add = [&](int i, std::uint64_t e) {
                if constexpr (U::prefetched) ask_for(units[columns[e + arcs_ahead]], stride);
                const Real* from = units[columns[e]];
#pragma GCC unroll 8
                for (int c = 0; c < halves; ++c) sums[i][c] += V::load(from + c * W);
            };
            for (std::uint64_t n = 0; n < shared; ++n) {
#pragma GCC unroll 8
                for (int i = 0; i < side_by_side; ++i) add(i, bounds.begin(first + i) + n);
            }
#pragma GCC unroll 8
            for (int i = 0; i < side_by_side; ++i) {
                const std::uint64_t end = bounds.end(first + i);
                for (std::uint64_t e = bounds.begin(first + i) + shared; e < end; ++e) add(i, e);
            }
#pragma GCC unroll 8
            for (int i = 0; i < side_by_side; ++i) {
                for (int c = 0; c < halves; ++c) put(first + i, c, sums[i][c]);
            }
        } else {
            for (int c = 0; c < 2 * block_.chunks(); ++c) {
                Vec sum = {};
                for (std::uint64_t e = bounds.begin(first); e < bounds.end(first); ++e) {
                    sum += V::load(units[columns[e]] + c * W);
                }
                put(first, c, sum);
            }
        }
    }

    /// Sums half rows with the weights of the arcs.
    void sum_weighted(const Rows<Real>& rows, std::uint64_t begin, std::uint64_t end, Real* into,
                      int b, Vec scale) {
        const std::uint32_t* columns = rows.columns.data();
        const Real* weights = rows.weights.data();
        const std::size_t stride = static_cast<std::size_t>(block_.width());
        const Units<Real> units(arguments_, messages_, stride);
        if constexpr (Chunks > 0) {
            Vec sums[Chunks] = {};
            for (std::uint64_t e = begin; e < end; ++e) {
                ask_for(units[columns[e + arcs_ahead]], stride);
                const Real* from = units[columns[e]];
                const Vec weight = V::fill(weights[e]);
                for (int c = 0; c < Chunks; ++c) {
                    sums[c] = V::fma(weight, V::load(from + c * W), sums[c]);
                }
            }
            for (int c = 0; c < Chunks; ++c) block_.store(into, b, c * W, sums[c] * scale);
        } else {
            for (int c = 0; c < block_.chunks(); ++c) {
                Vec sum = {};
                for (std::uint64_t e = begin; e < end; ++e) {
                    sum = V::fma(V::fill(weights[e]), V::load(units[columns[e]] + c * W), sum);
                }
                block_.store(into, b, c * W, sum * scale);
            }
        }
    }

    const StepArguments<Real>& arguments_;
    const LocalGraph<Real>& graph_;
    const Real openness_;
    const Real* messages_;
    B& block_;
};

template <class Real, int W, int Chunks>
void gather(const StepArguments<Real>& arguments, const Real* messages,
            Block<Real, W, Chunks>& block) {
    Gather<Real, W, Chunks> stage(arguments, messages, block);
    switch (arguments.graph->coupling()) {
        case Coupling::uniform:
            return stage.uniform();
        case Coupling::weighted:
            return stage.weighted();
        case Coupling::mean_field:
            return stage.mean_field();
        case Coupling::pool:
            return stage.pool();
    }
}

}  // namespace motley::model

// The stages by which a search for the optimum makes fewer steps: prices and gains look ahead of
// the flows, which lag behind allocations, and allocations have momentum. Symbols are those of
// docs/model.md.
#pragma once

#include "block.hpp"
#include "stages.hpp"

namespace motley::model {

template <class Real, int W, int Chunks>
class AccelerationStages {
    using B = Block<Real, W, Chunks>;
    using V = typename B::V;
    using Vec = typename B::Vec;
    using Lanes = typename B::Lanes;
    using PerAgent = typename B::PerAgent;

  public:
    explicit AccelerationStages(const Parameters& parameters)
        : parameters_(parameters), ahead_(static_cast<Real>(parameters.acceleration.ahead)) {}

    bool on() const {
        return parameters_.acceleration.on && parameters_.adapts && parameters_.rate > 0.0;
    }
    bool looks_ahead() const { return on() && ahead_ > 0; }

    /// ratio <- c / D, with c as it will be when flows have followed. `message` still holds what
    /// the agents sent earlier.
    void foresee_consumption(B& block) {
        const int width = block.width();
        const Vec smallest = V::fill(V::smallest_normal);
        const PerAgent lead = lead_of(block);
        const PerAgent one = Lanes::fill(1);
        const PerAgent unscaled = one / (block.open > Lanes::fill(0) ? block.scale : one);
        block.each([&](int b, int k) {
            const Vec now = block.load(block.stock, b, k);
            const Vec earlier = V::load(block.message + 2 * b * width + k) * V::fill(unscaled[b]);
            const Vec consumed =
                ahead(V::fill(lead[b]), now, earlier) * V::fill(Real{1} - block.open[b]);
            block.store(block.ratio, b, k, V::max(consumed * block.inverse_wanted(b, k), smallest));
        });
    }

    /// gain <- g with the value as it will be when flows have followed.
    void foresee_gain(B& block) {
        const int width = block.width();
        const PerAgent lead = lead_of(block);
        const auto value = [&](int b, int k, Vec now) -> Vec {
            return ahead(V::fill(lead[b]), now, V::load(block.message + (2 * b + 1) * width + k));
        };
        if (parameters_.returns == 1.0) {
            block.each([&](int b, int k) {
                const Vec effect = V::fill(block.resource[b]) * block.a(b, k);
                const Vec now = block.load(block.value, b, k);
                block.store(block.gain, b, k, effect * value(b, k, now));
            });
            return;
        }
        block.each([&](int b, int k) {
            const Vec now = block.load(block.value, b, k);
            const Vec factor = value(b, k, now) / (now > V::fill(0) ? now : V::fill(1));
            block.store(block.gain, b, k, block.load(block.gain, b, k) * factor);
        });
    }

    /// m <- n / (n + 6) m + eta (g / gbar - 1), ratio <- x exp(m), after `find_mean_gain`. Where
    /// the last move went against the gain, sum_k x m (g - gbar) < 0, n starts anew at 0. A task at
    /// the floor has no momentum, and neither has an agent that gains nothing.
    void move(B& block) {
        const Vec clamp = V::fill(static_cast<Real>(adapt_clamp));
        const Vec floor = V::fill(static_cast<Real>(allocation_floor));
        const auto drive = [&](int b, int k) -> Vec {
            return V::fma(block.load(block.gain, b, k), V::fill(block.reference[b]),
                          -V::fill(block.level[b]));
        };
        const PerAgent agreement = block.sums([&](int b, int k) -> Vec {
            return block.x(b, k) * (block.load(block.velocity, b, k) * drive(b, k));
        });
        const PerAgent none = Lanes::fill(0);
        const PerAgent moves = agreement < none ? none : block.moves;
        const PerAgent kept = block.level > none ? moves / (moves + Lanes::fill(slowness)) : none;
        block.moves = moves + Lanes::fill(1);
        block.each_chunk([&](int k) {
            const typename B::BlockVecs factors = V::exp_in_range(block.rows([&](int b) -> Vec {
                const Vec before =
                    block.x(b, k) > floor ? block.load(block.velocity, b, k) : V::fill(0);
                const Vec velocity = V::fma(V::fill(kept[b]), before, drive(b, k));
                const Vec bounded = V::min(V::max(velocity, -clamp), clamp);
                block.store(block.velocity, b, k, bounded);
                return bounded;
            }));
            for (int b = 0; b < block_agents; ++b) {
                block.store(block.ratio, b, k, block.x(b, k) * factors.v[b]);
            }
        });
    }

  private:
    static constexpr Real slowness = 6;

    /// How far each agent looks ahead. Nothing lags for an agent that passes nothing on.
    PerAgent lead_of(const B& block) const {
        return block.open > Lanes::fill(0) ? Lanes::fill(ahead_) : Lanes::fill(0);
    }

    /// `now` and `times` its change, between half and twice of it.
    static Vec ahead(Vec times, Vec now, Vec earlier) {
        const Vec then = V::fma(times, now - earlier, now);
        return V::min(V::max(then, V::fill(Real{0.5}) * now), now + now);
    }

    const Parameters& parameters_;
    const Real ahead_;
};

}  // namespace motley::model

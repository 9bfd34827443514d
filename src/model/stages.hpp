// The stages of a step that follow the gather, each a loop over the agents of one block. Symbols
// are those of docs/model.md.
#pragma once

#include <cmath>

#include "block.hpp"

namespace motley::model {

/// Largest |exponent| of one adaptation step.
constexpr double adapt_clamp = 4.0;

/// How messages are written: through the caches, or past them when they are too many to stay in a
/// cache until neighbours read them.
enum class MessagePath { cached, streaming };

template <class Real, int W, int Chunks>
class Stages {
    using B = Block<Real, W, Chunks>;
    using V = typename B::V;
    using Vec = typename B::Vec;
    using Lanes = typename B::Lanes;
    using PerAgent = typename B::PerAgent;
    using BlockVecs = typename B::BlockVecs;

  public:
    Stages(const Parameters& parameters, MessagePath path)
        : parameters_(parameters), path_(path), rho_(exponent_of(parameters.elasticity)) {}

    /// True when sigma is so far from 1 that one exponential per task gives utility and price.
    bool far_from_one() const { return std::abs(rho_) >= 0.25; }

    // --- produce, receive, consume: y, s, and c / D --------------------------------------------

    /// output <- y, stock <- y, gain <- dy/dx.
    void make(B& block) {
        make_each(block, [&](int b, int k, Vec made) { block.store(block.stock, b, k, made); });
    }

    void produce(B& block) {
        const Vec smallest = V::fill(V::smallest_normal);
        const PerAgent kept = Lanes::fill(1) - block.open;
        make_each(block, [&](int b, int k, Vec made) {
            const Vec stock = made + block.load(block.stock, b, k);
            const Vec consumed = stock * V::fill(kept[b]);
            block.store(block.stock, b, k, stock);
            block.store(block.ratio, b, k, V::max(consumed * block.inverse_wanted(b, k), smallest));
        });
    }

    /// relative <- ln ratio.
    void take_logarithms(B& block) {
        block.each_chunk([&](int k) {
            const BlockVecs logs =
                V::log_of_normal(block.rows([&](int b) { return block.load(block.ratio, b, k); }));
            for (int b = 0; b < block_agents; ++b) block.store(block.relative, b, k, logs.v[b]);
        });
    }

    // --- utility, price, value ------------------------------------------------------------------

    /// ln u = m / rho + log1p(sum_k D expm1(rho l_k - m)) / rho with l = ln(c / D), m = max rho l:
    /// continuous at sigma = 1, where ln u = sum_k D l_k.
    void utility_near_one(B& block) {
        const Real rho = static_cast<Real>(rho_);
        if (rho == 0) {
            block.log_utility = block.sums([&](int b, int k) -> Vec {
                return block.wanted(b, k) * block.load(block.relative, b, k);
            });
            return;
        }
        const Vec absent = V::fill(std::is_same_v<Real, double> ? Real(-1e300) : Real(-1e37));
        const PerAgent shift = block.largests([&](int b, int k) -> Vec {
            const Vec scaled = V::fill(rho) * block.load(block.relative, b, k);
            return block.wanted(b, k) > V::fill(0) ? scaled : absent;
        });
        block.each([&](int b, int k) {
            const Vec scaled = V::fill(rho) * block.load(block.relative, b, k);
            block.store(block.need, b, k, V::expm1(scaled - V::fill(shift[b])));
        });
        const PerAgent total = block.sums(
            [&](int b, int k) -> Vec { return block.wanted(b, k) * block.load(block.need, b, k); });
        // Rounding may take the sum to -1 or below where one task carries everything.
        const PerAgent least = Lanes::fill(Real(-1) + std::numeric_limits<Real>::epsilon());
        block.log_utility = (shift + Lanes::log1p(Lanes::max(total, least))) / Lanes::fill(rho);
    }

    /// need <- p = (u D / c)^(1 / sigma) from ln u.
    void price_from_utility(B& block) {
        const Vec steepness = V::fill(static_cast<Real>(1.0 / parameters_.elasticity));
        const Vec clamp = V::fill(price_clamp<Real>);
        block.level = Lanes::fill(1);
        block.each([&](int b, int k) {
            const Vec exponent =
                (V::fill(block.log_utility[b]) - block.load(block.relative, b, k)) * steepness;
            block.store(block.need, b, k, V::exp_in_range(V::min(V::max(exponent, -clamp), clamp)));
        });
    }

    /// Away from sigma = 1 one exponential per task does both. With the task of the largest
    /// rho l_k as reference (index 0) and t_k = (r_0 / r_k)^(1 / sigma), r = c / D:
    ///   S = sum_k D_k (r_k / r_0) t_k,   ln u = l_0 + ln S / rho,   p_k = t_k S^(1 / (sigma - 1)).
    void find_reference(B& block) {
        const bool smallest = rho_ < 0;
        const Vec absent = V::fill(smallest ? std::numeric_limits<Real>::max()
                                            : -std::numeric_limits<Real>::max());
        const auto present = [&](const Real* array) {
            return [&block, array, absent](int b, int k) -> Vec {
                return block.wanted(b, k) > V::fill(0) ? block.load(array, b, k) : absent;
            };
        };
        if (smallest) {
            block.reference = block.smallests(present(block.ratio));
            block.log_utility = block.smallests(present(block.relative));
        } else {
            block.reference = block.largests(present(block.ratio));
            block.log_utility = block.largests(present(block.relative));
        }
        block.reference = Lanes::fill(1) / block.reference;
    }

    /// need <- t, ratio <- D (r / r_0) t.
    void weigh(B& block) {
        const Vec steepness = V::fill(static_cast<Real>(1.0 / parameters_.elasticity));
        // When t is at the clamp of exp, the product of t and an unbounded ratio would be too
        // large.
        const Vec most = V::fill(std::is_same_v<Real, double> ? Real(1e270) : Real(1e28));
        block.each_chunk([&](int k) {
            const BlockVecs t = V::exp_in_range(block.rows([&](int b) -> Vec {
                const Vec distance =
                    V::fill(block.log_utility[b]) - block.load(block.relative, b, k);
                return V::clamped(distance * steepness);
            }));
            for (int b = 0; b < block_agents; ++b) {
                const Vec share =
                    V::min(block.load(block.ratio, b, k) * V::fill(block.reference[b]), most);
                block.store(block.need, b, k, t.v[b]);
                block.store(block.ratio, b, k, block.wanted(b, k) * (share * t.v[b]));
            }
        });
    }

    /// level <- ln S. What follows from it is a stage of its own, because a function of one number
    /// per agent is a long chain of dependent instructions; those of all blocks overlap.
    void add_up(B& block) {
        block.level = Lanes::log(
            block.sums([&](int b, int k) -> Vec { return block.load(block.ratio, b, k); }));
    }
    /// level <- S^(1 / (sigma - 1)).
    void find_level(B& block) {
        const PerAgent log_total = block.level;
        block.log_utility =
            block.log_utility + log_total * Lanes::fill(Real{1} / static_cast<Real>(rho_));
        const Real power = static_cast<Real>(1.0 / (parameters_.elasticity - 1.0));
        block.level = Lanes::exp(log_total * Lanes::fill(power));
    }

    /// need <- (1 - lambda) p, value <- q, gain <- g.
    void price(B& block) {
        const Vec most = V::fill(std::exp(price_clamp<Real>));
        const Vec least = V::fill(std::exp(-price_clamp<Real>));
        const PerAgent kept = Lanes::fill(1) - block.open;
        block.each([&](int b, int k) {
            const Vec raw = V::fill(block.level[b]) * block.load(block.need, b, k);
            const Vec bounded = V::min(V::max(raw, least), most);
            const Vec price = block.wanted(b, k) > V::fill(0) ? bounded : V::fill(0);
            const Vec own = price * V::fill(kept[b]);
            const Vec value = own + block.load(block.value, b, k);
            block.store(block.need, b, k, own);
            block.store(block.value, b, k, value);
            block.store(block.gain, b, k, block.load(block.gain, b, k) * value);
        });
    }

    /// rewards[row] <- sum_k q y / R.
    void reward(B& block, double* rewards) {
        const PerAgent worth = block.sums([&](int b, int k) -> Vec {
            return block.load(block.value, b, k) * block.load(block.output, b, k);
        });
        for (int b = 0; b < block.count; ++b) {
            const auto resource = static_cast<double>(block.resource[b]);
            rewards[block.first + static_cast<LocalId>(b)] =
                resource > 0.0 ? static_cast<double>(worth[b]) / resource : 0.0;
        }
    }

    // --- send: the rows that neighbours read in the next step -----------------------------------

    void send(B& block) {
        if (path_ == MessagePath::streaming) {
            put_messages(block, [](Real* to, Vec v) { V::stream(to, v); });
        } else {
            put_messages(block, [](Real* to, Vec v) { V::store(to, v); });
        }
    }

    // --- adapt: the replicator equation ---------------------------------------------------------

    /// reference <- eta / sum x g, level <- eta; both are 0 for an agent that gains nothing in any
    /// task, so that its allocation does not change.
    void find_mean_gain(B& block) {
        const PerAgent mean = block.sums(
            [&](int b, int k) -> Vec { return block.x(b, k) * block.load(block.gain, b, k); });
        const PerAgent smallest = Lanes::fill(std::numeric_limits<Real>::min());
        const PerAgent eta = Lanes::fill(static_cast<Real>(parameters_.rate));
        block.reference = mean > smallest ? eta / mean : Lanes::fill(0);
        block.level = mean > smallest ? eta : Lanes::fill(0);
    }

    /// ratio <- x exp(eta (g / mean g - 1)).
    void grow(B& block) {
        const Vec clamp = V::fill(static_cast<Real>(adapt_clamp));
        block.each_chunk([&](int k) {
            const BlockVecs factors = V::exp_in_range(block.rows([&](int b) -> Vec {
                const Vec exponent = V::fma(block.load(block.gain, b, k),
                                            V::fill(block.reference[b]), -V::fill(block.level[b]));
                return V::min(V::max(exponent, -clamp), clamp);
            }));
            for (int b = 0; b < block_agents; ++b) {
                block.store(block.ratio, b, k, block.x(b, k) * factors.v[b]);
            }
        });
    }

    void normalise(B& block) {
        const PerAgent inverse = Lanes::fill(1) / block.sums([&](int b, int k) -> Vec {
            return block.load(block.ratio, b, k);
        });
        const Vec floor = V::fill(static_cast<Real>(allocation_floor));
        block.each([&](int b, int k) {
            const Vec share = block.load(block.ratio, b, k) * V::fill(inverse[b]);
            const Vec floored = V::max(share, floor);
            block.store(block.allocation, b, k, block.a(b, k) > V::fill(0) ? floored : share);
        });
    }

  private:
    /// output <- y, gain <- dy/dx = R a gamma x^(gamma - 1), and `then(b, k, y)`. A task without
    /// capability yields and gains nothing.
    template <class Then>
    [[gnu::always_inline]] void make_each(B& block, Then then) const {
        if (parameters_.returns == 1.0) return make_linearly(block, then);
        const Vec gamma = V::fill(static_cast<Real>(parameters_.returns));
        block.each([&](int b, int k) {
            const Vec x = block.x(b, k);
            const Vec effect = V::fill(block.resource[b]) * block.a(b, k);
            const Vec power = V::exp((gamma - V::fill(1)) * V::log(x));
            const Vec made = effect * x * power;
            block.store(block.output, b, k, made);
            block.store(block.gain, b, k, effect * gamma * power);
            then(b, k, made);
        });
    }
    template <class Then>
    [[gnu::always_inline]] static void make_linearly(B& block, Then then) {
        block.each([&](int b, int k) {
            const Vec effect = V::fill(block.resource[b]) * block.a(b, k);
            const Vec made = effect * block.x(b, k);
            block.store(block.output, b, k, made);
            block.store(block.gain, b, k, effect);
            then(b, k, made);
        });
    }

    template <class Put>
    void put_messages(B& block, Put put) {
        const int width = block.width();
        // In the order of addresses, so that each cache line is written at once.
#pragma GCC unroll 1
        for (int b = 0; b < block_agents; ++b) {
            Real* to = block.message + 2 * b * width;
            const Vec scale = V::fill(block.scale[b]);
            block.each_chunk([&](int k) { put(to + k, block.load(block.stock, b, k) * scale); });
            block.each_chunk([&](int k) { put(to + width + k, block.load(block.value, b, k)); });
        }
    }

    const Parameters& parameters_;
    const MessagePath path_;
    const double rho_;  ///< (sigma - 1) / sigma
};

}  // namespace motley::model

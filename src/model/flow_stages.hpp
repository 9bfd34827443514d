// The stages of a step with own rules of flows (FlowRules), and of a pool. They stand in for the
// stages gather, price and send of the common step. Symbols are those of docs/model.md.
#pragma once

#include "block.hpp"
#include "gather.hpp"
#include "motley/core/exact_lanes.hpp"
#include "stages.hpp"

namespace motley::model {

template <class Real, int W, int Chunks>
class FlowStages {
    using B = Block<Real, W, Chunks>;
    using V = typename B::V;
    using Vec = typename B::Vec;
    using Lanes = typename B::Lanes;
    using PerAgent = typename B::PerAgent;

  public:
    explicit FlowStages(const StepArguments<Real>& arguments)
        : arguments_(arguments),
          graph_(*arguments.graph),
          state_(*arguments.state),
          rules_(arguments.parameters.flows),
          whole_(arguments),
          lanes_(arguments.sums == nullptr ? 0 : static_cast<std::size_t>(state_.width / W)) {
        // The plain gather multiplies by the openness of the receiver; here the sender has done it.
        whole_.parameters.openness = 1.0;
    }
    FlowStages(const FlowStages&) = delete;
    FlowStages& operator=(const FlowStages&) = delete;

    bool on() const { return rules_.on || pool(); }

    /// open <- lambda_i, scale <- lambda_i times that of the plain gather. value <- what a unit
    /// that is passed on is worth. stock <- what arrived, or, if that is not passed on, taken <-
    /// it.
    void gather(const Real* messages, B& block) {
        model::gather(whole_, messages, block);
        if (pool()) return take_means(block);
        for (int b = 0; b < block.count; ++b) block.open[b] *= openness(block.first + row(b));
        block.scale = block.scale * block.open;
        if (rules_.relay) return;
        block.each([&](int b, int k) {
            block.store(block.taken, b, k, block.load(block.stock, b, k));
            block.store(block.stock, b, k, V::fill(0));
        });
    }

    /// taken <- c; c / D where `produce` did not know c.
    void consume(B& block) {
        block.each([&](int b, int k) {
            const Vec kept = block.load(block.stock, b, k) * V::fill(Real{1} - block.open[b]);
            const Vec arrived = block.load(block.taken, b, k);
            block.store(block.taken, b, k, pool() ? arrived : rules_.relay ? kept : kept + arrived);
        });
        if (rules_.relay && !pool()) return;
        const Vec smallest = V::fill(V::smallest_normal);
        block.each([&](int b, int k) {
            const Vec ratio = block.load(block.taken, b, k) * block.inverse_wanted(b, k);
            block.store(block.ratio, b, k, V::max(ratio, smallest));
        });
    }

    /// need <- p; with log welfare p ubar / u_i.
    void price(B& block) {
        const Vec most = V::fill(std::exp(price_clamp<Real>));
        const Vec least = V::fill(std::exp(-price_clamp<Real>));
        const PerAgent factor = welfare_factor(block);
        block.each([&](int b, int k) {
            const Vec raw = V::fill(block.level[b]) * block.load(block.need, b, k);
            const Vec bounded = V::min(V::max(raw, least), most);
            const Vec weighed = V::min(V::fill(factor[b]) * bounded, most);
            block.store(block.need, b, k, block.wanted(b, k) > V::fill(0) ? weighed : V::fill(0));
        });
    }

    /// value <- q, gain <- g. level <- the drive of a chosen openness, which needs p and what came
    /// back: sum_k z (qin - p) / sum_k z q, z what is passed on.
    void value(B& block) {
        if (rules_.openness_rate > 0.0) {
            const auto moved = [&](int b, int k) -> Vec {
                return block.load(block.stock, b, k) *
                       (block.load(block.value, b, k) - block.load(block.need, b, k));
            };
            block.level = block.sums(moved);
        }
        block.each([&](int b, int k) {
            const Vec came = block.load(block.value, b, k);
            const Vec own = block.load(block.need, b, k) * V::fill(Real{1} - block.open[b]);
            const Vec value = pool() ? came : own + came * V::fill(block.open[b]);
            block.store(block.value, b, k, value);
            block.store(block.gain, b, k, block.load(block.gain, b, k) * value);
        });
        if (rules_.openness_rate > 0.0) {
            const PerAgent worth = block.sums([&](int b, int k) -> Vec {
                return block.load(block.stock, b, k) * block.load(block.value, b, k);
            });
            const PerAgent smallest = Lanes::fill(std::numeric_limits<Real>::min());
            block.level = worth > smallest ? block.level / worth : Lanes::fill(0);
        }
        if (state_.received.empty()) return;
        for (int b = 0; b < block.count; ++b) {
            const auto width = static_cast<std::size_t>(block.width());
            Real* to = state_.received.data() + 2 * std::size_t{block.first + row(b)} * width;
            std::copy_n(block.taken + static_cast<std::size_t>(b) * width, width, to);
            std::copy_n(block.value + static_cast<std::size_t>(b) * width, width, to + width);
        }
    }

    /// What each out-arc of the agents is worth, from the value messages that came back along them.
    /// The sum is in the order of tasks.
    void note_arc_worth(const Real* messages, const B& block) {
        const auto& rows = graph_.out();
        const auto width = static_cast<std::size_t>(block.width());
        const Units<Real> units(arguments_, messages, width);
        for (int b = 0; b < block.count; ++b) {
            const LocalId at = block.first + row(b);
            const Real* passed = block.stock + static_cast<std::size_t>(b) * width;
            for (auto e = rows.offsets[at]; e < rows.offsets[at + 1]; ++e) {
                const Real* value = units[rows.columns[e]];
                double worth = 0.0;
                for (std::size_t k = 0; k < width; ++k) {
                    worth += static_cast<double>(passed[k]) * static_cast<double>(value[k]);
                }
                arguments_.arc_worth[e] = worth;
            }
        }
    }

    /// The message: what is passed on, and the value of what the agent gets.
    void send(B& block) {
        const Real* second = rules_.relay ? block.value : block.need;
        const int width = block.width();
        block.each([&](int b, int k) {
            Real* to = block.message + 2 * b * width + k;
            V::store(to, block.load(block.stock, b, k) * V::fill(block.scale[b]));
            V::store(to + width, block.load(second, b, k));
        });
    }

    /// Adds y or p of each agent to the sums that a pool needs within the step.
    void add_up(const B& block) {
        const Real* rows = arguments_.pass == PoolPass::make ? block.output : block.need;
        for (int b = 0; b < block.count; ++b) {
            for (int c = 0; c < block.chunks(); ++c) {
                const Vec row = block.load(rows, b, c * W);
                lanes_[static_cast<std::size_t>(c)].add(
                    __builtin_convertvector(row, typename Simd<double, W>::Vec), sums_of(c));
            }
        }
    }
    /// Must be called after the last block.
    void flush() {
        if (arguments_.sums == nullptr) return;
        for (std::size_t c = 0; c < lanes_.size(); ++c) {
            lanes_[c].flush(sums_of(static_cast<int>(c)));
        }
    }

    /// logit lambda += rate drive, within the clamp of adapt: openness follows what a unit that is
    /// passed on is worth.
    void choose_openness(const B& block) {
        if (!(rules_.openness_rate > 0.0)) return;
        using Bounds = OpennessBounds<Real>;
        const PerAgent clamp = Lanes::fill(static_cast<Real>(adapt_clamp));
        const PerAgent drive = Lanes::min(Lanes::max(block.level, -clamp), clamp);
        const PerAgent factor =
            Lanes::exp(drive * Lanes::fill(static_cast<Real>(rules_.openness_rate)));
        const PerAgent raised = block.open * factor;
        const PerAgent chosen = raised / (Lanes::fill(1) - block.open + raised);
        for (int b = 0; b < block.count; ++b) {
            const LocalId at = block.first + row(b);
            if (graph_.is_relay(at) || !(block.open[b] > 0)) continue;
            state_.openness[at] = std::clamp(chosen[b], Bounds::least, Bounds::most);
        }
    }

  private:
    bool pool() const { return arguments_.pass != PoolPass::none; }
    static LocalId row(int b) { return static_cast<LocalId>(b); }

    std::span<ExactSum> sums_of(int chunk) { return {arguments_.sums + chunk * W, W}; }

    Real openness(LocalId row) const {
        if (graph_.is_relay(row)) return Real{1};
        if (!state_.openness.empty()) return state_.openness[row];
        return static_cast<Real>(arguments_.parameters.openness);
    }

    /// taken <- (1/N) sum_j y_j, value <- (1/N) sum_j p_j, where they are known.
    void take_means(B& block) {
        if (arguments_.pass == PoolPass::make) return;
        using Double = Simd<double, W>;
        const auto mean = [&](int at) -> Vec {
            typename Double::Vec total;
            std::memcpy(&total, arguments_.totals + at, sizeof(total));
            const auto share = total / Double::fill(static_cast<double>(graph_.agents()));
            return __builtin_convertvector(share, Vec);
        };
        const int width = block.width();
        block.each([&](int b, int k) {
            block.store(block.taken, b, k, mean(k));
            if (arguments_.pass == PoolPass::adapt) {
                block.store(block.value, b, k, mean(width + k));
            }
        });
    }

    /// ubar / u_i within the clamp of prices, 1 where the sum of utilities is maximised; hands the
    /// utilities over.
    PerAgent welfare_factor(const B& block) const {
        if (!rules_.log_welfare) return Lanes::fill(1);
        if (arguments_.utility != nullptr) {
            const PerAgent utility = Lanes::exp(block.log_utility);
            for (int b = 0; b < block.count; ++b) {
                const LocalId at = block.first + row(b);
                arguments_.utility[at] =
                    graph_.is_relay(at) ? 0.0 : static_cast<double>(utility[b]);
            }
        }
        const PerAgent clamp = Lanes::fill(price_clamp<Real>);
        const PerAgent mean = Lanes::log(Lanes::fill(static_cast<Real>(rules_.mean_utility)));
        return Lanes::exp(Lanes::min(Lanes::max(mean - block.log_utility, -clamp), clamp));
    }

    const StepArguments<Real>& arguments_;
    const LocalGraph<Real>& graph_;
    State<Real>& state_;
    const FlowRules& rules_;
    StepArguments<Real> whole_;
    std::vector<ExactLanes<W>> lanes_;  ///< a pool's sums over its agents
};

}  // namespace motley::model

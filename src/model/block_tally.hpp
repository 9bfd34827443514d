// The exact sums of a measured step over the agents of a block.
#pragma once

#include <vector>

#include "block.hpp"
#include "motley/core/exact_lanes.hpp"

namespace motley::model {

template <class Real, int W, int Chunks>
class BlockTally {
    using B = Block<Real, W, Chunks>;
    using V = typename B::V;
    using Vec = typename B::Vec;
    using Lanes = typename B::Lanes;
    using PerAgent = typename B::PerAgent;
    using TaskLanes = ExactLanes<W>;
    using AgentLanes = ExactLanes<block_agents>;

  public:
    BlockTally(int width, const Parameters& parameters, const LocalGraph<Real>& graph, Tally& tally)
        : chunks_(width / W),
          parameters_(parameters),
          pool_share_(graph.coupling() == Coupling::pool
                          ? Real{1} / static_cast<Real>(graph.agents())
                          : Real{0}),
          tally_(tally),
          by_task_(static_cast<std::size_t>(4 * chunks_)) {}

    /// Adds the agents of the block, after `price` and before anything is written.
    void add(const B& block) {
        if (by_rules()) {
            add_flows_by_rules(block);
        } else {
            add_flows(block);
        }
        add_entropies(block);
        add_bound(block);
        if (!in_pool()) add_residual(block);
        note_clamped(block);
        for (int b = 0; b < block.count; ++b) add_tasks(block, b);
    }

    /// Adds the collected sums to the tally.
    void flush() {
        for (int i = 0; i < Tally::scalar_count; ++i) {
            scalars_[i].flush(scalar_sum(static_cast<Tally::Scalar>(i)));
        }
        for (int row = 0; row < 4; ++row) {
            for (int c = 0; c < chunks_; ++c) {
                lanes_of(row, c).flush(task_sums(row, c * W));
            }
        }
    }

  private:
    bool in_pool() const { return pool_share_ > 0; }
    /// With own rules of flows the block holds consumption and prices themselves.
    bool by_rules() const { return parameters_.flows.on || in_pool(); }
    bool relays() const { return parameters_.flows.relay; }

    std::span<ExactSum> scalar_sum(Tally::Scalar what) {
        return {&tally_.sums[static_cast<std::size_t>(what)], 1};
    }
    /// The sums of tasks from k on, as many as a vector has lanes; padded tasks have none.
    std::span<ExactSum> task_sums(int row, int k) {
        const int lanes = std::clamp(tally_.tasks - k, 0, W);
        const auto at = static_cast<std::size_t>(Tally::scalar_count + row * tally_.tasks + k);
        return {tally_.sums.data() + at, static_cast<std::size_t>(lanes)};
    }
    TaskLanes& lanes_of(int row, int chunk) {
        return by_task_[static_cast<std::size_t>(row * chunks_ + chunk)];
    }

    void add(const B& block, Tally::Scalar what, PerAgent amounts) {
        scalars_[what].add(__builtin_convertvector(block.only_present(amounts), AgentLanes::Vec),
                           scalar_sum(what));
    }

    static PerAgent total(const B& block, const Real* array) {
        return block.sums([&](int b, int k) -> Vec { return block.load(array, b, k); });
    }
    static Vec earned(const B& block, int b, int k) {
        return block.load(block.value, b, k) * block.load(block.output, b, k);
    }
    /// v ln v, 0 at 0.
    template <class S>
    static typename S::Vec entropy_term(typename S::Vec v) {
        const typename S::Vec term = v * S::log(v);
        return v > S::fill(0) ? term : S::fill(0);
    }

    void add_flows(const B& block) {
        const PerAgent held = total(block, block.stock);
        add(block, Tally::productivity, Lanes::exp(block.log_consumed));
        add(block, Tally::resource, block.resource);
        add(block, Tally::produced, total(block, block.output));
        add(block, Tally::received, block.sums([&](int b, int k) -> Vec {
            return block.load(block.stock, b, k) - block.load(block.output, b, k);
        }));
        add(block, Tally::consumed, (Lanes::fill(1) - block.open) * held);
        add(block, Tally::sent, block.open * held);
    }

    /// Of a pool: all but its own share of what an agent makes goes to others.
    void add_flows_by_rules(const B& block) {
        const PerAgent made = total(block, block.output), taken = total(block, block.taken);
        const PerAgent held = total(block, block.stock);
        add(block, Tally::productivity, Lanes::exp(block.log_consumed));
        add(block, Tally::resource, block.resource);
        add(block, Tally::produced, made);
        add(block, Tally::consumed, taken);
        if (in_pool()) {
            const PerAgent own = made * Lanes::fill(pool_share_);
            add(block, Tally::received, taken - own);
            add(block, Tally::sent, made - own);
        } else {
            // Without relay the stock is what was made, and all that arrived was consumed.
            const PerAgent kept = (Lanes::fill(1) - block.open) * held;
            add(block, Tally::received, relays() ? held - made : taken - kept);
            add(block, Tally::sent, block.open * held);
        }
        if (!parameters_.flows.log_welfare) return;
        // Only relays have no resource; they have no utility either.
        const PerAgent none = Lanes::fill(0);
        const auto host = block.resource > none;
        add(block, Tally::welfare, host ? block.log_consumed : none);
        add(block, Tally::agents, host ? Lanes::fill(1) : none);
    }

    void add_entropies(const B& block) {
        const PerAgent worth = block.sums([&](int b, int k) { return earned(block, b, k); });
        const PerAgent abilities = block.sums([&](int b, int k) -> Vec { return block.a(b, k); });
        add(block, Tally::value, worth);
        add(block, Tally::capability_sum, abilities);
        add(block, Tally::resource_log, entropy_term<Lanes>(block.resource));
        add(block, Tally::value_agent_log, entropy_term<Lanes>(worth));
        add(block, Tally::capability_agent_log, entropy_term<Lanes>(abilities));
        add(block, Tally::effort_log, block.sums([&](int b, int k) -> Vec {
            return entropy_term<V>(V::fill(block.resource[b]) * block.x(b, k));
        }));
        add(block, Tally::value_log,
            block.sums([&](int b, int k) -> Vec { return entropy_term<V>(earned(block, b, k)); }));
        add(block, Tally::capability_log,
            block.sums([&](int b, int k) -> Vec { return entropy_term<V>(block.a(b, k)); }));
    }

    /// Frank-Wolfe gap and dual bound. With gamma <= 1 no allocation can earn more at the values q
    /// than R |a q| with the norm of order 1 / (1 - gamma) (the maximum when gamma = 1).
    void add_bound(const B& block) {
        const auto gain = [&](int b, int k) -> Vec { return block.load(block.gain, b, k); };
        const PerAgent mean =
            block.sums([&](int b, int k) -> Vec { return block.x(b, k) * gain(b, k); });
        add(block, Tally::frank_wolfe, block.largests(gain) - mean);
        note_bounds(block);
        if (parameters_.returns > 1.0) return;
        add(block, Tally::upper, block.resource * norm(block, [&](int b, int k) -> Vec {
                                     return block.a(b, k) * block.load(block.value, b, k);
                                 }));
        add(block, Tally::capability_norm,
            block.resource * norm(block, [&](int b, int k) -> Vec { return block.a(b, k); }));
    }

    /// What a unit of resource of each agent can earn at most: that of its best allocation, or, if
    /// allocations stay, of the one that it has.
    void note_bounds(const B& block) {
        if (tally_.bounds.empty()) return;
        const PerAgent none = Lanes::fill(0);
        PerAgent worth = none, able = none;
        if (!parameters_.adapts) {
            const PerAgent resource = block.resource > none ? block.resource : Lanes::fill(1);
            worth = block.sums([&](int b, int k) { return earned(block, b, k); }) / resource;
            able = total(block, block.output) / resource;
        } else if (parameters_.returns <= 1.0) {
            worth = norm(block, [&](int b, int k) -> Vec {
                return block.a(b, k) * block.load(block.value, b, k);
            });
            able = norm(block, [&](int b, int k) -> Vec { return block.a(b, k); });
        }
        for (int b = 0; b < block.count; ++b) {
            const std::size_t at = 2 * (std::size_t{block.first} + static_cast<std::size_t>(b));
            tally_.bounds[at] = static_cast<double>(worth[b]);
            tally_.bounds[at + 1] = static_cast<double>(able[b]);
        }
    }

    template <class F>
    PerAgent norm(const B& block, F f) const {
        const PerAgent top = block.largests(f);
        if (parameters_.returns == 1.0) return top;
        const double order = 1.0 / (1.0 - parameters_.returns);
        const PerAgent divisor = top > Lanes::fill(0) ? top : Lanes::fill(1);
        const Vec power = V::fill(static_cast<Real>(order));
        const PerAgent sum = block.sums([&](int b, int k) -> Vec {
            const Vec v = f(b, k);
            const Vec raised = V::exp(power * V::log(v / V::fill(divisor[b])));
            return v > V::fill(0) ? raised : V::fill(0);
        });
        return top * Lanes::exp(Lanes::log(sum) * Lanes::fill(static_cast<Real>(1.0 / order)));
    }

    /// Adds how far flows moved since the previous step.
    void add_residual(const B& block) {
        const int width = block.width();
        const auto distance = [](Vec p, Vec q) -> Vec {
            const Vec moved = p - q;
            return V::max(moved, -moved);
        };
        add(block, Tally::residual, block.sums([&](int b, int k) -> Vec {
            const Vec before = V::load(block.before + 2 * b * width + k);
            // What is never sent has no residual.
            if (!(block.scale[b] > 0)) return V::fill(0);
            return block.load(block.value, b, k) *
                   distance(block.load(block.stock, b, k), before / V::fill(block.scale[b]));
        }));
        const Real* sent = relays() ? block.value : block.need;
        const PerAgent change = block.largests([&](int b, int k) -> Vec {
            return distance(block.load(sent, b, k),
                            V::load(block.before + (2 * b + 1) * width + k));
        });
        // Lanes without an agent gather nothing, so their values seem to change; they are left out.
        const double largest = Lanes::largest(block.only_present(change));
        tally_.value_change_max = std::max(tally_.value_change_max, largest);
    }

    /// Counts the agents with a price at its clamp.
    void note_clamped(const B& block) {
        const Vec steepness = V::fill(static_cast<Real>(1.0 / parameters_.elasticity));
        const PerAgent steepest = block.largests([&](int b, int k) -> Vec {
            const Vec exponent =
                (V::fill(block.log_utility[b]) - block.load(block.relative, b, k)) * steepness;
            const Vec size = V::max(exponent, -exponent);
            return block.wanted(b, k) > V::fill(0) ? size : V::fill(0);
        });
        for (int b = 0; b < block.count; ++b) {
            const bool far = parameters_.flows.log_welfare && block.resource[b] > 0 &&
                             std::abs(std::log(parameters_.flows.mean_utility) -
                                      static_cast<double>(block.log_utility[b])) >=
                                 static_cast<double>(price_clamp<Real>);
            tally_.clamped += steepest[b] >= price_clamp<Real> || far ? 1 : 0;
        }
    }

    void add_tasks(const B& block, int b) {
        const Vec effort = V::fill(block.resource[b]);
        for (int c = 0; c < block.chunks(); ++c) {
            const int k = c * W;
            add_task(Tally::effort_row, c, widen(effort) * widen(block.x(b, k)));
            add_task(Tally::value_row, c,
                     widen(block.load(block.value, b, k)) * widen(block.load(block.output, b, k)));
            // (1 - lambda) p, so that p c = price x stock.
            const Real* bought = by_rules() ? block.taken : block.stock;
            add_task(Tally::expenditure_row, c,
                     widen(block.load(block.need, b, k)) * widen(block.load(bought, b, k)));
            add_task(Tally::capability_row, c, widen(block.a(b, k)));
        }
    }
    static typename TaskLanes::Vec widen(Vec v) {
        return __builtin_convertvector(v, typename TaskLanes::Vec);
    }
    void add_task(Tally::Row row, int chunk, typename TaskLanes::Vec amounts) {
        lanes_of(row, chunk).add(amounts, task_sums(row, chunk * W));
    }

    int chunks_;
    const Parameters& parameters_;
    const Real pool_share_;  ///< 1 / N in a pool, else 0
    Tally& tally_;
    AgentLanes scalars_[Tally::scalar_count];
    std::vector<TaskLanes> by_task_;
};

}  // namespace motley::model

// The stages of a step that change what agents can do, and that keep them from giving up a task.
// Symbols are those of docs/model.md.
#pragma once

#include "block.hpp"
#include "stages.hpp"

namespace motley::model {

template <class Real, int W, int Chunks>
class ChangeStages {
    using B = Block<Real, W, Chunks>;
    using V = typename B::V;
    using Vec = typename B::Vec;
    using Lanes = typename B::Lanes;
    using PerAgent = typename B::PerAgent;

  public:
    ChangeStages(const Parameters& parameters, int tasks)
        : parameters_(parameters), rules_(parameters.changes), tasks_(tasks) {}

    bool mutates() const { return rules_.mutation > 0.0; }

    /// x <- (1 - eps) x + eps / (number of tasks that the agent can do); agents without resource
    /// stay as they are.
    [[gnu::noinline, gnu::cold]] void mutate(B& block) {
        const auto able = [&](int b, int k) -> Vec {
            return block.a(b, k) > V::fill(0) ? V::fill(1) : V::fill(0);
        };
        const PerAgent number = block.sums(able);
        const auto eps = static_cast<Real>(rules_.mutation);
        const PerAgent part = Lanes::fill(eps) / Lanes::max(number, Lanes::fill(1));
        block.each([&](int b, int k) {
            const Vec x = block.x(b, k);
            const Vec mixed = V::fill(Real{1} - eps) * x + V::fill(part[b]) * able(b, k);
            const bool acts = number[b] > 0 && block.resource[b] > 0;
            block.store(block.allocation, b, k, acts ? mixed : x);
        });
    }

    /// A <- A exp(mu (h / hbar - 1)), rescaled to its old sum, A = a^p; then at least the floor,
    /// and rescaled again.
    void learn(B& block) {
        const Vec exponent = V::fill(static_cast<Real>(parameters_.learning_exponent));
        const Vec root = V::fill(static_cast<Real>(1.0 / parameters_.learning_exponent));
        const Vec mu = V::fill(static_cast<Real>(parameters_.learning_rate));
        const Vec clamp = V::fill(static_cast<Real>(adapt_clamp));
        const bool marginal = rules_.learning == LearningRule::marginal;
        const auto able = [&](int b, int k) { return block.a(b, k) > V::fill(0); };
        Real* power = block.relative;
        Real* earned = block.gain;
        block.each([&](int b, int k) {
            const Vec raised = V::exp(exponent * V::log(block.a(b, k)));
            const Vec present = able(b, k) ? raised : V::fill(0);
            const Vec worth = block.load(block.value, b, k) * block.load(block.output, b, k);
            const Vec least = V::max(present, V::fill(V::smallest_normal));
            block.store(power, b, k, present);
            block.store(earned, b, k, marginal ? worth / least : worth);
        });
        const PerAgent budget =
            block.sums([&](int b, int k) -> Vec { return block.load(power, b, k); });
        const PerAgent mean = block.sums([&](int b, int k) -> Vec {
            return block.load(power, b, k) * block.load(earned, b, k);
        }) / budget;
        Real* grown = block.ratio;
        block.each([&](int b, int k) {
            const Vec drive = mu * (block.load(earned, b, k) / V::fill(mean[b]) - V::fill(1));
            const Vec factor = V::exp_in_range(V::min(V::max(drive, -clamp), clamp));
            block.store(grown, b, k, block.load(power, b, k) * factor);
        });
        PerAgent scale =
            budget / block.sums([&](int b, int k) -> Vec { return block.load(grown, b, k); });
        if (rules_.floor > 0.0) scale = raise_to_floor(block, budget, scale);
        const PerAgent least = Lanes::fill(std::numeric_limits<Real>::min());
        block.each([&](int b, int k) {
            const Vec learned = V::exp(root * V::log(block.load(grown, b, k) * V::fill(scale[b])));
            const Vec now = able(b, k) ? learned : V::fill(0);
            // The capabilities of an agent that earns nothing do not change.
            if (mean[b] > least[b]) block.store(block.capability, b, k, now);
        });
    }

  private:
    /// ratio <- max(scale ratio, phi budget / K) where the agent is able; returns the new scale.
    [[gnu::noinline, gnu::cold]] PerAgent raise_to_floor(B& block, PerAgent budget,
                                                         PerAgent scale) const {
        const PerAgent floor =
            budget * Lanes::fill(static_cast<Real>(rules_.floor / static_cast<double>(tasks_)));
        block.each([&](int b, int k) {
            const Vec learned = block.load(block.ratio, b, k) * V::fill(scale[b]);
            const Vec raised = V::max(learned, V::fill(floor[b]));
            block.store(block.ratio, b, k, block.a(b, k) > V::fill(0) ? raised : V::fill(0));
        });
        return budget /
               block.sums([&](int b, int k) -> Vec { return block.load(block.ratio, b, k); });
    }

    const Parameters& parameters_;
    const ChangeRules& rules_;
    const int tasks_;  ///< K
};

}  // namespace motley::model

#include "motley/measure/cost_model.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

namespace motley::measure {
namespace {

constexpr std::size_t unknowns = 3;
using Numbers = std::array<double, unknowns>;

/// Which of constant, per_first and per_second may differ from 0.
using Chosen = std::array<bool, unknowns>;

/// Normal equations of rows (1, first, second) / seconds with the right-hand side 1.
class Normal {
  public:
    explicit Normal(std::span<const CostSample> samples) {
        for (const auto& sample : samples) {
            if (!(sample.seconds > 0.0)) continue;
            const Numbers row = {1.0 / sample.seconds, sample.first / sample.seconds,
                                 sample.second / sample.seconds};
            for (std::size_t i = 0; i < unknowns; ++i) {
                for (std::size_t j = 0; j < unknowns; ++j) products_[i][j] += row[i] * row[j];
                sums_[i] += row[i];
            }
            count_ += 1;
        }
    }

    int count() const { return count_; }

    /// Sum of squared relative errors.
    double error(const Numbers& costs) const {
        double sum = count_;
        for (std::size_t i = 0; i < unknowns; ++i) {
            for (std::size_t j = 0; j < unknowns; ++j) {
                sum += costs[i] * costs[j] * products_[i][j];
            }
            sum -= 2.0 * costs[i] * sums_[i];
        }
        return sum;
    }

    /// The best costs of the chosen kinds, or nothing where the samples cannot tell them apart, or
    /// one would not be positive.
    std::optional<Numbers> solve(const Chosen& chosen) const {
        constexpr double tells_apart = 1e-6;
        // Gauss's elimination, of columns that are scaled to the same length.
        std::array<std::array<double, unknowns + 1>, unknowns> rows{};
        Numbers scale{};
        for (std::size_t i = 0; i < unknowns; ++i) {
            if (!chosen[i]) {
                rows[i][i] = 1.0;
                continue;
            }
            if (!(products_[i][i] > 0.0)) return std::nullopt;
            scale[i] = 1.0 / std::sqrt(products_[i][i]);
        }
        for (std::size_t i = 0; i < unknowns; ++i) {
            for (std::size_t j = 0; j < unknowns; ++j) {
                if (chosen[i] && chosen[j]) rows[i][j] = products_[i][j] * scale[i] * scale[j];
            }
            rows[i][unknowns] = sums_[i] * scale[i];
        }
        for (std::size_t i = 0; i < unknowns; ++i) {
            if (rows[i][i] < tells_apart) return std::nullopt;
            for (std::size_t k = 0; k < unknowns; ++k) {
                if (k == i) continue;
                const double factor = rows[k][i] / rows[i][i];
                for (std::size_t j = i; j <= unknowns; ++j) rows[k][j] -= factor * rows[i][j];
            }
        }
        Numbers costs{};
        for (std::size_t i = 0; i < unknowns; ++i) {
            if (!chosen[i]) continue;
            costs[i] = scale[i] * rows[i][unknowns] / rows[i][i];
            if (!(costs[i] > 0.0)) return std::nullopt;
        }
        return costs;
    }

  private:
    std::array<Numbers, unknowns> products_{};
    Numbers sums_{};
    int count_ = 0;
};

Costs fit(std::span<const CostSample> samples, std::span<const Chosen> choices) {
    const Normal normal(samples);
    if (normal.count() == 0) return {};
    Numbers best{};
    double least = normal.error(best);
    for (const Chosen& chosen : choices) {
        const auto costs = normal.solve(chosen);
        constexpr double better = 1e-9;  // of the error of no costs at all
        if (!costs || normal.error(*costs) >= least - better * normal.count()) continue;
        best = *costs;
        least = normal.error(best);
    }
    return {best[0], best[1], best[2], std::sqrt(std::fmax(least, 0.0) / normal.count())};
}

constexpr std::array<Chosen, 7> choices = {{{false, true, true},
                                            {false, true, false},
                                            {false, false, true},
                                            {true, true, true},
                                            {true, true, false},
                                            {true, false, true},
                                            {true, false, false}}};

}  // namespace

Costs fit_costs(std::span<const CostSample> samples) {
    constexpr std::size_t without_constant = 3;
    return fit(samples, std::span(choices).first(without_constant));
}

Costs fit_costs_with_constant(std::span<const CostSample> samples) {
    return fit(samples, choices);
}

double StepWork::seconds(double overlap) const {
    return compute + messages + std::max(way - overlap * interior, 0.0);
}

double step_seconds(std::span<const StepWork> ranks, double overlap) {
    double slowest = 0.0;
    for (const StepWork& work : ranks) slowest = std::max(slowest, work.seconds(overlap));
    return slowest;
}

double fit_overlap(std::span<const OverlapSample> samples) {
    constexpr int parts = 100;
    double best = 0.0, least = std::numeric_limits<double>::infinity();
    for (int part = 0; part <= parts; ++part) {
        const double overlap = static_cast<double>(part) / parts;
        double error = 0.0;
        for (const auto& sample : samples) {
            if (!(sample.seconds > 0.0)) continue;
            const double relative = step_seconds(sample.ranks, overlap) / sample.seconds - 1.0;
            error += relative * relative;
        }
        if (error >= least) continue;
        least = error;
        best = overlap;
    }
    return best;
}

}  // namespace motley::measure

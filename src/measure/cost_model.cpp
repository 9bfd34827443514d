#include "motley/measure/cost_model.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

namespace motley::measure {
namespace {

constexpr std::size_t unknowns = unit_kinds;

/// Which costs may differ from 0.
using Chosen = std::array<bool, unknowns>;

/// Normal equations of rows units / seconds with the right-hand side 1.
class Normal {
  public:
    explicit Normal(std::span<const CostSample> samples) {
        for (const auto& sample : samples) {
            if (!(sample.seconds > 0.0)) continue;
            Units row = sample.units;
            for (double& units : row) units /= sample.seconds;
            for (std::size_t i = 0; i < unknowns; ++i) {
                for (std::size_t j = 0; j < unknowns; ++j) products_[i][j] += row[i] * row[j];
                sums_[i] += row[i];
            }
            count_ += 1;
        }
    }

    int count() const { return count_; }

    /// Sum of squared relative errors.
    double error(const Units& costs) const {
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
    std::optional<Units> solve(const Chosen& chosen) const {
        constexpr double tells_apart = 1e-6;
        // Gauss's elimination, of columns that are scaled to the same length.
        std::array<std::array<double, unknowns + 1>, unknowns> rows{};
        Units scale{};
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
        Units costs{};
        for (std::size_t i = 0; i < unknowns; ++i) {
            if (!chosen[i]) continue;
            costs[i] = scale[i] * rows[i][unknowns] / rows[i][i];
            if (!(costs[i] > 0.0)) return std::nullopt;
        }
        return costs;
    }

  private:
    std::array<Units, unknowns> products_{};
    Units sums_{};
    int count_ = 0;
};

/// What may differ from 0, in the order in which it is preferred: all subsets of the first three
/// kinds, then the same with the last.
constexpr std::array<Chosen, 7> first_kinds = {{{true, true, true},
                                                {true, true, false},
                                                {true, false, true},
                                                {false, true, true},
                                                {true, false, false},
                                                {false, true, false},
                                                {false, false, true}}};

/// What an exchange waits for: its own processor, or a link.
enum class Limit { processor, node, island };

/// Seconds of the slower of the two links.
double on_links(const ExchangeCosts& costs, const RankLoad& load) {
    return std::max(costs.leaving * load.leaving, costs.crossing * load.crossing);
}

Limit limit_of(const ExchangeCosts& costs, const RankLoad& load) {
    const double busy = costs.message * (load.messages - 1.0);
    if (costs.constant + on_links(costs, load) <= busy) return Limit::processor;
    const bool island = costs.crossing * load.crossing > costs.leaving * load.leaving;
    return island ? Limit::island : Limit::node;
}

double squared_error(const ExchangeCosts& costs, std::span<const ExchangeSample> samples) {
    double error = 0.0;
    for (const auto& sample : samples) {
        const double relative = costs.seconds(sample.load) / sample.seconds - 1.0;
        error += relative * relative;
    }
    return error;
}

/// The costs where the samples have the given limits.
ExchangeCosts fit_where(const std::vector<Limit>& limits, std::span<const ExchangeSample> samples,
                        double crossing) {
    std::vector<CostSample> rows;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const auto& [load, seconds] = samples[i];
        switch (limits[i]) {
            case Limit::processor:
                rows.push_back({{load.messages, load.bytes, 0.0, 0.0}, seconds});
                break;
            case Limit::node:
                rows.push_back({{1.0, load.bytes, load.leaving, 1.0}, seconds});
                break;
            case Limit::island:
                rows.push_back({{1.0, load.bytes, 0.0, 1.0}, seconds - crossing * load.crossing});
                break;
        }
    }
    const auto [message, byte, leaving, constant] = fit_costs(rows).per_unit;
    return {.message = message,
            .byte = byte,
            .leaving = leaving,
            .constant = constant,
            .crossing = crossing};
}

}  // namespace

double Costs::predict(const Units& units) const {
    return std::inner_product(units.begin(), units.end(), per_unit.begin(), 0.0);
}

Costs fit_costs(std::span<const CostSample> samples) {
    const Normal normal(samples);
    if (normal.count() == 0) return {};
    Units best{};
    double least = normal.error(best);
    const auto try_kinds = [&](const Chosen& chosen) {
        constexpr double better = 1e-9;  // of the error of no costs at all
        const auto costs = normal.solve(chosen);
        if (!costs || normal.error(*costs) >= least - better * normal.count()) return;
        best = *costs;
        least = normal.error(best);
    };
    for (const Chosen& chosen : first_kinds) try_kinds(chosen);
    for (Chosen chosen : first_kinds) {
        chosen.back() = true;
        try_kinds(chosen);
    }
    try_kinds({false, false, false, true});
    return {best, std::sqrt(std::fmax(least, 0.0) / normal.count())};
}

double ExchangeCosts::processor(const RankLoad& load) const {
    return message * load.messages + byte * load.bytes;
}

double ExchangeCosts::way(const RankLoad& load) const {
    if (load.messages == 0.0) return 0.0;
    return std::max(constant + on_links(*this, load) - message * (load.messages - 1.0), 0.0);
}

ExchangeCosts fit_exchange(std::span<const ExchangeSample> all, double crossing) {
    std::vector<ExchangeSample> samples;
    for (const auto& sample : all) {
        if (sample.seconds > 0.0 && sample.load.messages > 0.0) samples.push_back(sample);
    }
    ExchangeCosts best;
    best.crossing = crossing;
    if (samples.empty()) return best;
    double least = squared_error(best, samples);
    for (const bool several_hide : {false, true}) {
        std::vector<Limit> limits;
        for (const auto& sample : samples) {
            const bool hides = several_hide && sample.load.messages > 1.0;
            limits.push_back(hides ? Limit::processor : Limit::node);
        }
        constexpr int most_turns = 50;
        for (int turn = 0; turn < most_turns; ++turn) {
            const ExchangeCosts costs = fit_where(limits, samples, crossing);
            if (const double error = squared_error(costs, samples); error < least) {
                best = costs;
                least = error;
            }
            std::vector<Limit> next;
            for (const auto& sample : samples) next.push_back(limit_of(costs, sample.load));
            if (next == limits) break;
            limits = std::move(next);
        }
    }
    best.residual = std::sqrt(least / static_cast<double>(samples.size()));
    return best;
}

double StepWork::seconds(double overlap) const {
    return compute + messages + std::max(way - overlap * interior, 0.0);
}

StepWork CostModel::work(const RankLoad& load) const {
    StepWork work;
    work.compute = compute.predict(compute_units(load));
    if (load.agents > 0.0) work.interior = work.compute * load.interior / load.agents;
    work.messages = exchange.processor(load);
    work.way = exchange.way(load);
    return work;
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

#include "motley/experiment/compare/laws.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>

#include "motley/core/nan.hpp"

namespace motley::experiment {
namespace {

std::vector<const ComparedRun*> finished(const Comparison& comparison) {
    std::vector<const ComparedRun*> runs;
    for (const ComparedRun& run : comparison.runs) {
        if (run.state == RunState::done) runs.push_back(&run);
    }
    return runs;
}

/// Values of one measure in several runs.
struct Sample {
    std::vector<double> values;
    double least() const { return *std::ranges::min_element(values); }
    double most() const { return *std::ranges::max_element(values); }
    double mean() const {
        return std::accumulate(values.begin(), values.end(), 0.0) /
               static_cast<double>(values.size());
    }
};

/// Law 1: I rises with P while the system optimises.
std::optional<LawFinding> rise(const std::vector<const ComparedRun*>& runs) {
    Sample rises;
    std::size_t up = 0;
    for (const auto* run : runs) {
        const double rho = run->measure("rise");
        if (std::isnan(rho)) continue;
        rises.values.push_back(rho);
        up += rho > 0.0 ? 1 : 0;
    }
    if (rises.values.empty()) return std::nullopt;
    return LawFinding{
        1, up == rises.values.size(),
        fmt::format("heterogeneity rose with productivity during {} of {} runs (rank correlation "
                    "{:.2f} to {:.2f})",
                    up, rises.values.size(), rises.least(), rises.most())};
}

/// Law 2: the environment bounds heterogeneity. Where the shares of the expenditure are the demand
/// itself (elasticity 1), I_value <= H(D).
std::optional<LawFinding> bound(const std::vector<const ComparedRun*>& runs) {
    constexpr double same = 1e-6, rounding = 1e-9;
    std::size_t below = 0, tied = 0, tied_below = 0;
    Sample shares;
    for (const auto* run : runs) {
        const double value = run->measure("heterogeneity_value");
        const double spent = run->measure("expenditure_entropy");
        const double demanded = run->measure("demand_entropy");
        below += value <= spent + rounding ? 1 : 0;
        if (!(std::abs(spent - demanded) < same) || !(demanded > 0.0)) continue;
        tied += 1;
        tied_below += value <= demanded + rounding ? 1 : 0;
        shares.values.push_back(value / demanded);
    }
    if (runs.empty()) return std::nullopt;
    std::string text = fmt::format(
        "value heterogeneity was at most the entropy of the expenditure in {} of {} runs", below,
        runs.size());
    if (tied > 0) {
        text += fmt::format(
            "; where that is the demand's, it was at most H(D) in {} of {} and reached {:.1f} % to "
            "{:.1f} % of it",
            tied_below, tied, 100.0 * shares.least(), 100.0 * shares.most());
    }
    return LawFinding{2, below == runs.size() && tied_below == tied, text};
}

/// A measure by topology, and by openness.
std::map<std::string, std::map<double, Sample>> by_openness(
    const Comparison& comparison, const std::vector<const ComparedRun*>& runs,
    const char* measure) {
    std::map<std::string, std::map<double, Sample>> samples;
    const auto factor = std::ranges::find(comparison.factors, "model.openness");
    if (factor == comparison.factors.end() || comparison.compared < 0) return samples;
    const auto at = static_cast<std::size_t>(factor - comparison.factors.begin());
    const auto compared = static_cast<std::size_t>(comparison.compared);
    if (at == compared) return samples;
    for (const auto* run : runs) {
        const double value = run->measure(measure);
        if (std::isnan(value)) continue;
        samples[run->levels[compared]][number_of(run->levels[at]).value_or(nan)].values.push_back(
            value);
    }
    return samples;
}

/// Law 3: the balance radius by topology, from the least to the greatest openness, and xi.
std::optional<LawFinding> scale(const Comparison& comparison,
                                const std::vector<const ComparedRun*>& runs) {
    const auto scales = by_openness(comparison, runs, "spatial_scale");
    std::string text;
    bool grows = true;
    for (const auto& [topology, radius] : by_openness(comparison, runs, "balance_radius")) {
        if (radius.size() < 2) continue;
        const double first = radius.begin()->second.mean(), last = radius.rbegin()->second.mean();
        grows = grows && last > first;
        text +=
            fmt::format("{}{} {:.2f} to {:.2f}", text.empty() ? "" : ", ", topology, first, last);
        const auto xi = scales.find(topology);
        if (xi == scales.end() || xi->second.size() < 2) continue;
        text += fmt::format(" ({:.2f} to {:.2f})", xi->second.begin()->second.mean(),
                            xi->second.rbegin()->second.mean());
    }
    if (text.empty()) return std::nullopt;
    return LawFinding{3, grows,
                      "mean balance radius (scale xi) in hops from the least to the greatest "
                      "openness: " +
                          text};
}

/// Law 4: laws 1 and 2 hold for nested systems, and every level has heterogeneity.
std::optional<LawFinding> nesting(const Comparison& comparison,
                                  const std::vector<const ComparedRun*>& runs) {
    std::map<std::string, std::pair<Sample, Sample>> shares;
    bool everywhere = true;
    for (const auto* run : runs) {
        const double between = run->measure("heterogeneity_between");
        const double within = run->measure("heterogeneity_within");
        if (std::isnan(between)) continue;
        everywhere = everywhere && between > 0.0 && within > 0.0;
        const std::string topology =
            comparison.compared < 0 ? std::string("all")
                                    : run->levels[static_cast<std::size_t>(comparison.compared)];
        shares[topology].first.values.push_back(between);
        shares[topology].second.values.push_back(within);
    }
    if (shares.empty()) return std::nullopt;
    std::string text = "heterogeneity between | within the outermost groups, nats: ";
    for (const auto& [topology, parts] : shares) {
        if (&topology != &shares.begin()->first) text += ", ";
        text += fmt::format("{} {:.4f} to {:.4f} | {:.4f} to {:.4f}", topology, parts.first.least(),
                            parts.first.most(), parts.second.least(), parts.second.most());
    }
    return LawFinding{4, everywhere, text};
}

}  // namespace

std::vector<LawFinding> laws(const Comparison& comparison) {
    const auto all = finished(comparison);
    std::vector<LawFinding> findings;
    const auto judge = [&](const std::vector<const ComparedRun*>& runs, const std::string& of) {
        for (auto& found :
             {rise(runs), bound(runs), scale(comparison, runs), nesting(comparison, runs)}) {
            if (!found) continue;
            findings.push_back({found->law, found->holds, of + found->text});
        }
    };
    const auto factor = std::ranges::find(comparison.factors, "preset");
    if (factor == comparison.factors.end()) {
        judge(all, "");
        return findings;
    }
    // Fields differ in what changes by itself, so that each has laws of its own.
    const auto at = static_cast<std::size_t>(factor - comparison.factors.begin());
    std::map<std::string, std::vector<const ComparedRun*>> fields;
    for (const ComparedRun* run : all) fields[run->levels[at]].push_back(run);
    for (const auto& [field, runs] : fields) judge(runs, field + ": ");
    std::ranges::stable_sort(findings, {}, &LawFinding::law);
    return findings;
}

}  // namespace motley::experiment

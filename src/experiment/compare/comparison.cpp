#include "motley/experiment/compare/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "motley/core/nan.hpp"
#include "motley/core/text.hpp"

namespace motley::experiment {
namespace {

std::vector<double> values_of(const std::vector<ComparedRun>& runs, const ComparedCell& cell,
                              std::size_t measure) {
    std::vector<double> values;
    for (const std::int64_t run : cell.runs) {
        values.push_back(runs[static_cast<std::size_t>(run)].measures[measure]);
    }
    return values;
}

std::vector<ComparedCell> cells_of(const job::Compare& job, const std::vector<ComparedRun>& runs) {
    std::vector<ComparedCell> cells(job.baselines.size());
    for (const ComparedRun& run : runs) {
        ComparedCell& cell = cells[static_cast<std::size_t>(run.cell)];
        cell.levels = run.levels;
        cell.baseline = job.baselines[static_cast<std::size_t>(run.cell)];
        if (run.state == RunState::done) cell.runs.push_back(run.number);
        if (run.state != RunState::failed) continue;
        cell.failed += 1;
        cell.reason = run.reason;
    }
    for (ComparedCell& cell : cells) {
        for (std::size_t m = 0; m < measure_columns().size(); ++m) {
            cell.measures.push_back(measure::estimate_mean(values_of(runs, cell, m)));
        }
    }
    return cells;
}

/// Ranks within each group of cells that share their baseline.
void rank_cells(std::vector<ComparedCell>& cells) {
    std::map<std::int64_t, std::vector<std::size_t>> groups;
    for (std::size_t c = 0; c < cells.size(); ++c) groups[cells[c].baseline].push_back(c);
    for (const auto& [baseline, members] : groups) {
        std::vector<double> losses;
        for (const std::size_t c : members) {
            losses.push_back(-cells[c].measure("productivity_per_agent").mean);
        }
        const std::vector<double> ranks = measure::rank_values(losses);
        for (std::size_t i = 0; i < members.size(); ++i) cells[members[i]].rank = ranks[i];
    }
}

/// Productivity per agent of both cells in the replicates that both have finished.
measure::PairedDifference compare_cells(const std::vector<ComparedRun>& runs,
                                        const ComparedCell& cell, const ComparedCell& baseline,
                                        const measure::Bootstrap& bootstrap) {
    const std::size_t index = measure_index("productivity_per_agent");
    std::map<std::int64_t, double> theirs;
    for (const std::int64_t r : baseline.runs) {
        const ComparedRun& run = runs[static_cast<std::size_t>(r)];
        theirs[run.replicate] = run.measures[index];
    }
    std::vector<double> a, b;
    for (const std::int64_t r : cell.runs) {
        const ComparedRun& run = runs[static_cast<std::size_t>(r)];
        const auto pair = theirs.find(run.replicate);
        if (pair == theirs.end()) continue;
        a.push_back(run.measures[index]);
        b.push_back(pair->second);
    }
    return measure::compare_pairs(a, b, bootstrap);
}

void compare_with_baselines(const std::vector<ComparedRun>& runs, std::uint64_t seed,
                            std::vector<ComparedCell>& cells) {
    std::vector<double> p;
    for (std::size_t c = 0; c < cells.size(); ++c) {
        ComparedCell& cell = cells[c];
        p.push_back(nan);
        if (cell.baseline < 0 || cell.baseline == static_cast<std::int64_t>(c)) continue;
        cell.difference = compare_cells(runs, cell, cells[static_cast<std::size_t>(cell.baseline)],
                                        {.seed = seed, .id = c});
        cell.compared = cell.difference.count > 0;
        p.back() = cell.difference.p;
    }
    const std::vector<double> corrected = measure::correct_holm(p);
    for (std::size_t c = 0; c < cells.size(); ++c) cells[c].p_corrected = corrected[c];
}

/// The levels of all factors but the one that is compared, in words.
std::string scope_of(const Comparison& comparison, const ComparedRun& run) {
    std::string scope;
    for (std::size_t f = 0; f < comparison.factors.size(); ++f) {
        if (static_cast<int>(f) == comparison.compared) continue;
        scope += (scope.empty() ? "" : ", ") + comparison.factors[f] + " = " + run.levels[f];
    }
    return scope;
}

void correlate(Comparison& comparison) {
    std::vector<std::string> scopes = {"all"};
    std::map<std::string, std::vector<const ComparedRun*>> runs;
    for (const ComparedRun& run : comparison.runs) {
        if (run.state != RunState::done) continue;
        const std::string scope = scope_of(comparison, run);
        runs["all"].push_back(&run);
        if (scope.empty()) continue;
        if (!runs.contains(scope)) scopes.push_back(scope);
        runs[scope].push_back(&run);
    }
    for (const std::string& scope : scopes) {
        for (const MeasureColumn& column : measure_columns()) {
            if (!column.of_graph) continue;
            std::vector<double> property, productivity;
            for (const ComparedRun* run : runs[scope]) {
                property.push_back(run->measure(column.name));
                productivity.push_back(run->measure("productivity_per_agent"));
            }
            const auto found = measure::correlate_ranks(property, productivity);
            if (found.count > 0) comparison.correlations.push_back({scope, column.name, found});
        }
    }
}

bool has_fewer_runs(const PropertyCorrelation& a, const PropertyCorrelation& b) {
    return a.correlation.count < b.correlation.count;
}

}  // namespace

std::int64_t Comparison::failed() const {
    return std::ranges::count(runs, RunState::failed, &ComparedRun::state);
}

double worst_gap(const Comparison& comparison, const ComparedCell& cell) {
    double worst = 0.0;
    for (const std::int64_t run : cell.runs) {
        const double gap = comparison.runs[static_cast<std::size_t>(run)].measure("gap");
        if (std::isnan(gap)) return nan;
        worst = std::max(worst, gap);
    }
    return worst;
}

std::vector<PropertyCorrelation> closest_properties(const Comparison& comparison) {
    std::vector<PropertyCorrelation> closest;
    const auto& all = comparison.correlations;
    for (auto first = all.begin(); first != all.end();) {
        const auto last = std::find_if(first, all.end(),
                                       [&](const auto& one) { return one.scope != first->scope; });
        const std::int64_t runs = std::max_element(first, last, has_fewer_runs)->correlation.count;
        // Negative where the correlation is not known, or covers fewer than half of the runs.
        const auto strength = [&](const PropertyCorrelation& one) {
            const bool known =
                !std::isnan(one.correlation.rho) && 2 * one.correlation.count >= runs;
            return known ? std::abs(one.correlation.rho) : -1.0;
        };
        const auto best = std::max_element(
            first, last, [&](const auto& a, const auto& b) { return strength(a) < strength(b); });
        if (strength(*best) >= 0.0) closest.push_back(*best);
        first = last;
    }
    return closest;
}

std::vector<ComparedRun> planned_runs(const job::Compare& job) {
    std::vector<ComparedRun> runs;
    for (const job::CompareCell& cell : job.cells) {
        ComparedRun& run = runs.emplace_back();
        run.number = std::ssize(runs) - 1;
        run.name = cell.run.name;
        run.levels = cell.levels;
        run.cell = cell.cell;
        run.replicate = cell.replicate;
        run.seed = cell.run.seed;
    }
    return runs;
}

std::optional<double> number_of(const std::string& level) {
    double number = 0.0;
    if (parse_number(level, number) != NumberFault::none) return std::nullopt;
    return number;
}

Comparison summarise(const job::Compare& job, std::vector<ComparedRun> runs) {
    Comparison comparison;
    comparison.name = job.name;
    comparison.directory = job.output.directory + "/" + job.name;
    comparison.seed = job.seed;
    comparison.factors = job.factors;
    if (!job.cells.empty()) comparison.preset = job.cells.front().run.preset;
    for (const job::CompareCell& cell : job.cells) {
        if (cell.run.preset != comparison.preset) comparison.preset.clear();
    }
    comparison.compared = job.compared;
    comparison.baseline = job.baseline;
    comparison.cells = cells_of(job, runs);
    rank_cells(comparison.cells);
    compare_with_baselines(runs, job.seed, comparison.cells);
    comparison.runs = std::move(runs);
    correlate(comparison);
    return comparison;
}

}  // namespace motley::experiment

#include "motley/experiment/compare/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

namespace motley::experiment {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

double per_agent(const RunResult& result) {
    return result.solution.measures.productivity / static_cast<double>(result.agents);
}

/// Symbols: docs/model.md.
constexpr MeasureColumn table[] = {
    {"agents", "agents", "number of agents N",
     [](const RunResult& r) { return static_cast<double>(r.agents); }},
    {"arcs", "arcs", "number of arcs",
     [](const RunResult& r) { return static_cast<double>(r.arcs); }},
    {"steps", "steps", "adaptation steps made",
     [](const RunResult& r) { return static_cast<double>(r.solution.steps); }},
    {"productivity", "utility", "productivity P: sum of utilities",
     [](const RunResult& r) { return r.solution.measures.productivity; }},
    {"productivity_per_agent", "utility", "productivity per agent P/N", per_agent},
    {"heterogeneity_effort", "nat", "mutual information of agents and tasks, weighted by effort",
     [](const RunResult& r) { return r.solution.measures.heterogeneity_effort; }},
    {"heterogeneity_value", "nat", "mutual information of agents and tasks, weighted by value",
     [](const RunResult& r) { return r.solution.measures.heterogeneity_value; }},
    {"task_entropy", "nat", "entropy of the effort by task",
     [](const RunResult& r) { return r.solution.measures.task_entropy; }},
    {"expenditure_entropy", "nat", "entropy of the expenditure by task",
     [](const RunResult& r) { return r.solution.measures.expenditure_entropy; }},
    {"gap", "1", "certified relative gap to the optimum; not a number where none is proved",
     [](const RunResult& r) { return r.solution.measures.gap; }},
    {"certified", "1", "1 where the gap is at most the one asked for, else 0",
     [](const RunResult& r) { return r.solution.certified ? 1.0 : 0.0; }},
    {"traffic", "output x hops", "amount that crosses edges in a step",
     [](const RunResult& r) { return r.solution.measures.traffic; }},
    {"efficiency", "utility per effort", "productivity per resource P / sum R",
     [](const RunResult& r) {
         return r.solution.measures.productivity / r.solution.measures.resource;
     }},
    {"demand_entropy", "nat", "entropy of the mean demand",
     [](const RunResult& r) { return r.solution.measures.demand_entropy; }},
    {"productivity_per_traffic", "utility per output x hop", "productivity per unit of traffic",
     [](const RunResult& r) {
         const auto& m = r.solution.measures;
         return m.traffic > 0.0 ? m.productivity / m.traffic : nan;
     }},
    {"rise", "1", "rank correlation of productivity and effort heterogeneity during the run",
     [](const RunResult& r) { return r.rise; }},
    {"bound_share", "1", "value heterogeneity over the entropy of the demand",
     [](const RunResult& r) {
         const auto& m = r.solution.measures;
         return m.demand_entropy > 0.0 ? m.heterogeneity_value / m.demand_entropy : nan;
     }},
    {"heterogeneity_between", "nat", "effort heterogeneity between the outermost groups",
     [](const RunResult& r) { return r.levels.empty() ? nan : r.levels.front().effort; }},
    {"heterogeneity_within", "nat", "effort heterogeneity within the outermost groups",
     [](const RunResult& r) {
         return r.levels.empty()
                    ? nan
                    : r.solution.measures.heterogeneity_effort - r.levels.front().effort;
     }},
    {"heterogeneity_innermost", "nat", "effort heterogeneity of agents in their innermost group",
     [](const RunResult& r) { return r.levels.empty() ? nan : r.levels.back().effort; }},
    {"degree", "links", "mean degree", [](const RunResult& r) { return r.graph.degree_mean; },
     true},
    {"degree_deviation", "links", "standard deviation of degrees",
     [](const RunResult& r) { return r.graph.degree_deviation; }, true},
    {"degree_skewness", "1", "skewness of degrees",
     [](const RunResult& r) { return r.graph.degree_skewness; }, true},
    {"clustering", "1", "mean local clustering coefficient",
     [](const RunResult& r) { return r.graph.clustering; }, true},
    {"path_length", "hops", "mean length of shortest paths",
     [](const RunResult& r) { return r.graph.path_length; }, true},
    {"spectral_gap", "1", "1 - second eigenvalue of the random walk",
     [](const RunResult& r) { return r.graph.spectral_gap; }, true},
    {"assortativity", "1", "correlation of degrees at the ends of an edge",
     [](const RunResult& r) { return r.graph.assortativity; }, true},
    {"bisection", "edges per vertex", "edges between two halves (METIS) per vertex",
     [](const RunResult& r) { return r.graph.bisection; }, true},
    {"spatial_scale", "hops", "radius xi that holds most of the heterogeneity, where measured",
     [](const RunResult& r) { return r.spatial.centres > 0 ? r.spatial.scale : nan; }},
};

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
        for (std::size_t m = 0; m < std::size(table); ++m) {
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
        for (const MeasureColumn& column : table) {
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

}  // namespace

std::span<const MeasureColumn> measure_columns() {
    return table;
}

std::size_t measure_index(std::string_view name) {
    const auto* found = std::ranges::find(table, name, &MeasureColumn::name);
    if (found == std::end(table)) throw internal_error("no measure " + std::string(name));
    return static_cast<std::size_t>(found - std::begin(table));
}

std::vector<double> measures_of(const RunResult& result) {
    std::vector<double> measures;
    for (const MeasureColumn& column : table) {
        const double value = column.value(result);
        measures.push_back(std::isnan(value) ? nan : value);
    }
    return measures;
}

std::int64_t Comparison::failed() const {
    return std::ranges::count(runs, RunState::failed, &ComparedRun::state);
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

Comparison summarise(const job::Compare& job, std::vector<ComparedRun> runs) {
    Comparison comparison;
    comparison.name = job.name;
    comparison.directory = job.output.directory + "/" + job.name;
    comparison.seed = job.seed;
    comparison.factors = job.factors;
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

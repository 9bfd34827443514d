// What a comparison found: its runs, and its cells with statistics over replicates.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "motley/experiment/run/run.hpp"
#include "motley/measure/replicate_statistics.hpp"
#include "motley/record/tables.hpp"

namespace motley::experiment {

/// A measure of a finished run: a column of runs.csv. Manifest, runs.csv, summary.csv and
/// compare.h5 all follow the one table of these (measure_columns.cpp).
struct MeasureColumn {
    const char* name;
    const char* unit;
    const char* long_name;
    double (*value)(const RunResult&);
    bool of_graph = false;  ///< a property of the topology rather than of the solution
};
std::span<const MeasureColumn> measure_columns();
/// Position in `measure_columns`; an internal error for a name that is not there.
std::size_t measure_index(std::string_view name);
/// All measures of a run in the order of `measure_columns`; every nan has the same bits.
std::vector<double> measures_of(const RunResult& result);

enum class RunState { open, done, failed };

struct ComparedRun {
    std::int64_t number = 0;  ///< in the order of the design
    std::string name;         ///< its folder, within the folder of the comparison
    std::vector<std::string> levels;
    std::int64_t cell = 0;
    std::int64_t replicate = 0;
    std::uint64_t seed = 0;
    RunState state = RunState::open;
    std::string reason;            ///< why it failed, in one line
    std::vector<double> measures;  ///< when it is done, in the order of `measure_columns`
    std::string state_hash;
    std::string program;  ///< version and commit of the motley that made it

    double measure(std::string_view which) const { return measures.at(measure_index(which)); }
};

/// A combination of levels, with statistics over its finished runs.
struct ComparedCell {
    std::vector<std::string> levels;
    std::int64_t baseline = -1;      ///< the cell that it is compared with; -1: none
    std::vector<std::int64_t> runs;  ///< numbers of the finished ones, by replicate
    std::int64_t failed = 0;
    std::string reason;                           ///< why the last failed run failed
    std::vector<measure::MeanEstimate> measures;  ///< in the order of `measure_columns`
    double rank = 0.0;      ///< by productivity per agent among cells of one baseline, 1: most
    bool compared = false;  ///< it has pairs to compare, and is not the baseline itself
    measure::PairedDifference
        difference;            ///< productivity per agent less that of the baseline, by replicate
    double p_corrected = 0.0;  ///< Holm, over all comparisons of the table

    const measure::MeanEstimate& measure(std::string_view name) const {
        return measures.at(measure_index(name));
    }
};

/// Rank correlation of productivity per agent with a property of the graph.
struct PropertyCorrelation {
    std::string scope;     ///< "all", or the levels of the other factors: "model.openness = 0.3"
    std::string property;  ///< name of the measure
    measure::Correlation correlation;
};

struct Comparison {
    std::string name;
    std::string directory;
    std::string preset;  ///< field of all runs, whose words tables have; empty: none, or several
    std::uint64_t seed = 1;
    std::vector<std::string> factors;
    int compared = -1;     ///< the factor that has a baseline; -1: none
    std::string baseline;  ///< its level
    std::vector<ComparedRun> runs;
    std::vector<ComparedCell> cells;
    std::vector<PropertyCorrelation> correlations;  ///< where graphs were measured
    std::int64_t kept = 0;                          ///< runs that an earlier start had finished
    std::int64_t open = 0;  ///< runs that are still to be made, when it was set aside
    std::string pause;      ///< why it was; there are no cells then

    std::int64_t failed() const;
};

/// The largest gap of the cell's runs; not a number where one of them has none.
double worst_gap(const Comparison& comparison, const ComparedCell& cell);
/// For each scope the graph property whose correlation with productivity is strongest. Properties
/// that fewer than half of the runs have are skipped; a scope without any other is left out.
std::vector<PropertyCorrelation> closest_properties(const Comparison& comparison);

/// All runs of `job`, still open.
std::vector<ComparedRun> planned_runs(const job::Compare& job);
/// Cells and their statistics from `runs`, which are in the order of the design.
Comparison summarise(const job::Compare& job, std::vector<ComparedRun> runs);

/// The number that a level of a factor is, where it is one.
std::optional<double> number_of(const std::string& level);
/// The form of the levels of numeric factors: as the job writes them, or as numbers.
enum class LevelFormat { labels, numbers };
/// A row per run, and a row per cell.
record::Table runs_table(const Comparison& comparison, LevelFormat format);
record::Table summary_table(const Comparison& comparison, LevelFormat format);
/// A row per scope and property.
record::Table correlations_table(const Comparison& comparison);

}  // namespace motley::experiment

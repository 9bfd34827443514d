// A comparison as tables: the columns of runs.csv, summary.csv and compare.h5.
#include <algorithm>

#include "motley/experiment/compare/comparison.hpp"

namespace motley::experiment {
namespace {

using record::Table;
using record::TableColumn;
using record::TableValue;
using Kind = TableColumn::Kind;

/// Adds a column; `value` gives the entry of each of `rows`.
template <class Row, class Value>
void add(Table& table, TableColumn head, const std::vector<Row>& rows, Value value) {
    for (const Row& row : rows) head.values.push_back(value(row));
    table.columns.push_back(std::move(head));
}

TableValue text_of(const std::string& text) {
    return text.empty() ? TableValue() : TableValue(text);
}

template <class Row>
void add_factors(Table& table, const std::vector<std::string>& factors,
                 const std::vector<Row>& rows, LevelFormat format) {
    for (std::size_t f = 0; f < factors.size(); ++f) {
        const bool numeric =
            format == LevelFormat::numbers && std::ranges::all_of(rows, [&](const Row& row) {
                return number_of(row.levels[f]).has_value();
            });
        const TableColumn head{factors[f],
                               numeric ? "1" : "",
                               "level of this factor",
                               numeric ? Kind::real : Kind::text,
                               {}};
        add(table, head, rows, [&](const Row& row) {
            const std::string& label = row.levels[f];
            return numeric ? TableValue(*number_of(label)) : TableValue(label);
        });
    }
}

const char* name_of(RunState state) {
    return state == RunState::done ? "done" : state == RunState::failed ? "failed" : "open";
}

/// Mean and interval of every measure.
void add_estimates(Table& table, const std::vector<ComparedCell>& cells) {
    using Part = double (*)(const measure::MeanEstimate&);
    struct Suffix {
        const char* name;
        const char* long_name;
        Part part;
    };
    constexpr Suffix suffixes[] = {
        {"_mean", "mean over replicates: ", [](const measure::MeanEstimate& e) { return e.mean; }},
        {"_low", "95 % interval, lower end: ",
         [](const measure::MeanEstimate& e) { return e.interval.low; }},
        {"_high", "95 % interval, upper end: ",
         [](const measure::MeanEstimate& e) { return e.interval.high; }},
    };
    for (std::size_t m = 0; m < measure_columns().size(); ++m) {
        const MeasureColumn& column = measure_columns()[m];
        for (const Suffix& suffix : suffixes) {
            const TableColumn head{column.name + std::string(suffix.name),
                                   column.unit,
                                   suffix.long_name + std::string(column.long_name),
                                   Kind::real,
                                   {}};
            add(table, head, cells, [&](const ComparedCell& cell) {
                return cell.runs.empty() ? TableValue() : TableValue(suffix.part(cell.measures[m]));
            });
        }
    }
}

void add_comparisons(Table& table, const std::vector<ComparedCell>& cells) {
    const auto real = [&](const char* name, const char* unit, const char* long_name,
                          double (*value)(const ComparedCell&)) {
        add(table, {name, unit, long_name, Kind::real, {}}, cells, [&](const ComparedCell& cell) {
            return cell.compared ? TableValue(value(cell)) : TableValue();
        });
    };
    add(table, {"pairs", "runs", "replicates compared with the baseline", Kind::integer, {}}, cells,
        [](const ComparedCell& cell) { return TableValue(cell.difference.count); });
    real("difference", "utility", "productivity per agent less that of the baseline, mean of pairs",
         [](const ComparedCell& cell) { return cell.difference.mean; });
    real("difference_low", "utility", "95 % bootstrap interval (BCa) of the difference, lower end",
         [](const ComparedCell& cell) { return cell.difference.interval.low; });
    real("difference_high", "utility", "95 % bootstrap interval (BCa) of the difference, upper end",
         [](const ComparedCell& cell) { return cell.difference.interval.high; });
    real("effect_size", "1", "Cohen's d_z: mean over standard deviation of the paired differences",
         [](const ComparedCell& cell) { return cell.difference.effect; });
    real("p", "1", "two-sided p value of the paired t test",
         [](const ComparedCell& cell) { return cell.difference.p; });
    real("p_holm", "1", "p value corrected for all comparisons of the table (Holm)",
         [](const ComparedCell& cell) { return cell.p_corrected; });
}

}  // namespace

Table runs_table(const Comparison& comparison, LevelFormat format) {
    const std::vector<ComparedRun>& runs = comparison.runs;
    Table table{"runs", "number", {}};
    add(table, {"run", "", "folder of the run", Kind::text, {}}, runs,
        [](const ComparedRun& run) { return TableValue(run.name); });
    add_factors(table, comparison.factors, runs, format);
    add(table, {"replicate", "1", "runs of one replicate share their seed", Kind::integer, {}},
        runs, [](const ComparedRun& run) { return TableValue(run.replicate); });
    add(table, {"seed", "1", "of all random numbers", Kind::integer, {}}, runs,
        [](const ComparedRun& run) { return TableValue(static_cast<std::int64_t>(run.seed)); });
    add(table, {"state", "", "done or failed", Kind::text, {}}, runs,
        [](const ComparedRun& run) { return TableValue(std::string(name_of(run.state))); });
    for (std::size_t m = 0; m < measure_columns().size(); ++m) {
        const MeasureColumn& column = measure_columns()[m];
        add(table, {column.name, column.unit, column.long_name, Kind::real, {}}, runs,
            [&](const ComparedRun& run) {
                return run.state == RunState::done ? TableValue(run.measures[m]) : TableValue();
            });
    }
    add(table, {"state_hash", "", "hash of the final state", Kind::text, {}}, runs,
        [](const ComparedRun& run) { return text_of(run.state_hash); });
    add(table, {"message", "", "why the run failed", Kind::text, {}}, runs,
        [](const ComparedRun& run) { return text_of(run.reason); });
    return table;
}

Table summary_table(const Comparison& comparison, LevelFormat format) {
    const std::vector<ComparedCell>& cells = comparison.cells;
    Table table{"summary", "cell", {}};
    add_factors(table, comparison.factors, cells, format);
    add(table, {"runs", "runs", "finished runs", Kind::integer, {}}, cells,
        [](const ComparedCell& cell) { return TableValue(std::ssize(cell.runs)); });
    add(table, {"failed", "runs", "failed runs", Kind::integer, {}}, cells,
        [](const ComparedCell& cell) { return TableValue(cell.failed); });
    add_estimates(table, cells);
    add(table,
        {"rank",
         "1",
         "by productivity per agent among the cells of one baseline, 1 is the most",
         Kind::real,
         {}},
        cells, [](const ComparedCell& cell) {
            return cell.runs.empty() ? TableValue() : TableValue(cell.rank);
        });
    add_comparisons(table, cells);
    return table;
}

Table correlations_table(const Comparison& comparison) {
    const std::vector<PropertyCorrelation>& found = comparison.correlations;
    Table table{"correlations", "row", {}};
    using Row = PropertyCorrelation;
    add(table, {"scope", "", "which runs", Kind::text, {}}, found,
        [](const Row& row) { return TableValue(row.scope); });
    add(table, {"property", "", "property of the graph", Kind::text, {}}, found,
        [](const Row& row) { return TableValue(row.property); });
    add(table, {"runs", "runs", "runs that have it", Kind::integer, {}}, found,
        [](const Row& row) { return TableValue(row.correlation.count); });
    add(table, {"rho", "1", "Spearman's correlation with productivity per agent", Kind::real, {}},
        found, [](const Row& row) { return TableValue(row.correlation.rho); });
    add(table, {"p", "1", "two-sided p value of no association", Kind::real, {}}, found,
        [](const Row& row) { return TableValue(row.correlation.p); });
    return table;
}

}  // namespace motley::experiment

// The tables of a study, for CSV and HDF5.
#include <fmt/format.h>

#include "phases.hpp"

namespace motley::swarm {
namespace {

using record::Table;
using record::TableColumn;
using record::TableValue;
using Kind = TableColumn::Kind;

/// Adds a column of one value for each row.
template <class Rows, class Get>
void add(Table& table, const char* name, const char* unit, const char* meaning, Kind kind,
         const Rows& rows, Get get) {
    TableColumn column{name, unit, meaning, kind, {}};
    for (const auto& row : rows) column.values.emplace_back(get(row));
    table.columns.push_back(std::move(column));
}

/// The columns that name a setting.
template <class Rows>
void add_setting(Table& table, const job::Swarm& job, const Rows& rows) {
    using Row = typename Rows::value_type;
    add(table, "policy", "", "who reads what", Kind::text, rows,
        [](const Row& row) { return std::string(name_of(row.policy)); });
    add(table, "operator", "", "how packets are combined", Kind::text, rows,
        [](const Row& row) { return std::string(name_of(row.op)); });
    for (std::size_t f = 0; f < job.factors.size(); ++f) {
        const job::SwarmFactor& factor = job.factors[f];
        const bool numeric = !factor.numbers.empty();
        add(table, factor.key.c_str(), numeric ? "1" : "", "level of this factor",
            numeric ? Kind::real : Kind::text, rows, [&](const Row& row) {
                const std::size_t level = job.variants[row.variant].levels[f];
                return numeric ? TableValue(factor.numbers[level])
                               : TableValue(factor.labels[level]);
            });
    }
}

/// One run in tables.
struct RunRow {
    Policy policy;
    Operator op;
    std::size_t variant;
    std::int64_t sites, replicate;
    const SwarmRun* run;
};

std::vector<RunRow> run_rows(const job::Swarm& job, const SwarmStudy& study) {
    std::vector<RunRow> rows;
    const auto replicates = static_cast<std::size_t>(job.replicates);
    for (std::size_t r = 0; r < study.runs.size(); ++r) {
        const CellResult& cell = study.cells[r / replicates];
        rows.push_back({cell.policy, cell.op, cell.variant, cell.spec.sites,
                        static_cast<std::int64_t>(r % replicates), &study.runs[r]});
    }
    return rows;
}

Table runs_table(const job::Swarm& job, const SwarmStudy& study) {
    Table table{"runs", "number", {}};
    const std::vector<RunRow> rows = run_rows(job, study);
    using Row = RunRow;
    add_setting(table, job, rows);
    add(table, "sites", "1", "N", Kind::integer, rows, [](const Row& row) { return row.sites; });
    add(table, "replicate", "1", "runs of one replicate have the same world", Kind::integer, rows,
        [](const Row& row) { return row.replicate; });
    for (std::size_t m = 0; m < measures().size(); ++m) {
        const Measure& measure = measures()[m];
        add(table, measure.name, measure.unit, measure.meaning, Kind::real, rows,
            [m](const Row& row) { return row.run->values[m]; });
    }
    add(table, "state_hash", "", "hash of what all sites believe", Kind::text, rows,
        [](const Row& row) { return fmt::format("{:016x}", row.run->state_hash); });
    return table;
}

/// What differs from the baseline.
void add_comparisons(Table& table, const std::vector<CellResult>& rows) {
    using Row = CellResult;
    const auto real = [&](const char* name, const char* meaning, double (*get)(const Row&)) {
        add(table, name, "1", meaning, Kind::real, rows, [get](const Row& row) {
            return row.difference.count > 0 ? TableValue(get(row)) : TableValue();
        });
    };
    add(table, "pairs_compared", "1", "replicates compared with the baseline", Kind::integer, rows,
        [](const Row& row) { return row.difference.count; });
    real("difference",
         "error (trials, worth) less that of the baseline, mean of the pairs of a replicate",
         [](const Row& row) { return row.difference.mean; });
    real("difference_low", "95 % bootstrap interval (BCa) of the difference, lower end",
         [](const Row& row) { return row.difference.interval.low; });
    real("difference_high", "95 % bootstrap interval (BCa) of the difference, upper end",
         [](const Row& row) { return row.difference.interval.high; });
    real("effect_size", "Cohen's d_z: mean over standard deviation of the paired differences",
         [](const Row& row) { return row.difference.effect; });
    real("p", "two-sided p value of the paired t test",
         [](const Row& row) { return row.difference.p; });
    real("p_holm", "p value corrected for all comparisons of the table (Holm)",
         [](const Row& row) { return row.p_corrected; });
}

Table summary_table(const job::Swarm& job, const SwarmStudy& study) {
    Table table{"summary", "cell", {}};
    const auto& rows = study.cells;
    using Row = CellResult;
    add_setting(table, job, rows);
    add(table, "sites", "1", "N", Kind::integer, rows,
        [](const Row& row) { return row.spec.sites; });
    add(table, "problems", "1", "C", Kind::integer, rows,
        [](const Row& row) { return row.spec.problem_count(); });
    for (std::size_t m = 0; m < measures().size(); ++m) {
        const Measure& measure = measures()[m];
        const std::string mean = std::string(measure.name) + "_mean";
        const std::string low = std::string(measure.name) + "_low";
        const std::string high = std::string(measure.name) + "_high";
        add(table, mean.c_str(), measure.unit, measure.meaning, Kind::real, rows,
            [m](const Row& row) { return row.values[m].mean; });
        add(table, low.c_str(), measure.unit, "lower end of its interval of 95 %", Kind::real, rows,
            [m](const Row& row) { return row.values[m].low; });
        add(table, high.c_str(), measure.unit, "upper end of its interval of 95 %", Kind::real,
            rows, [m](const Row& row) { return row.values[m].high; });
    }
    add_comparisons(table, rows);
    return table;
}

Table growth_table(const job::Swarm& job, const SwarmStudy& study) {
    Table table{"growth", "law", {}};
    const auto& rows = study.growth;
    using Row = Growth;
    add(table, "measure", "", "what grows with the sites", Kind::text, rows,
        [](const Row& row) { return row.measure; });
    add_setting(table, job, rows);
    add(table, "exponent", "1", "measure = factor N^exponent", Kind::real, rows,
        [](const Row& row) { return row.exponent.mean; });
    add(table, "exponent_low", "1", "lower end of its interval of 95 %", Kind::real, rows,
        [](const Row& row) { return row.exponent.low; });
    add(table, "exponent_high", "1", "upper end of its interval of 95 %", Kind::real, rows,
        [](const Row& row) { return row.exponent.high; });
    add(table, "exponent_last", "1", "slope between the two largest sizes", Kind::real, rows,
        [](const Row& row) { return row.last; });
    add(table, "r2", "1", "share of the variance of the logarithms that the law explains",
        Kind::real, rows, [](const Row& row) { return row.r2; });
    add(table, "points", "1", "sizes", Kind::integer, rows,
        [](const Row& row) { return row.points; });
    return table;
}

Table claims_table(const SwarmStudy& study) {
    Table table{"claims", "claim_number", {}};
    const auto& rows = study.claims;
    using Row = Claim;
    add(table, "claim", "", "what is claimed", Kind::text, rows,
        [](const Row& row) { return row.claim; });
    add(table, "verdict", "", "whether it holds here", Kind::text, rows,
        [](const Row& row) { return row.verdict; });
    add(table, "evidence", "", "the numbers", Kind::text, rows,
        [](const Row& row) { return row.evidence; });
    add(table, "mechanism", "", "why", Kind::text, rows,
        [](const Row& row) { return row.mechanism; });
    return table;
}

}  // namespace

std::vector<record::Table> study_tables(const job::Swarm& job, const SwarmStudy& study) {
    std::vector<Table> tables = {runs_table(job, study), summary_table(job, study),
                                 claims_table(study)};
    if (!study.growth.empty()) tables.push_back(growth_table(job, study));
    return tables;
}

}  // namespace motley::swarm

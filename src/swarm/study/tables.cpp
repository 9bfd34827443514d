// The tables of a study, for CSV and HDF5.
#include <cmath>

#include "phases.hpp"

namespace motley::swarm {
namespace {

using record::Table;
using record::TableColumn;
using Kind = TableColumn::Kind;

/// Adds a column of one value for each row.
template <class Rows, class Get>
void add(Table& table, const char* name, const char* unit, const char* meaning, Kind kind,
         const Rows& rows, Get get) {
    TableColumn column{name, unit, meaning, kind, {}};
    for (const auto& row : rows) column.values.emplace_back(get(row));
    table.columns.push_back(std::move(column));
}

double swept(const job::Swarm& job, std::size_t variant) {
    return job.sweep ? job.sweep->values[variant] : std::nan("");
}

/// The columns that name a setting.
template <class Rows>
void add_setting(Table& table, const job::Swarm& job, const Rows& rows) {
    using Row = typename Rows::value_type;
    add(table, "policy", "", "who reads what", Kind::text, rows,
        [](const Row& row) { return std::string(name_of(row.policy)); });
    add(table, "operator", "", "how packets are combined", Kind::text, rows,
        [](const Row& row) { return std::string(name_of(row.op)); });
    add(table, "sweep", "1", "value of the key that is varied", Kind::real, rows,
        [&](const Row& row) { return swept(job, row.variant); });
}

Table cells_table(const job::Swarm& job, const SwarmStudy& study) {
    Table table{"cells", "cell", {}};
    const auto& rows = study.cells;
    using Row = CellResult;
    add_setting(table, job, rows);
    add(table, "sites", "1", "N", Kind::integer, rows,
        [](const Row& row) { return row.spec.sites; });
    add(table, "problems", "1", "C", Kind::integer, rows,
        [](const Row& row) { return row.spec.problem_count(); });
    for (std::size_t m = 0; m < measures().size(); ++m) {
        const Measure& measure = measures()[m];
        const std::string low = std::string(measure.name) + "_low";
        const std::string high = std::string(measure.name) + "_high";
        add(table, measure.name, measure.unit, measure.meaning, Kind::real, rows,
            [m](const Row& row) { return row.values[m].mean; });
        add(table, low.c_str(), measure.unit, "lower end of its interval of 95 %", Kind::real, rows,
            [m](const Row& row) { return row.values[m].low; });
        add(table, high.c_str(), measure.unit, "upper end of its interval of 95 %", Kind::real,
            rows, [m](const Row& row) { return row.values[m].high; });
    }
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
    std::vector<Table> tables = {cells_table(job, study), claims_table(study)};
    if (!study.growth.empty()) tables.push_back(growth_table(job, study));
    return tables;
}

}  // namespace motley::swarm

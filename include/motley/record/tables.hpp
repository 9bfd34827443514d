// Tables of results, written as CSV and as HDF5 with the same columns.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "motley/record/record.hpp"

namespace motley::record {

/// monostate: there is no value. A real number may be nan, which is a value: "does not exist".
using TableValue = std::variant<std::monostate, std::int64_t, double, std::string>;

struct TableColumn {
    enum class Kind { integer, real, text };

    std::string name;
    std::string unit;
    std::string long_name;
    Kind kind = Kind::real;
    std::vector<TableValue> values;
};

struct Table {
    std::string name;       ///< group in the file
    std::string dimension;  ///< coordinate 0, 1, ... of the rows
    std::vector<TableColumn> columns;

    std::int64_t rows() const { return columns.empty() ? 0 : std::ssize(columns.front().values); }
};

/// Not collective. Header row, then one line per row; 17 digits; empty where there is no value.
std::string table_csv(const Table& table);

/// Not collective. An HDF5 file with a group per table, dimension scales, units and long names,
/// that `xarray.open_dataset(path, group=name)` reads. Real numbers that are missing are nan, texts
/// empty; a missing integer is an internal error. Written under a temporary name, synced, renamed;
/// the same tables and attributes give the same bytes.
void write_tables(const std::string& path, const Provenance& attributes,
                  const std::vector<Table>& tables);

}  // namespace motley::record

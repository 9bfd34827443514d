#include "motley/record/tables.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "motley/core/text.hpp"
#include "record/durable_files.hpp"
#include "record/hdf5_layout.hpp"
#include "record/writable_file.hpp"

namespace motley::record {
namespace {

using Kind = TableColumn::Kind;

std::string value_text(const TableValue& value) {
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return std::to_string(*integer);
    if (const auto* text = std::get_if<std::string>(&value)) return csv_field(*text);
    if (const auto* real = std::get_if<double>(&value)) {
        return std::isnan(*real) ? "nan" : fmt::format("{:.17g}", *real);
    }
    return "";
}

void check_rows(const Table& table) {
    for (const TableColumn& column : table.columns) {
        if (std::ssize(column.values) == table.rows()) continue;
        throw internal_error(fmt::format("table {}: column {} has {} values, not {}", table.name,
                                         column.name, column.values.size(), table.rows()));
    }
}

template <class T>
std::vector<T> values_of(const TableColumn& column, const T* missing) {
    std::vector<T> values;
    for (const TableValue& value : column.values) {
        const T* found = std::get_if<T>(&value);
        if (found == nullptr) found = missing;
        if (found == nullptr) throw internal_error("column " + column.name + " lacks a value");
        values.push_back(*found);
    }
    return values;
}

void write_numbers(hid_t file, const TableColumn& column, const std::string& path,
                   const std::string& dimension) {
    const bool integer = column.kind == Kind::integer;
    const auto rows = std::ssize(column.values);
    layout::NewDataset variable;
    variable.shape = {
        path, integer ? hdf5::NumberType::int64 : hdf5::NumberType::float64, rows, 1, 0, 0};
    variable.dimensions = {dimension};
    variable.unit = column.unit;
    variable.long_name = column.long_name;
    layout::add_variable(file, variable);
    hdf5::Handle dataset = hdf5::open_dataset(file, path);
    const auto write = [&](const void* data) {
        hdf5::write_rows(dataset, variable.shape.type, 0, rows, data, path);
    };
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    if (integer) {
        write(values_of<std::int64_t>(column, nullptr).data());
    } else {
        write(values_of<double>(column, &none).data());
    }
    dataset.close("closing dataset " + path);
}

void write_table(hid_t file, const Table& table) {
    const std::string group = "/" + table.name;
    const std::string dimension = group + "/" + table.dimension;
    layout::require_group(file, group);
    std::vector<Written> ignored;
    layout::require_coordinate(file, dimension, "", table.rows(), 0, ignored);
    const std::string empty;
    for (const TableColumn& column : table.columns) {
        const std::string path = group + "/" + column.name;
        if (column.kind == Kind::text) {
            layout::add_text(file, path, dimension, column.long_name,
                             values_of<std::string>(column, &empty));
        } else {
            write_numbers(file, column, path, dimension);
        }
    }
}

/// Adds the path to errors of the file, which do not name it.
Error placed(const Error& error, const std::string& path) {
    return error.where().file.empty() ? Error(error.kind(), error.what(), Where{path}) : error;
}

}  // namespace

std::string table_csv(const Table& table) {
    check_rows(table);
    std::string text;
    for (const TableColumn& column : table.columns) {
        text += (text.empty() ? "" : ",") + csv_field(column.name);
    }
    text += '\n';
    for (std::size_t row = 0; row < static_cast<std::size_t>(table.rows()); ++row) {
        for (const TableColumn& column : table.columns) {
            if (&column != &table.columns.front()) text += ',';
            text += value_text(column.values[row]);
        }
        text += '\n';
    }
    return text;
}

void write_tables(const std::string& path, const Provenance& attributes,
                  const std::vector<Table>& tables) {
    const std::string temporary = path + ".tmp";
    const hdf5::SilentErrors silent;
    try {
        write_file(temporary, "");
        hdf5::WritableFile file = hdf5::WritableFile::create(temporary);
        for (const auto& [name, value] : attributes) hdf5::write_attribute(file, name, value);
        for (const Table& table : tables) {
            check_rows(table);
            write_table(file, table);
        }
        file.close("closing the file");
        sync_file(temporary);
        rename_durably(temporary, path);
    } catch (const Error& error) {
        remove_quietly(temporary);
        throw placed(error, path);
    }
}

}  // namespace motley::record

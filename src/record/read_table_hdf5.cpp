// Tables per agent from HDF5, read a bounded number of rows at a time.
#include <algorithm>

#include "record/hdf5.hpp"
#include "record/hdf5_layout.hpp"
#include "record/table_rows.hpp"

namespace motley::record {
namespace {

constexpr std::int64_t slab_numbers = std::int64_t{1} << 20;

std::vector<std::int64_t> extent_of(hid_t dataset) {
    const hdf5::Handle space{H5Dget_space(dataset), H5Sclose, "H5Dget_space"};
    const int rank = hdf5::check(H5Sget_simple_extent_ndims(space), "H5Sget_simple_extent_ndims");
    std::vector<hsize_t> extent(static_cast<std::size_t>(rank));
    hdf5::check(H5Sget_simple_extent_dims(space, extent.data(), nullptr),
                "H5Sget_simple_extent_dims");
    return {extent.begin(), extent.end()};
}

std::string shape_text(const std::vector<std::int64_t>& extent) {
    std::string text;
    for (const auto length : extent) {
        if (!text.empty()) text += " x ";
        text += std::to_string(length);
    }
    return text.empty() ? "a single value" : text;
}

hdf5::Handle open_values(hid_t file, std::int64_t width) {
    if (!layout::exists(file, "/values")) {
        throw input_error("the HDF5 file has no dataset 'values' (agents x " +
                          std::to_string(width) + ")");
    }
    hdf5::Handle values = hdf5::open_dataset(file, "/values");
    const H5T_class_t kind = hdf5::class_of(values);
    if (kind != H5T_FLOAT && kind != H5T_INTEGER) {
        throw input_error("dataset 'values' does not hold numbers");
    }
    const auto extent = extent_of(values);
    const bool matrix = extent.size() == 2 && extent[1] == width;
    const bool vector = extent.size() == 1 && width == 1;
    if (!matrix && !vector) {
        throw input_error("dataset 'values' is " + shape_text(extent) + ", it must be agents x " +
                          std::to_string(width));
    }
    return values;
}

/// Ids of the rows in file order; empty when the rows are in the order of ids.
std::vector<std::int64_t> row_ids(hid_t file, std::int64_t rows, AgentId agents) {
    if (!layout::exists(file, "/agent")) {
        if (rows == agents) return {};
        throw input_error("dataset 'values' has " + std::to_string(rows) + " rows, there are " +
                          std::to_string(agents) + " agents");
    }
    const hdf5::Handle dataset = hdf5::open_dataset(file, "/agent");
    if (hdf5::class_of(dataset) != H5T_INTEGER) {
        throw input_error("dataset 'agent' must hold the ids of the agents as integers");
    }
    const auto extent = extent_of(dataset);
    if (extent != std::vector<std::int64_t>{rows}) {
        throw input_error("dataset 'agent' is " + shape_text(extent) + ", 'values' has " +
                          std::to_string(rows) + " rows");
    }
    std::vector<std::int64_t> ids(static_cast<std::size_t>(rows));
    hdf5::read_rows(dataset, hdf5::NumberType::int64, 0, rows, ids.data(), "/agent");
    return ids;
}

void read_values(const std::string& path, hid_t file, std::int64_t width, AgentId agents,
                 TableRows& rows) {
    const hdf5::Handle values = open_values(file, width);
    const std::int64_t count = extent_of(values).front();
    const auto ids = row_ids(file, count, agents);
    const std::int64_t slab = std::max<std::int64_t>(1, slab_numbers / width);
    const TablePosition place{path};
    std::vector<double> numbers;
    for (std::int64_t first = 0; first < count; first += slab) {
        const std::int64_t now = std::min(slab, count - first);
        numbers.resize(static_cast<std::size_t>(now * width));
        hdf5::read_rows(values, hdf5::NumberType::float64, first, now, numbers.data(), "/values");
        for (std::int64_t row = first; row < first + now; ++row) {
            rows.begin_row(ids.empty() ? row : ids[static_cast<std::size_t>(row)], place);
            for (std::int64_t c = 0; c < width; ++c) {
                const double value = numbers[static_cast<std::size_t>((row - first) * width + c)];
                // The place is put into words only for a number that is refused.
                const bool good = value >= 0.0 && value <= 1.7976931348623157e308;
                rows.set(c, value,
                         good ? std::string()
                              : "'values', row " + std::to_string(row) + ", column " +
                                    std::to_string(c) + ": the number",
                         place);
            }
        }
    }
}

}  // namespace

void read_hdf5_table(const std::string& path, std::int64_t width, AgentId agents, TableRows& rows) {
    const hdf5::SilentErrors silent;
    try {
        const hdf5::Handle access = hdf5::property_list(H5P_FILE_ACCESS);
        const hdf5::Handle file{H5Fopen(path.c_str(), H5F_ACC_RDONLY, access), H5Fclose,
                                "opening the HDF5 file"};
        read_values(path, file, width, agents, rows);
    } catch (const Error& error) {
        if (!error.where().file.empty()) throw;
        throw input_error(error.what(), Where{path});
    }
}

}  // namespace motley::record

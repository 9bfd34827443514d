// Makes the structure of run.h5: groups, dimension scales, empty datasets. Rank 0 alone does it, so
// that the structure is the same for any number of ranks, and only one rank can fail. Not
// collective.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "record/block_writer.hpp"
#include "record/hdf5.hpp"

namespace motley::record::layout {

/// A dataset to be made: `dimensions` are paths of dimension scales, one per axis.
struct NewDataset {
    DatasetShape shape;
    std::vector<std::string> dimensions;
    std::string unit;
    std::string long_name;
};

/// Whole chunks of about 256 KB, no longer than the dataset; 0 (contiguous) when not compressed.
std::int64_t chunk_rows(std::int64_t rows, std::int64_t width, hdf5::NumberType type,
                        int compression);

/// Opens the group, making it and its parents where they are missing.
hdf5::Handle require_group(hid_t file, const std::string& path);
bool exists(hid_t file, const std::string& path);

/// Makes a dataset whose space is reserved at once when it is contiguous. Without dimensions it
/// will become a dimension scale.
void add_variable(hid_t file, const NewDataset& variable);
/// Makes a dataset a dimension scale called by the last part of its path.
void make_scale(hid_t file, const std::string& path);
/// Makes a dimension with a length but no values (as netCDF stores it), unless it exists.
void require_dimension(hid_t file, const std::string& path, std::int64_t length);
/// Makes a dimension with the values 0, 1, 2, ..., unless it exists; adds its rows to `log`.
void require_coordinate(hid_t file, const std::string& path, const std::string& long_name,
                        std::int64_t length, int compression, std::vector<Written>& log);
/// Adds variable-length strings along a dimension.
void add_text(hid_t file, const std::string& path, const std::string& dimension,
              const std::string& long_name, const std::vector<std::string>& text);
std::vector<std::string> read_text(hid_t file, const std::string& path);

/// Bytes that `variables` need at most beyond their contiguous data: headers, attributes, indices.
std::int64_t metadata_bytes(const std::vector<NewDataset>& variables);

}  // namespace motley::record::layout

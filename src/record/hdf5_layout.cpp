// Groups, scales and datasets the way netCDF readers expect them.
#include "record/hdf5_layout.hpp"

#include <hdf5_hl.h>

#include <algorithm>
#include <cstdio>
#include <numeric>

#include "record/chunk_writer.hpp"

namespace motley::record::layout {
namespace {

constexpr std::int64_t chunk_target = std::int64_t{256} << 10;
constexpr std::int64_t coordinate_slab = std::int64_t{1} << 20;

/// A list without times of objects, which would make two files of one run differ.
hdf5::Handle creation_list() {
    hdf5::Handle list = hdf5::property_list(H5P_DATASET_CREATE);
    hdf5::check(H5Pset_obj_track_times(list, false), "H5Pset_obj_track_times");
    hdf5::check(H5Pset_fill_time(list, H5D_FILL_TIME_NEVER), "H5Pset_fill_time");
    return list;
}

hdf5::Handle create(hid_t file, const std::string& path, hid_t type, hid_t space, hid_t creation) {
    return {H5Dcreate2(file, path.c_str(), type, space, H5P_DEFAULT, creation, H5P_DEFAULT),
            H5Dclose, "creating dataset " + path};
}

void set_scale(hid_t dataset, const std::string& name) {
    hdf5::check(H5DSset_scale(dataset, name.c_str()), "H5DSset_scale");
}

void attach(hid_t file, hid_t dataset, const std::string& scale, unsigned axis) {
    const hdf5::Handle dimension = hdf5::open_dataset(file, scale);
    hdf5::check(H5DSattach_scale(dataset, dimension, axis), "H5DSattach_scale");
}

std::vector<hsize_t> extent_of(const NewDataset& variable) {
    std::vector<hsize_t> extent{static_cast<hsize_t>(variable.shape.rows)};
    if (variable.dimensions.size() > 1) {
        extent.push_back(static_cast<hsize_t>(variable.shape.width));
    }
    return extent;
}

std::string last_part(const std::string& path) {
    return path.substr(path.rfind('/') + 1);
}

void write_description(hid_t dataset, const std::string& unit, const std::string& long_name) {
    if (!unit.empty()) hdf5::write_attribute(dataset, "units", unit);
    if (!long_name.empty()) hdf5::write_attribute(dataset, "long_name", long_name);
}

}  // namespace

std::int64_t chunk_rows(std::int64_t rows, std::int64_t width, hdf5::NumberType type,
                        int compression) {
    if (compression == 0 || rows == 0 || width == 0) return 0;
    const std::int64_t row_bytes = width * static_cast<std::int64_t>(hdf5::size_of(type));
    return std::clamp<std::int64_t>(chunk_target / row_bytes, 1, rows);
}

bool exists(hid_t file, const std::string& path) {
    for (std::size_t at = path.find('/', 1); at != std::string::npos; at = path.find('/', at + 1)) {
        const std::string part = path.substr(0, at);
        if (hdf5::check(H5Lexists(file, part.c_str(), H5P_DEFAULT), "looking for " + part) == 0) {
            return false;
        }
    }
    return hdf5::check(H5Lexists(file, path.c_str(), H5P_DEFAULT), "looking for " + path) > 0;
}

hdf5::Handle require_group(hid_t file, const std::string& path) {
    if (exists(file, path)) {
        return {H5Gopen2(file, path.c_str(), H5P_DEFAULT), H5Gclose, "opening group " + path};
    }
    const auto slash = path.rfind('/');
    if (slash != std::string::npos && slash > 0) require_group(file, path.substr(0, slash));
    const hdf5::Handle creation = hdf5::property_list(H5P_GROUP_CREATE);
    hdf5::check(H5Pset_link_creation_order(creation, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED),
                "H5Pset_link_creation_order");
    hdf5::check(H5Pset_obj_track_times(creation, false), "H5Pset_obj_track_times");
    return {H5Gcreate2(file, path.c_str(), H5P_DEFAULT, creation, H5P_DEFAULT), H5Gclose,
            "creating group " + path};
}

void add_variable(hid_t file, const NewDataset& variable) {
    const hdf5::Handle creation = creation_list();
    if (variable.shape.chunk_rows > 0) {
        set_filters(creation, variable.shape);
    } else {
        hdf5::check(H5Pset_alloc_time(creation, H5D_ALLOC_TIME_EARLY), "H5Pset_alloc_time");
    }
    const hdf5::Handle space = hdf5::dataspace(extent_of(variable));
    const std::string& path = variable.shape.path;
    if (exists(file, path)) throw internal_error("run file: " + path + " is written twice");
    hdf5::Handle dataset =
        create(file, path, hdf5::file_type(variable.shape.type), space, creation);
    for (unsigned axis = 0; axis < variable.dimensions.size(); ++axis) {
        if (variable.dimensions[axis] != path) {
            attach(file, dataset, variable.dimensions[axis], axis);
        }
    }
    write_description(dataset, variable.unit, variable.long_name);
    dataset.close("closing dataset " + path);
}

void make_scale(hid_t file, const std::string& path) {
    set_scale(hdf5::open_dataset(file, path), last_part(path));
}

void require_dimension(hid_t file, const std::string& path, std::int64_t length) {
    if (exists(file, path)) return;
    const hdf5::Handle creation = creation_list();
    const hdf5::Handle space = hdf5::dataspace({static_cast<hsize_t>(length)});
    // The netCDF library recognises a dimension without a variable by this type and name. It
    // never takes space.
    hdf5::Handle dataset = create(file, path, H5T_IEEE_F32BE, space, creation);
    char name[80];
    std::snprintf(name, sizeof name, "This is a netCDF dimension but not a netCDF variable.%10lld",
                  static_cast<long long>(length));
    set_scale(dataset, name);
    dataset.close("closing dimension " + path);
}

void require_coordinate(hid_t file, const std::string& path, const std::string& long_name,
                        std::int64_t length, int compression, std::vector<Written>& log) {
    if (exists(file, path)) return;
    NewDataset variable;
    variable.shape = {path,
                      hdf5::NumberType::int64,
                      length,
                      1,
                      chunk_rows(length, 1, hdf5::NumberType::int64, compression),
                      compression};
    variable.dimensions = {path};
    variable.long_name = long_name;
    add_variable(file, variable);
    make_scale(file, path);
    hdf5::Handle dataset = hdf5::open_dataset(file, path);
    std::vector<std::int64_t> values;
    for (std::int64_t first = 0; first < length; first += coordinate_slab) {
        const std::int64_t count = std::min(coordinate_slab, length - first);
        values.resize(static_cast<std::size_t>(count));
        std::iota(values.begin(), values.end(), first);
        hdf5::write_rows(dataset, hdf5::NumberType::int64, first, count, values.data(), path);
        log.push_back(describe_rows(variable.shape, dataset, first, count, values.data()));
    }
    dataset.close("closing dataset " + path);
}

void add_text(hid_t file, const std::string& path, const std::string& dimension,
              const std::string& long_name, const std::vector<std::string>& text) {
    const hdf5::Handle creation = creation_list();
    // Pointers to strings must never be read before they are written.
    hdf5::check(H5Pset_fill_time(creation, H5D_FILL_TIME_IFSET), "H5Pset_fill_time");
    const hdf5::Handle type = hdf5::text_type();
    const hdf5::Handle space = hdf5::dataspace({static_cast<hsize_t>(text.size())});
    hdf5::Handle dataset = create(file, path, type, space, creation);
    attach(file, dataset, dimension, 0);
    write_description(dataset, "", long_name);
    std::vector<const char*> pointers;
    for (const auto& line : text) pointers.push_back(line.c_str());
    hdf5::check(H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()),
                "writing dataset " + path);
    dataset.close("closing dataset " + path);
}

std::vector<std::string> read_text(hid_t file, const std::string& path) {
    const hdf5::Handle dataset = hdf5::open_dataset(file, path);
    const hdf5::Handle space{H5Dget_space(dataset), H5Sclose, "H5Dget_space"};
    const auto count = hdf5::check(H5Sget_simple_extent_npoints(space), "H5Sget_extent_npoints");
    const hdf5::Handle type = hdf5::text_type();
    std::vector<char*> pointers(static_cast<std::size_t>(count), nullptr);
    if (count == 0) return {};
    hdf5::check(H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()),
                "reading dataset " + path);
    std::vector<std::string> text;
    for (const char* pointer : pointers) text.emplace_back(pointer == nullptr ? "" : pointer);
    hdf5::check(H5Dvlen_reclaim(type, space, H5P_DEFAULT, pointers.data()), "H5Dvlen_reclaim");
    return text;
}

std::int64_t metadata_bytes(const std::vector<NewDataset>& variables) {
    std::int64_t bytes = std::int64_t{64} << 10;
    for (const auto& variable : variables) {
        bytes += 4096;
        if (variable.shape.chunk_rows > 0) {
            bytes += 128 * (variable.shape.rows / variable.shape.chunk_rows + 1);
        }
    }
    return bytes;
}

}  // namespace motley::record::layout

// The HDF5 C API behind checked handles.
#include "record/hdf5.hpp"

#include <algorithm>
#include <atomic>
#include <memory>

namespace motley::record::hdf5 {
namespace {

herr_t collect(unsigned /*depth*/, const H5E_error2_t* entry, void* out) {
    if (entry->desc != nullptr) static_cast<std::vector<std::string>*>(out)->push_back(entry->desc);
    return 0;
}

/// Returns the operating system's message without the addresses and times that HDF5 puts around it.
std::string readable(const std::string& description) {
    constexpr std::string_view key = "error message = '";
    const auto at = description.find(key);
    if (at == std::string::npos) return description;
    const auto begin = at + key.size();
    const auto end = description.find('\'', begin);
    return description.substr(0, description.find(':')) + ": " +
           description.substr(begin, end == std::string::npos ? end : end - begin);
}

Handle memory_space(hid_t file_space, std::int64_t count) {
    hsize_t extent[2] = {0, 0};
    const int rank = check(H5Sget_simple_extent_dims(file_space, extent, nullptr), "H5Sget_extent");
    extent[0] = static_cast<hsize_t>(count);
    return {H5Screate_simple(rank, extent, nullptr), H5Sclose, "H5Screate_simple"};
}

}  // namespace

std::string error_text() {
    std::vector<std::string> lines;
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, collect, &lines);
    H5Eclear2(H5E_DEFAULT);
    if (lines.empty()) return "HDF5 gives no reason";
    const std::string inner = readable(lines.front());
    if (lines.size() == 1 || lines.back() == lines.front()) return inner;
    return inner + " (" + readable(lines.back()) + ")";
}

void fail(std::string_view what) {
    throw storage_error(std::string(what) + ": " + error_text());
}

SilentErrors::SilentErrors() {
    H5Eget_auto2(H5E_DEFAULT, &printer_, &data_);
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

SilentErrors::~SilentErrors() {
    H5Eset_auto2(H5E_DEFAULT, printer_, data_);
}

void Handle::close(std::string_view what) {
    if (id_ < 0) return;
    const hid_t id = std::exchange(id_, H5I_INVALID_HID);
    check(closer_(id), what);
}

void Handle::reset() noexcept {
    if (id_ >= 0) closer_(id_);
    id_ = H5I_INVALID_HID;
}

hid_t file_type(NumberType type) {
    if (type == NumberType::int64) return H5T_STD_I64LE;
    return type == NumberType::float64 ? H5T_IEEE_F64LE : H5T_IEEE_F32LE;
}

hid_t memory_type(NumberType type) {
    if (type == NumberType::int64) return H5T_NATIVE_INT64;
    return type == NumberType::float64 ? H5T_NATIVE_DOUBLE : H5T_NATIVE_FLOAT;
}

std::size_t size_of(NumberType type) {
    return type == NumberType::float32 ? 4 : 8;
}

Handle access_list() {
    Handle list = property_list(H5P_FILE_ACCESS);
    // No other program opens the file; locks would only fail on file systems without locks.
    check(H5Pset_file_locking(list, 0, 1), "H5Pset_file_locking");
    // Attributes longer than 64 KB and creation order need the format of HDF5 1.8.
    check(H5Pset_libver_bounds(list, H5F_LIBVER_V18, H5F_LIBVER_V18), "H5Pset_libver_bounds");
    // A forgotten handle makes the close fail instead of leaving the file open.
    check(H5Pset_fclose_degree(list, H5F_CLOSE_SEMI), "H5Pset_fclose_degree");
    return list;
}

Handle open_file(const std::string& path) {
    const Handle access = access_list();
    return {H5Fopen(path.c_str(), H5F_ACC_RDONLY, access), H5Fclose, "opening the file"};
}

Handle create_file_in_memory() {
    const Handle access = property_list(H5P_FILE_ACCESS);
    check(H5Pset_fapl_core(access, std::size_t{1} << 20, false), "H5Pset_fapl_core");
    static std::atomic<unsigned> count{0};  // HDF5 takes two open files of one name for one file
    const std::string name = "motley-filters-" + std::to_string(count++);
    return {H5Fcreate(name.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access), H5Fclose,
            "creating a file in memory"};
}

Handle property_list(hid_t kind) {
    return {H5Pcreate(kind), H5Pclose, "H5Pcreate"};
}

Handle dataspace(const std::vector<hsize_t>& extent) {
    return {H5Screate_simple(static_cast<int>(extent.size()), extent.data(), nullptr), H5Sclose,
            "H5Screate_simple"};
}

Handle open_dataset(hid_t file, const std::string& path) {
    return {H5Dopen2(file, path.c_str(), H5P_DEFAULT), H5Dclose, "opening dataset " + path};
}

Handle row_selection(hid_t dataset, std::int64_t first, std::int64_t count) {
    Handle space{H5Dget_space(dataset), H5Sclose, "H5Dget_space"};
    hsize_t extent[2] = {0, 0};
    check(H5Sget_simple_extent_dims(space, extent, nullptr), "H5Sget_simple_extent_dims");
    const hsize_t start[2] = {static_cast<hsize_t>(first), 0};
    const hsize_t block[2] = {static_cast<hsize_t>(count), extent[1]};
    check(H5Sselect_hyperslab(space, H5S_SELECT_SET, start, nullptr, block, nullptr),
          "H5Sselect_hyperslab");
    return space;
}

void write_rows(hid_t dataset, NumberType type, std::int64_t first, std::int64_t count,
                const void* data, const std::string& path) {
    if (count == 0) return;
    const Handle file_space = row_selection(dataset, first, count);
    const Handle memory = memory_space(file_space, count);
    check(H5Dwrite(dataset, memory_type(type), memory, file_space, H5P_DEFAULT, data),
          "writing dataset " + path);
}

void read_rows(hid_t dataset, NumberType type, std::int64_t first, std::int64_t count, void* data,
               const std::string& path) {
    if (count == 0) return;
    const Handle file_space = row_selection(dataset, first, count);
    const Handle memory = memory_space(file_space, count);
    check(H5Dread(dataset, memory_type(type), memory, file_space, H5P_DEFAULT, data),
          "reading dataset " + path);
}

Handle text_type() {
    Handle type{H5Tcopy(H5T_C_S1), H5Tclose, "H5Tcopy"};
    check(H5Tset_size(type, H5T_VARIABLE), "H5Tset_size");
    check(H5Tset_cset(type, H5T_CSET_UTF8), "H5Tset_cset");
    return type;
}

void write_attribute(hid_t object, const std::string& name, const std::string& value) {
    if (check(H5Aexists(object, name.c_str()), "looking for attribute " + name) > 0) {
        check(H5Adelete(object, name.c_str()), "replacing attribute " + name);
    }
    const Handle type = text_type();
    const Handle space{H5Screate(H5S_SCALAR), H5Sclose, "H5Screate"};
    Handle attribute{H5Acreate2(object, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT),
                     H5Aclose, "creating attribute " + name};
    const char* text = value.c_str();
    check(H5Awrite(attribute, type, &text), "writing attribute " + name);
    attribute.close("closing attribute " + name);
}

H5T_class_t class_of(hid_t dataset) {
    const Handle type{H5Dget_type(dataset), H5Tclose, "H5Dget_type"};
    return H5Tget_class(type);
}

std::string read_attribute(hid_t object, const std::string& name) {
    const Handle attribute{H5Aopen(object, name.c_str(), H5P_DEFAULT), H5Aclose,
                           "opening attribute " + name};
    const Handle type = text_type();
    char* text = nullptr;
    check(H5Aread(attribute, type, &text), "reading attribute " + name);
    const std::unique_ptr<char, herr_t (*)(void*)> owner(
        text, [](void* memory) { return H5free_memory(memory); });
    return text == nullptr ? std::string() : std::string(text);
}

}  // namespace motley::record::hdf5

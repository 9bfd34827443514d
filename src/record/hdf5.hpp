// RAII handles over the HDF5 C API. Every return code is checked; errors carry the text of HDF5.
#pragma once

#include <hdf5.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "motley/mpi/communicator.hpp"

namespace motley::record::hdf5 {

/// The most specific and the outermost message on HDF5's error stack, which is cleared.
std::string error_text();

/// Throws a storage error: `what`, then HDF5's own text.
[[noreturn]] void fail(std::string_view what);

/// Returns a non-negative code (id, status, htri_t, size); throws on a negative one.
template <class Code>
Code check(Code code, std::string_view what) {
    if (code < 0) fail(what);
    return code;
}

/// Keeps HDF5 from printing its error stack while it lives; then restores the previous printer.
class SilentErrors {
  public:
    SilentErrors();
    ~SilentErrors();
    SilentErrors(const SilentErrors&) = delete;
    SilentErrors& operator=(const SilentErrors&) = delete;

  private:
    H5E_auto2_t printer_ = nullptr;
    void* data_ = nullptr;
};

/// Owns one HDF5 id. The destructor closes it and ignores failures, because another error is
/// thrown then; the normal path calls `close`, which is checked.
class Handle {
  public:
    using Closer = herr_t (*)(hid_t);
    Handle() = default;
    Handle(hid_t id, Closer closer, std::string_view what)
        : id_(check(id, what)), closer_(closer) {}
    ~Handle() { reset(); }
    Handle(Handle&& other) noexcept
        : id_(std::exchange(other.id_, H5I_INVALID_HID)), closer_(other.closer_) {}
    Handle& operator=(Handle&& other) noexcept {
        if (this != &other) {
            reset();
            id_ = std::exchange(other.id_, H5I_INVALID_HID);
            closer_ = other.closer_;
        }
        return *this;
    }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;

    operator hid_t() const { return id_; }  // NOLINT: stands in for the id in C calls
    void close(std::string_view what);

  private:
    void reset() noexcept;
    hid_t id_ = H5I_INVALID_HID;
    Closer closer_ = nullptr;
};

/// How numbers are stored in the file; in memory they have the native type of that size.
enum class NumberType { int64, float64, float32 };
hid_t file_type(NumberType type);
hid_t memory_type(NumberType type);
std::size_t size_of(NumberType type);

/// Access properties of every run file.
Handle access_list();
/// Not collective. Opens a file for reading by this process alone. WritableFile is for writing.
Handle open_file(const std::string& path);
/// Makes a file that exists in memory only, in which HDF5 applies its filters.
Handle create_file_in_memory();

Handle property_list(hid_t kind);
Handle dataspace(const std::vector<hsize_t>& extent);
Handle open_dataset(hid_t file, const std::string& path);
/// Selection of whole rows [first, first + count) of a dataset of one or two dimensions.
Handle row_selection(hid_t dataset, std::int64_t first, std::int64_t count);
void write_rows(hid_t dataset, NumberType type, std::int64_t first, std::int64_t count,
                const void* data, const std::string& path);
void read_rows(hid_t dataset, NumberType type, std::int64_t first, std::int64_t count, void* data,
               const std::string& path);

/// Variable-length UTF-8 text.
Handle text_type();
/// Replaces or adds a text attribute.
void write_attribute(hid_t object, const std::string& name, const std::string& value);
std::string read_attribute(hid_t object, const std::string& name);
/// The class of the numbers or texts in `dataset`.
H5T_class_t class_of(hid_t dataset);

}  // namespace motley::record::hdf5

// An HDF5 file that one process writes to a disk that may be full.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "record/hdf5.hpp"

namespace motley::record::hdf5 {

/// HDF5 1.10 cannot close a file whose last writes fail: a dead entry stays and crashes the program
/// at its end. So HDF5 writes through the file driver made here, which stores the first failure and
/// lets HDF5 finish; `check` and `close` then throw it, with the reason that the system gave.
class WritableFile {
  public:
    static WritableFile create(const std::string& path);
    static WritableFile open(const std::string& path);
    ~WritableFile();
    WritableFile(WritableFile&&) noexcept;
    WritableFile& operator=(WritableFile&&) noexcept;

    operator hid_t() const { return file_; }  // NOLINT: stands in for the id in C calls
    /// Throws a storage error when any write of HDF5 so far did not reach the disk.
    void check(std::string_view what) const;
    void close(std::string_view what);

    /// The first write that failed, as the driver reports it.
    struct Fault {
        int error = 0;
    };

  private:
    WritableFile(const std::string& path, bool create);

    std::unique_ptr<Fault> fault_;
    Handle file_;  ///< destroyed first, because the driver reports to fault_
};

}  // namespace motley::record::hdf5

// Reads the HDF5 files of finished results as they are, one variable at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace motley::record {

/// A variable of a group: `rows` x `width` numbers (by rows), or `rows` texts.
struct ResultVariable {
    std::string name;
    std::string unit;       ///< empty: none
    std::string long_name;  ///< what it means
    std::int64_t rows = 0;
    std::int64_t width = 1;
    bool integer = false;
    std::vector<double> numbers;
    std::vector<std::string> texts;
};

/// A file that RunFile or write_tables made. Not collective, and without MPI. Input errors name the
/// file.
class ResultFile {
  public:
    explicit ResultFile(std::string path);
    ~ResultFile();
    ResultFile(const ResultFile&) = delete;
    ResultFile& operator=(const ResultFile&) = delete;

    /// Text attribute of the root.
    std::string attribute(const std::string& name) const;
    bool has(const std::string& path) const;
    /// The names in a group, in the order in which they were made; empty where there is no such
    /// group.
    std::vector<std::string> names(const std::string& group) const;
    /// Reads one variable.
    ResultVariable read(const std::string& path) const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace motley::record

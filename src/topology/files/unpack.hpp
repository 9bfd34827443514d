// Compressed files.
#pragma once

#include <string>
#include <string_view>

namespace motley::topology {

/// The bytes that gzip, bzip2 or Zstandard have packed; `bytes` themselves where none has. Input
/// errors, at the file `path`: damaged data, and data that swell beyond all measure.
std::string unpack(std::string bytes, const std::string& path);

}  // namespace motley::topology

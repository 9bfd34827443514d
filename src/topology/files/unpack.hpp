// Compressed files.
#pragma once

#include <string>
#include <string_view>

namespace motley::topology {

/// The bytes that gzip, bzip2 or Zstandard have packed; `bytes` themselves where none has. Input
/// errors, at the file `path`: damaged data, and data that swell beyond all measure.
std::string unpack(std::string bytes, const std::string& path);

/// Whether a file that begins so is a packed one.
bool is_packed(std::string_view beginning);

}  // namespace motley::topology

// The text of a graph file as the readers see it: unpacked, and in UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace motley::topology {

/// Reads a file and undoes gzip, bzip2 and Zstandard, which are known by their first bytes. XML
/// that declares an encoding is converted to UTF-8. A pipe is read once and kept, so that it can be
/// asked for again. Input errors: those of `read_bytes`, and packed data that are damaged.
std::string graph_text(const std::string& path);

/// The path without the extension of a compressed file.
std::string_view without_packing(std::string_view path);

}  // namespace motley::topology

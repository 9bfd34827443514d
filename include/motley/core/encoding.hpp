// Conversion of text to UTF-8.
#pragma once

#include <string>
#include <string_view>

namespace motley {

/// `bytes` in UTF-8. Input errors, at the file `path`: an encoding that this machine does not know,
/// and bytes that are no text in it.
std::string to_utf8(std::string_view bytes, const std::string& encoding, const std::string& path);

}  // namespace motley

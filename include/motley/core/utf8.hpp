// Decoding and encoding of UTF-8 (RFC 3629).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace motley {

/// A character at the front of a text.
struct CodePoint {
    std::uint32_t value = 0;
    std::size_t length = 0;  ///< bytes; 0 where the text does not begin with well-formed UTF-8
};

/// The first character of `text`. Overlong forms, surrogates and values beyond U+10FFFF are not
/// well-formed.
CodePoint first_code_point(std::string_view text);
/// Appends a character below U+110000 that is no surrogate.
void append_code_point(std::string& text, std::uint32_t value);

}  // namespace motley

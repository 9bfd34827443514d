// Hashes of texts: names of runs and checks that a text is still the same. Not for security.
#pragma once

#include <string>
#include <string_view>

namespace motley {

/// XXH3 of the bytes with 64 bits, as 16 hexadecimal digits.
std::string hash_64(std::string_view text);
/// XXH3 of the bytes with 128 bits, as 32 hexadecimal digits.
std::string hash_128(std::string_view text);

}  // namespace motley

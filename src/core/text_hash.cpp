#include "motley/core/text_hash.hpp"

#include <fmt/format.h>
#include <xxhash.h>

namespace motley {

std::string hash_64(std::string_view text) {
    return fmt::format("{:016x}", XXH3_64bits(text.data(), text.size()));
}

std::string hash_128(std::string_view text) {
    const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
    return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

}  // namespace motley

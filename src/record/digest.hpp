// A digest of files. It is the sum of the digests of the parts of a file, wherever it is cut, so
// that a writer's rows in memory can be compared with the bytes that several ranks read back.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace motley::record {

/// Sum over the file's 64-bit words (little-endian, zeros beyond the end) of the word times an odd
/// number that depends on its place, modulo 2^64. `at`: offset of `bytes` in the file. A single
/// changed byte always changes it; a random change fails to with a probability of about 2^-63.
std::uint64_t digest_of(std::int64_t at, std::span<const std::byte> bytes);

/// Not collective. Digest of bytes [begin, end) of a file; an input error when it ends before.
std::uint64_t digest_of_file(const std::string& path, std::int64_t begin, std::int64_t end);

}  // namespace motley::record

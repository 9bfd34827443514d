#include "record/digest.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <vector>

#include "motley/core/error.hpp"
#include "motley/core/file_descriptor.hpp"

namespace motley::record {
namespace {

static_assert(std::endian::native == std::endian::little, "files hold little-endian numbers");

constexpr std::int64_t word_bytes = 8;

/// Multipliers from Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (2014).
std::uint64_t factor(std::uint64_t place) {
    std::uint64_t mixed = (place + 1) * 0x9e3779b97f4a7c15ULL;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9ULL;
    return (mixed ^ (mixed >> 27)) | 1;
}

/// A part of one word, `shift` bytes into it.
std::uint64_t part_of_word(std::int64_t place, std::int64_t shift, const std::byte* from,
                           std::int64_t count) {
    std::uint64_t word = 0;
    std::memcpy(&word, from, static_cast<std::size_t>(count));
    return (word << (8 * shift)) * factor(static_cast<std::uint64_t>(place));
}

class File {
  public:
    explicit File(const std::string& path) : path_(path), file_(path, O_RDONLY) {
        if (!file_.valid()) fail("cannot be opened", errno);
    }

    void read(std::int64_t at, std::span<std::byte> out) const {
        for (std::size_t done = 0; done < out.size();) {
            const auto got = ::pread(file_.get(), out.data() + done, out.size() - done,
                                     at + static_cast<std::int64_t>(done));
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) fail("cannot be read", errno);
            if (got == 0) throw input_error("ends early", {path_});
            done += static_cast<std::size_t>(got);
        }
    }

  private:
    [[noreturn]] void fail(const std::string& what, int error) const {
        throw input_error(what + ": " + std::make_error_code(std::errc(error)).message(), {path_});
    }
    std::string path_;
    FileDescriptor file_;
};

}  // namespace

std::uint64_t digest_of(std::int64_t at, std::span<const std::byte> bytes) {
    const std::byte* from = bytes.data();
    auto left = std::ssize(bytes);
    std::int64_t place = at / word_bytes;
    std::uint64_t sum = 0;
    if (const std::int64_t shift = at % word_bytes; shift > 0 && left > 0) {
        const std::int64_t count = std::min<std::int64_t>(word_bytes - shift, left);
        sum += part_of_word(place, shift, from, count);
        from += count;
        left -= count;
        place += 1;
    }
    const std::int64_t words = left / word_bytes;
    for (std::int64_t i = 0; i < words; ++i) {
        std::uint64_t word = 0;
        std::memcpy(&word, from + i * word_bytes, sizeof(word));
        sum += word * factor(static_cast<std::uint64_t>(place + i));
    }
    if (const std::int64_t rest = left % word_bytes; rest > 0) {
        sum += part_of_word(place + words, 0, from + words * word_bytes, rest);
    }
    return sum;
}

std::uint64_t digest_of_file(const std::string& path, std::int64_t begin, std::int64_t end) {
    constexpr std::int64_t block_bytes = std::int64_t{1} << 20;
    if (begin >= end) return 0;
    const File file(path);
    std::vector<std::byte> block(static_cast<std::size_t>(std::min(block_bytes, end - begin)));
    std::uint64_t sum = 0;
    for (std::int64_t at = begin; at < end; at += block_bytes) {
        const std::span<std::byte> part(block.data(),
                                        static_cast<std::size_t>(std::min(block_bytes, end - at)));
        file.read(at, part);
        sum += digest_of(at, part);
    }
    return sum;
}

}  // namespace motley::record

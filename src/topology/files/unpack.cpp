// Unpacks with zlib, libbzip2 and libzstd. Several packed files that follow each other in one are
// one text, as their command-line tools have it.
#include "topology/files/unpack.hpp"

#include <bzlib.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <new>

#include "motley/core/error.hpp"

namespace motley::topology {
namespace {

constexpr std::size_t piece = std::size_t{1} << 20;

Error damaged(const char* format, const std::string& path) {
    return input_error(std::string("the ") + format + " data are damaged or cut off", {path});
}

/// Text that grows, but no further than text can that is packed into so many bytes.
class Unpacked {
  public:
    Unpacked(std::size_t packed, const std::string& path)
        : most_(std::max(std::size_t{64} << 20, most_growth * packed)), path_(path) {}

    void append(const char* bytes, std::size_t size) {
        if (text_.size() + size > most_) {
            throw input_error("the file unpacks to more than " + std::to_string(most_growth) +
                                  " times its size, as no graph does; unpack it first",
                              {path_});
        }
        text_.append(bytes, size);
    }
    std::string take() { return std::move(text_); }

  private:
    static constexpr std::size_t most_growth = 2000;

    std::size_t most_;
    const std::string& path_;
    std::string text_;
};

/// The next part of the input, whose size fits the libraries' counters.
unsigned next_part(std::size_t left) {
    return static_cast<unsigned>(std::min<std::size_t>(left, std::size_t{1} << 30));
}

std::string unpack_gzip(std::string& bytes, const std::string& path) {
    constexpr int gzip_window = 15 + 16;
    z_stream stream{};
    if (inflateInit2(&stream, gzip_window) != Z_OK) throw std::bad_alloc();
    const std::unique_ptr<z_stream, int (*)(z_stream*)> end(&stream, inflateEnd);
    Unpacked out(bytes.size(), path);
    std::string buffer(piece, '\0');
    std::size_t left = bytes.size();
    stream.next_in = reinterpret_cast<Bytef*>(bytes.data());
    for (;;) {
        if (stream.avail_in == 0 && left > 0) {
            stream.avail_in = next_part(left);
            left -= stream.avail_in;
        }
        stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
        stream.avail_out = static_cast<uInt>(buffer.size());
        const int status = inflate(&stream, Z_NO_FLUSH);
        const std::size_t got = buffer.size() - stream.avail_out;
        out.append(buffer.data(), got);
        if (status == Z_STREAM_END) {
            const bool more = stream.avail_in > 1 && stream.next_in[0] == 0x1f;
            if (!more) return out.take();
            inflateReset(&stream);
        } else if (status == Z_MEM_ERROR) {
            throw std::bad_alloc();
        } else if (status != Z_OK || (stream.avail_in == 0 && left == 0 && got == 0)) {
            throw damaged("gzip", path);
        }
    }
}

std::string unpack_bzip2(std::string& bytes, const std::string& path) {
    Unpacked out(bytes.size(), path);
    std::string buffer(piece, '\0');
    char* next = bytes.data();
    std::size_t left = bytes.size();
    do {
        bz_stream stream{};
        if (BZ2_bzDecompressInit(&stream, 0, 0) != BZ_OK) throw std::bad_alloc();
        const std::unique_ptr<bz_stream, int (*)(bz_stream*)> end(&stream, BZ2_bzDecompressEnd);
        for (int status = BZ_OK; status != BZ_STREAM_END;) {
            const unsigned part = next_part(left);
            stream.next_in = next;
            stream.avail_in = part;
            stream.next_out = buffer.data();
            stream.avail_out = static_cast<unsigned>(buffer.size());
            status = BZ2_bzDecompress(&stream);
            const std::size_t got = buffer.size() - stream.avail_out;
            const std::size_t used = part - stream.avail_in;
            out.append(buffer.data(), got);
            next += used;
            left -= used;
            if (status == BZ_MEM_ERROR) throw std::bad_alloc();
            const bool stands = got == 0 && used == 0;
            if (status != BZ_STREAM_END && (status != BZ_OK || stands)) {
                throw damaged("bzip2", path);
            }
        }
    } while (left > 3 && std::string_view(next, 3) == "BZh");
    return out.take();
}

std::string unpack_zstd(const std::string& bytes, const std::string& path) {
    const std::unique_ptr<ZSTD_DStream, std::size_t (*)(ZSTD_DStream*)> stream(ZSTD_createDStream(),
                                                                               ZSTD_freeDStream);
    if (!stream) throw std::bad_alloc();
    Unpacked out(bytes.size(), path);
    std::string buffer(piece, '\0');
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    std::size_t open = 1;  // 0: at the end of a frame, all of which is written out
    for (;;) {
        ZSTD_outBuffer to{buffer.data(), buffer.size(), 0};
        const std::size_t before = in.pos;
        open = ZSTD_decompressStream(stream.get(), &to, &in);
        if (ZSTD_isError(open) != 0) throw damaged("Zstandard", path);
        out.append(buffer.data(), to.pos);
        if (in.pos < in.size) continue;
        if (open == 0) return out.take();
        if (to.pos == 0 && in.pos == before) throw damaged("Zstandard", path);
    }
}

enum class Packing { none, gzip, bzip2, zstd };

Packing packing_of(std::string_view bytes) {
    if (bytes.starts_with("\x1f\x8b")) return Packing::gzip;
    if (bytes.size() > 10 && bytes.starts_with("BZh") && bytes.substr(4, 6) == "1AY&SY") {
        return Packing::bzip2;
    }
    return bytes.starts_with("\x28\xb5\x2f\xfd") ? Packing::zstd : Packing::none;
}

}  // namespace

bool is_packed(std::string_view beginning) {
    return packing_of(beginning) != Packing::none;
}

std::string unpack(std::string bytes, const std::string& path) {
    switch (packing_of(bytes)) {
        case Packing::gzip:
            return unpack_gzip(bytes, path);
        case Packing::bzip2:
            return unpack_bzip2(bytes, path);
        case Packing::zstd:
            return unpack_zstd(bytes, path);
        case Packing::none:
            break;
    }
    return bytes;
}

}  // namespace motley::topology

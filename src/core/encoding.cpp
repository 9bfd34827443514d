// Conversion of text by the C library's iconv.
#include "motley/core/encoding.hpp"

#include <iconv.h>

#include <array>
#include <cerrno>
#include <cstdint>

#include "motley/core/error.hpp"
#include "motley/core/text.hpp"

namespace motley {
namespace {

class Converter {
  public:
    explicit Converter(const std::string& encoding)
        : handle_(::iconv_open("UTF-8", encoding.c_str())) {}
    ~Converter() {
        if (valid()) ::iconv_close(handle_);
    }
    Converter(const Converter&) = delete;
    Converter& operator=(const Converter&) = delete;

    bool valid() const { return handle_ != reinterpret_cast<iconv_t>(std::intptr_t{-1}); }
    iconv_t handle() const { return handle_; }

  private:
    iconv_t handle_;
};

}  // namespace

std::string to_utf8(std::string_view bytes, const std::string& encoding, const std::string& path) {
    const Converter converter(encoding);
    if (!converter.valid()) {
        throw input_error("the encoding " + quote(encoding) +
                              " is not known on this machine; save the file as UTF-8",
                          {path});
    }
    std::string text;
    std::array<char, 1 << 16> buffer{};
    char* in = const_cast<char*>(bytes.data());  // iconv does not write to it
    std::size_t left = bytes.size();
    for (;;) {
        char* out = buffer.data();
        std::size_t room = buffer.size();
        const std::size_t failed = ::iconv(converter.handle(), &in, &left, &out, &room);
        text.append(buffer.data(), buffer.size() - room);
        if (failed != static_cast<std::size_t>(-1)) return text;
        if (errno == E2BIG) continue;
        throw input_error("the text is not " + encoding + " from byte " +
                              std::to_string(bytes.size() - left + 1) + " on; save it as UTF-8",
                          {path});
    }
}

}  // namespace motley

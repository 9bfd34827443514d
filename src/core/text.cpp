// Whole text files and their checks, numbers, and small functions for messages.
#include "motley/core/text.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>

#include "motley/core/encoding.hpp"
#include "motley/core/expect.hpp"
#include "motley/core/file_descriptor.hpp"
#include "motley/core/utf8.hpp"

namespace motley {
namespace {

/// Whether `c` is a control character other than tab to carriage return.
bool is_binary(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 9 || (byte > 13 && byte < 32);
}

std::size_t find_bad_utf8(std::string_view text) {
    bool ascii = true;
    for (const char c : text) ascii &= static_cast<unsigned char>(c) < 0x80;
    if (ascii) return npos;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = first_code_point(text.substr(at)).length;
        if (length == 0) return at;
        at += length;
    }
    return npos;
}

/// The offset of the first carriage return in the middle of a line; npos when there is none.
std::size_t find_stray_return(std::string_view text) {
    for (std::size_t at = text.find('\r'); at != npos; at = text.find('\r', at + 1)) {
        if (at + 1 < text.size() && text[at + 1] != '\n') return at;
    }
    return npos;
}

std::string hexadecimal(char c) {
    constexpr std::string_view digits = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    return {digits[byte >> 4], digits[byte & 15]};
}

FileDescriptor open_for_reading(const std::string& path) {
    FileDescriptor descriptor(path, O_RDONLY);
    if (descriptor.valid()) return descriptor;
    throw input_error(std::string("cannot be opened: ") + std::strerror(errno) +
                          "; check the path (relative paths start at the working folder)",
                      {path});
}

}  // namespace

std::string read_bytes(const std::string& path) {
    const FileDescriptor descriptor = open_for_reading(path);
    struct stat status {};
    if (::fstat(descriptor.get(), &status) != 0) {
        throw input_error(std::string("cannot be read: ") + std::strerror(errno), {path});
    }
    if (S_ISDIR(status.st_mode)) throw input_error("is a folder, not a file", {path});
    // The text has one byte more than the size, so that read finds the end before the text must
    // grow. The size of a pipe is 0.
    std::string text(static_cast<std::size_t>(std::max<off_t>(status.st_size, 0)) + 1, '\0');
    std::size_t size = 0;
    for (;;) {
        if (size == text.size()) text.resize(2 * size + 4096);
        const ssize_t got = ::read(descriptor.get(), text.data() + size, text.size() - size);
        if (got == 0) break;
        if (got > 0) {
            size += static_cast<std::size_t>(got);
        } else if (errno != EINTR) {
            throw input_error(std::string("cannot be read: ") + std::strerror(errno), {path});
        }
    }
    text.resize(size);
    return text;
}

namespace {

/// The encoding of text that is not made of bytes; empty: it is. Without a byte order mark it is
/// known by the zeros of letters and digits.
std::string_view wide_encoding(std::string_view bytes) {
    using namespace std::string_view_literals;
    if (bytes.starts_with("\xff\xfe\0\0"sv)) return "UTF-32LE";
    if (bytes.starts_with("\0\0\xfe\xff"sv)) return "UTF-32BE";
    if (bytes.starts_with("\xff\xfe")) return "UTF-16LE";
    if (bytes.starts_with("\xfe\xff")) return "UTF-16BE";
    constexpr std::size_t seen = 64;
    if (bytes.size() < 4 || bytes.size() % 2 != 0) return {};
    bool little = true, big = true;
    for (std::size_t i = 0; i + 1 < std::min(seen, bytes.size()); i += 2) {
        little = little && bytes[i] != 0 && bytes[i + 1] == 0;
        big = big && bytes[i] == 0 && bytes[i + 1] != 0;
    }
    return little ? "UTF-16LE"sv : big ? "UTF-16BE"sv : ""sv;
}

/// The text as UTF-8 with lines that end in LF or CR LF.
std::string plain_text(std::string bytes, const std::string& path) {
    const std::string_view encoding = wide_encoding(bytes);
    if (!encoding.empty()) bytes = to_utf8(bytes, std::string(encoding), path);
    const bool returns_alone = bytes.find('\n') == npos;
    if (returns_alone) std::ranges::replace(bytes, '\r', '\n');
    return bytes;
}

template <class T>
NumberFault parse(std::string_view text, T& value) noexcept {
    if (text.empty()) return NumberFault::empty;
    const bool plus = text.front() == '+' && text.size() > 1 && text[1] != '-';
    if (plus) text.remove_prefix(1);
    T result{};
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, result);
    if (error == std::errc::invalid_argument || stop != end) return NumberFault::malformed;
    if (error == std::errc::result_out_of_range) return NumberFault::out_of_range;
    if constexpr (std::is_floating_point_v<T>) {
        if (!std::isfinite(result)) return NumberFault::not_finite;
    }
    value = result;
    return NumberFault::none;
}

}  // namespace

TextFile::TextFile(const std::string& path)
    : path_(path), buffer_(plain_text(read_bytes(path), path)) {
    text_ = buffer_;
    check();
    if (text_.starts_with("\xef\xbb\xbf")) text_.remove_prefix(3);
}

TextFile::TextFile(std::string text, const std::string& name)
    : path_(name), buffer_(plain_text(std::move(text), name)) {
    text_ = buffer_;
    check();
    if (text_.starts_with("\xef\xbb\xbf")) text_.remove_prefix(3);
}

void TextFile::check() const {
    if (text_.empty()) throw input_error("the file is empty", {path_});
    if (text_.starts_with("\x1f\x8b") || text_.starts_with("PK\x03\x04") ||
        text_.starts_with("\xfd"
                          "7zXZ")) {
        throw input_error("the file is compressed; unpack it first", {path_});
    }
    bool binary = false;
    for (const char c : text_) binary |= is_binary(c);
    if (binary) {
        const auto bad = std::ranges::find_if(text_, is_binary);
        throw input_error("not a text file: it has the byte 0x" + hexadecimal(*bad),
                          where(static_cast<std::size_t>(bad - text_.begin())));
    }
    if (const std::size_t bad = find_bad_utf8(text_); bad != npos) {
        throw input_error("the text is not UTF-8: byte 0x" + hexadecimal(text_[bad]) +
                              "; convert it, for instance with iconv -f latin1 -t utf8",
                          where(bad));
    }
    if (const std::size_t bad = find_stray_return(text_); bad != npos) {
        throw input_error("a carriage return inside a line; lines must end with LF or CR LF",
                          where(bad));
    }
}

Where TextFile::where(std::size_t offset) const {
    MOTLEY_EXPECT(offset <= text_.size(), "a place in a text lies inside the text");
    const std::string_view before = text_.substr(0, offset);
    const auto lines = std::ranges::count(before, '\n');
    const std::size_t line_end = before.rfind('\n');
    const std::size_t begin = line_end == npos ? 0 : line_end + 1;
    return {path_, static_cast<std::int64_t>(lines) + 1,
            static_cast<std::int64_t>(before.size() - begin) + 1};
}

NumberFault parse_number(std::string_view text, double& value) noexcept {
    return parse(text, value);
}

NumberFault parse_number(std::string_view text, std::int64_t& value) noexcept {
    return parse(text, value);
}

std::string describe(NumberFault fault, std::string_view what, std::string_view text) {
    std::string message(what);
    switch (fault) {
        case NumberFault::none:
            return message + " " + quote(text);
        case NumberFault::empty:
            return message + " is missing: the field is empty";
        case NumberFault::malformed:
            return message + " " + quote(text) + " is not a number";
        case NumberFault::out_of_range:
            return message + " " + quote(text) + " is out of range";
        case NumberFault::not_finite:
            return message + " " + quote(text) + " is not finite";
    }
    throw internal_error("describe: unknown fault");
}

std::string quote(std::string_view text) {
    constexpr std::size_t longest = 40;
    std::size_t cut = std::min(text.size(), longest);
    while (cut < text.size() && cut > 0 && (text[cut] & 0xc0) == 0x80) cut -= 1;
    std::string result = "'";
    for (const char c : text.substr(0, cut)) {
        if (is_binary(c) || c == '\n' || c == '\r' || c == '\x7f') {
            result += "\\x" + hexadecimal(c);
        } else {
            result += c;
        }
    }
    return result + (cut < text.size() ? "...'" : "'");
}

std::string_view trim(std::string_view text) {
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
    return text;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return std::ranges::equal(
        a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

std::string csv_field(std::string_view text) {
    if (text.find_first_of("\r\n") != npos) {
        throw internal_error("a CSV field cannot hold the line break in " + quote(text));
    }
    const bool plain =
        text.find_first_of(",\"") == npos && trim(text).size() == text.size() && !text.empty();
    if (plain) return std::string(text);
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"') result += '"';
        result += c;
    }
    return result + '"';
}

}  // namespace motley

#include "motley/core/utf8.hpp"

#include <array>

namespace motley {

CodePoint first_code_point(std::string_view text) {
    if (text.empty()) return {};
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) return {lead, 1};
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || length > text.size()) return {};
    std::uint32_t value = lead & (0xffU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0) != 0x80) return {};
        value = value << 6 | (byte(i) & 0x3fU);
    }
    constexpr std::array<std::uint32_t, 5> least = {0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = value >= 0xd800 && value < 0xe000;
    if (value < least[length] || value > 0x10ffff || surrogate) return {};
    return {value, length};
}

void append_code_point(std::string& text, std::uint32_t value) {
    const auto add = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
    const auto add_rest = [&](int bytes) {
        while (bytes-- > 0) add(0x80 | ((value >> (6 * bytes)) & 0x3f));
    };
    if (value < 0x80) {
        add(value);
    } else if (value < 0x800) {
        add(0xc0 | value >> 6);
        add_rest(1);
    } else if (value < 0x10000) {
        add(0xe0 | value >> 12);
        add_rest(2);
    } else {
        add(0xf0 | value >> 18);
        add_rest(3);
    }
}

}  // namespace motley

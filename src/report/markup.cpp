#include "markup.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>

#include "motley/core/error.hpp"
#include "motley/core/utf8.hpp"

namespace motley::report {
namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";
constexpr std::string_view ellipsis = "\xe2\x80\xa6";

/// A character of a text; one that XML does not allow, or a byte that is not UTF-8, has length 1
/// and is not valid.
struct Character {
    std::uint32_t value = 0;
    std::size_t length = 1;
    bool valid = false;
};

Character character(std::string_view text, std::size_t at) {
    const auto [value, length] = first_code_point(text.substr(at));
    if (length == 0) return {};
    if (length == 1) return {value, 1, value >= 0x20 || value == '\n' || value == '\t'};
    return {value, length, value != 0xfffe && value != 0xffff && value >= 0xa0};
}

/// Share of the font size that a character is wide, between Arial and DejaVu Sans.
double relative_width(std::uint32_t c) {
    if (c >= 0x2000 && c <= 0x200a) return 0.25;
    if (c >= 0x1100) return c < 0x2e80 ? 0.84 : 1.0;
    if (c >= 0x80) return 0.66;
    const std::string_view narrow = "ijl|'!.,:;I ()[]{}frt/\\\"";
    const std::string_view broad = "mwMW%@";
    const char letter = static_cast<char>(c);
    if (narrow.find(letter) != std::string_view::npos) return 0.35;
    if (broad.find(letter) != std::string_view::npos) return 0.92;
    if (letter >= 'A' && letter <= 'Z') return 0.72;
    return letter == '+' || letter == '=' || letter == '<' || letter == '>' ? 0.8 : 0.59;
}

}  // namespace

std::string escape(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const Character c = character(text, at);
        const std::string_view bytes = text.substr(at, c.length);
        at += c.length;
        if (!c.valid) {
            out += replacement;
        } else if (c.value == '&') {
            out += "&amp;";
        } else if (c.value == '<') {
            out += "&lt;";
        } else if (c.value == '>') {
            out += "&gt;";
        } else if (c.value == '"') {
            out += "&quot;";
        } else if (c.value == '\'') {
            out += "&#39;";
        } else {
            out += bytes;
        }
    }
    return out;
}

std::string coordinate(double value) {
    if (!std::isfinite(value)) throw internal_error("report: a coordinate is not finite");
    std::string text = fmt::format("{:.2f}", value);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text == "-0" ? "0" : text;
}

std::string plain_number(double value) {
    return std::isfinite(value) ? fmt::format("{:.6g}", value == 0.0 ? 0.0 : value) : "";
}

double text_width(std::string_view text, double size) {
    double width = 0.0;
    for (std::size_t at = 0; at < text.size();) {
        const Character c = character(text, at);
        width += relative_width(c.valid ? c.value : 0xfffd);
        at += c.length;
    }
    return width * size;
}

std::string shorten(std::string_view text, double size, double width) {
    if (text_width(text, size) <= width) return std::string(text);
    double used = text_width(ellipsis, size);
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t length = character(text, at).length;
        used += text_width(text.substr(at, length), size);
        if (used > width) break;
        at += length;
    }
    while (at > 0 && text[at - 1] == ' ') --at;
    return std::string(text.substr(0, at)) + std::string(ellipsis);
}

std::vector<std::string> wrap(std::string_view text, double size, double width, std::size_t lines) {
    std::vector<std::string> out;
    while (!text.empty() && out.size() + 1 < lines && text_width(text, size) > width) {
        std::size_t cut = std::string_view::npos;
        for (std::size_t at = text.find(' '); at != std::string_view::npos;
             at = text.find(' ', at + 1)) {
            if (text_width(text.substr(0, at), size) > width) break;
            cut = at;
        }
        if (cut == std::string_view::npos) break;
        out.emplace_back(text.substr(0, cut));
        text.remove_prefix(cut + 1);
    }
    if (!text.empty()) out.push_back(shorten(text, size, width));
    return out;
}

}  // namespace motley::report

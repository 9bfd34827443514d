#include "page_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "markup.hpp"
#include "motley/core/error.hpp"

namespace motley::report {
namespace {

constexpr double font_size = 14.0;
constexpr double cell_padding = 23.0;   ///< on both sides of a cell together, pixels
constexpr double longest_name = 220.0;  ///< widest name that stays on one line, pixels
constexpr double page_width = 1072.0;   ///< width of <main> in the style sheet, pixels

/// Writes 1e-05 as 1e-5.
std::string short_exponent(std::string text) {
    const std::size_t at = text.find('e');
    if (at == std::string::npos) return text;
    std::size_t digit = at + 2;
    while (digit + 1 < text.size() && text[digit] == '0') text.erase(digit, 1);
    if (text[at + 1] == '+') text.erase(at + 1, 1);
    return text;
}

std::string general(double value, int digits) {
    const bool whole = value == std::floor(value) && std::abs(value) < 1e15;
    if (whole) return fmt::format("{:.0f}", value);
    return short_exponent(fmt::format("{:.{}g}", value, digits));
}

std::string digits_of(double value, const NumberFormat& format) {
    switch (format.notation) {
        case NumberFormat::Notation::general:
            return general(value, format.digits);
        case NumberFormat::Notation::fixed:
            return fmt::format("{:.{}f}", value, format.digits);
        case NumberFormat::Notation::scientific:
            return short_exponent(fmt::format("{:.{}e}", value, format.digits));
        case NumberFormat::Notation::percent:
            return fmt::format("{:.{}f} %", 100.0 * value, format.digits);
    }
    throw internal_error("report: no such number format");
}

std::string text_of(const PageCell& cell, const PageColumn& column) {
    return cell.is_number ? format_number(cell.value, column.format) : cell.text;
}

std::string cell_html(const PageCell& cell, const PageColumn& column, bool repeated) {
    const std::string key = std::isfinite(cell.value)
                                ? fmt::format(" data-sort=\"{}\"", cell.value + 0.0)
                                : std::string();
    std::string classes = column.numeric ? "number" : "";
    if (repeated) classes += classes.empty() ? "same" : " same";
    if (!classes.empty()) classes = " class=\"" + classes + "\"";
    return fmt::format("<td{}{}>{}</td>", classes, key, escape(text_of(cell, column)));
}

/// The number of cells at the beginning of row `r` that equal those above them, without the last.
std::size_t repeated_cells(const PageTable& table, std::size_t r) {
    if (r == 0) return 0;
    std::size_t count = 0;
    while (count + 1 < table.columns.size() &&
           text_of(table.rows[r][count], table.columns[count]) ==
               text_of(table.rows[r - 1][count], table.columns[count])) {
        ++count;
    }
    return count;
}

double longest_word(const std::string& text) {
    double longest = 0.0;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find(' ', begin), text.size());
        longest = std::max(longest, text_width(text.substr(begin, end - begin), font_size));
        begin = end + 1;
    }
    return longest;
}

/// The least width at which the table can be shown, in pixels: numbers stay on one line, texts are
/// broken between words.
double least_width(const PageTable& table) {
    double width = 0.0;
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
        const PageColumn& column = table.columns[c];
        double widest = longest_word(column.name);
        for (const auto& row : table.rows) {
            const std::string text = text_of(row[c], column);
            widest =
                std::max(widest, column.numeric ? text_width(text, font_size) : longest_word(text));
        }
        width += widest + cell_padding;
    }
    return width;
}

/// The names in the first column stay on one line unless they are long.
bool short_names(const PageTable& table) {
    return std::all_of(table.rows.begin(), table.rows.end(), [&](const auto& row) {
        return text_width(text_of(row.front(), table.columns.front()), font_size) < longest_name;
    });
}

void check(const PageTable& table) {
    for (const auto& row : table.rows) {
        if (row.size() == table.columns.size() && !row.empty()) continue;
        throw internal_error(fmt::format("report: table '{}' has a row of {} cells for {} columns",
                                         table.title, row.size(), table.columns.size()));
    }
}

std::string head_html(const PageTable& table) {
    std::string out = "<thead><tr>";
    for (const auto& column : table.columns) {
        out += fmt::format(
            "<th scope=\"col\"{}>{}{}</th>", column.numeric ? " class=\"number\"" : "",
            escape(column.name),
            column.unit.empty() ? "" : " <span class=\"unit\">" + escape(column.unit) + "</span>");
    }
    return out + "</tr></thead>\n";
}

std::string body_html(const PageTable& table) {
    std::string out = "<tbody>\n";
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
        const std::size_t repeated = repeated_cells(table, r);
        out += "<tr>";
        for (std::size_t c = 0; c < table.columns.size(); ++c) {
            out += cell_html(table.rows[r][c], table.columns[c], c < repeated);
        }
        out += "</tr>\n";
    }
    return out + "</tbody>\n";
}

}  // namespace

std::string format_number(double value, const NumberFormat& format) {
    if (!std::isfinite(value)) return "\xe2\x80\x93";
    if (value == 0.0) value = 0.0;
    std::string text = digits_of(value, format);
    if (text.front() == '-') {
        const bool zero = text.find_first_of("123456789") == std::string::npos;
        text.replace(0, 1, zero ? "" : "\xe2\x88\x92");
    } else if (format.plus && value > 0.0) {
        text.insert(0, "+");
    }
    return text;
}

std::string table_html(const PageTable& table, const std::string& caption, const std::string& id) {
    check(table);
    std::string classes = short_names(table) ? "names" : "";
    if (table.sortable && table.rows.size() > 1) {
        classes += classes.empty() ? "sortable" : " sortable";
    }
    std::string out = "<div class=\"table\">\n";
    if (!caption.empty())
        out += fmt::format("<p class=\"caption\" id=\"{}\">{}</p>\n", id, caption);
    out += fmt::format(
        "<p class=\"hint\"{}>\xe2\x86\x94 Wider than the page: scroll sideways for all {} "
        "columns.</p>\n",
        least_width(table) > page_width ? "" : " hidden=\"hidden\"", table.columns.size());
    out += fmt::format("<div class=\"scroll\"><table class=\"{}\"{}>\n", classes,
                       caption.empty() ? "" : fmt::format(" aria-labelledby=\"{}\"", id));
    return out + head_html(table) + body_html(table) + "</table></div>\n</div>\n";
}

}  // namespace motley::report

#include "page_table.hpp"

#include <fmt/format.h>

#include <cmath>

#include "markup.hpp"
#include "motley/core/error.hpp"

namespace motley::report {
namespace {

/// 1e-05 as 1e-5.
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

std::string cell_html(const PageCell& cell, const PageColumn& column) {
    const std::string shown = cell.is_number ? format_number(cell.value, column.format) : cell.text;
    const std::string key = std::isfinite(cell.value)
                                ? fmt::format(" data-sort=\"{}\"", cell.value + 0.0)
                                : std::string();
    return fmt::format("<td{}{}>{}</td>", column.numeric ? " class=\"number\"" : "", key,
                       escape(shown));
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

std::string table_html(const PageTable& table, const std::string& caption) {
    std::string out =
        fmt::format("<div class=\"scroll\"><table{}>\n",
                    table.sortable && table.rows.size() > 1 ? " class=\"sortable\"" : "");
    if (!caption.empty()) out += "<caption>" + caption + "</caption>\n";
    out += "<thead><tr>";
    for (const auto& column : table.columns) {
        out += fmt::format(
            "<th scope=\"col\"{}>{}{}</th>", column.numeric ? " class=\"number\"" : "",
            escape(column.name),
            column.unit.empty() ? "" : " <span class=\"unit\">" + escape(column.unit) + "</span>");
    }
    out += "</tr></thead>\n<tbody>\n";
    for (const auto& row : table.rows) {
        if (row.size() != table.columns.size()) {
            throw internal_error(
                fmt::format("report: table '{}' has a row of {} cells for {} "
                            "columns",
                            table.title, row.size(), table.columns.size()));
        }
        out += "<tr>";
        for (std::size_t c = 0; c < row.size(); ++c) out += cell_html(row[c], table.columns[c]);
        out += "</tr>\n";
    }
    return out + "</tbody>\n</table></div>\n";
}

}  // namespace motley::report

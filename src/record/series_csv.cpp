// Writes the series as text.
#include <fmt/format.h>

#include "motley/core/text.hpp"
#include "motley/record/record.hpp"

namespace motley::record {

std::string series_csv(const std::vector<SeriesColumn>& columns) {
    std::string text;
    const std::size_t rows = columns.empty() ? 0 : columns.front().values.size();
    for (const auto& column : columns) {
        if (column.values.size() != rows) {
            throw internal_error("series: column " + column.name + " has " +
                                 std::to_string(column.values.size()) + " values, " +
                                 columns.front().name + " has " + std::to_string(rows));
        }
        if (&column != &columns.front()) text += ',';
        text += csv_field(column.name);
    }
    text += '\n';
    for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t c = 0; c < columns.size(); ++c) {
            // 17 digits identify every double; whole numbers are written without a point.
            text += fmt::format("{}{:.17g}", c == 0 ? "" : ",", columns[c].values[row]);
        }
        text += '\n';
    }
    return text;
}

}  // namespace motley::record

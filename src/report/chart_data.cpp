// The numbers behind a chart, as a table.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "chart.hpp"
#include "chart_layout.hpp"

namespace motley::report {
namespace {

/// Rows [0, total) or, when there are too many, evenly chosen ones with the first and the last.
std::vector<std::size_t> chosen(std::size_t total) {
    const std::size_t count = std::min(total, largest_data_table);
    std::vector<std::size_t> rows(count);
    for (std::size_t r = 0; r < count; ++r) {
        rows[r] = count < 2 ? r : r * (total - 1) / (count - 1);
    }
    return rows;
}

std::string rows_note(std::size_t total) {
    if (total <= largest_data_table) return "";
    return fmt::format("{} of {} rows, evenly chosen", largest_data_table, total);
}

bool has_interval(const ChartPoint& p) {
    return std::isfinite(p.low) || std::isfinite(p.high);
}

bool any_interval(const Chart& chart) {
    for (const auto& series : chart.series) {
        if (std::any_of(series.points.begin(), series.points.end(), has_interval)) return true;
    }
    return false;
}

bool any_label(const Chart& chart) {
    for (const auto& series : chart.series) {
        for (const auto& p : series.points) {
            if (!p.label.empty()) return true;
        }
    }
    return false;
}

bool same_x(const Chart& chart) {
    for (const auto& series : chart.series) {
        const auto equal = [](const ChartPoint& a, const ChartPoint& b) { return a.x == b.x; };
        if (!std::equal(series.points.begin(), series.points.end(),
                        chart.series.front().points.begin(), chart.series.front().points.end(),
                        equal)) {
            return false;
        }
    }
    return !chart.series.empty();
}

PageCell x_cell(const Axis& axis, double x) {
    const double c = std::round(x);
    if (axis.categories.empty() || c < 0.0 || c >= static_cast<double>(axis.categories.size())) {
        return x;
    }
    return {axis.categories[static_cast<std::size_t>(c)], x};
}

/// One row per x.
PageTable shared_table(const Chart& chart) {
    PageTable table;
    table.columns.push_back({chart.x.label, chart.x.unit, chart.x.categories.empty()});
    for (const auto& series : chart.series) {
        table.columns.push_back({series.name, chart.y.unit, true});
    }
    const auto& first = chart.series.front().points;
    for (const auto r : chosen(first.size())) {
        std::vector<PageCell> row = {x_cell(chart.x, first[r].x)};
        for (const auto& series : chart.series) row.emplace_back(series.points[r].y);
        table.rows.push_back(std::move(row));
    }
    table.caption = rows_note(first.size());
    return table;
}

/// One row per point.
PageTable long_table(const Chart& chart) {
    const bool intervals = any_interval(chart), labels = any_label(chart);
    PageTable table;
    table.columns = {{"series"},
                     {chart.x.label, chart.x.unit, chart.x.categories.empty()},
                     {chart.y.label, chart.y.unit, true}};
    if (intervals) {
        table.columns.push_back({"low", chart.y.unit, true});
        table.columns.push_back({"high", chart.y.unit, true});
    }
    if (labels) table.columns.push_back({"label"});
    std::vector<std::pair<const ChartSeries*, const ChartPoint*>> all;
    for (const auto& series : chart.series) {
        for (const auto& p : series.points) all.emplace_back(&series, &p);
    }
    for (const auto r : chosen(all.size())) {
        const ChartPoint& p = *all[r].second;
        std::vector<PageCell> row = {all[r].first->name, x_cell(chart.x, p.x), p.y};
        if (intervals) row.insert(row.end(), {p.low, p.high});
        if (labels) row.emplace_back(p.label);
        table.rows.push_back(std::move(row));
    }
    table.caption = rows_note(all.size());
    return table;
}

void add_lines(const Chart& chart, PageTable& table) {
    std::string lines;
    for (const auto& mark : chart.marks) {
        lines += fmt::format("; {} at {}", mark.label, format_number(mark.x));
    }
    for (const auto& reference : chart.references) {
        lines += fmt::format("; {}: {}", reference.label, format_number(reference.y));
    }
    if (lines.empty()) return;
    table.caption += table.caption.empty() ? lines.substr(2) : lines;
}

}  // namespace

PageTable chart_data(const Chart& chart) {
    const bool shared = same_x(chart) && !any_interval(chart) && !any_label(chart);
    PageTable table = shared ? shared_table(chart) : long_table(chart);
    add_lines(chart, table);
    return table;
}

}  // namespace motley::report

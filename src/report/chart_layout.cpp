#include "chart_layout.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "markup.hpp"

namespace motley::report {
namespace {

constexpr double half_width = 520.0, full_width = 1060.0;
constexpr double half_height = 236.0, full_height = 300.0;  ///< height of the plot without its axes
constexpr double margin = 10.0;
constexpr double tick_gap = 9.0;  ///< between axis and labels
constexpr double line_height = 16.0;
constexpr double longest_category = 130.0;
constexpr double slope = label_slope * std::numbers::pi / 180.0;

void include(AxisRange& range, double value, const Axis& axis) {
    if (!std::isfinite(value) || (axis.scale == Scale::logarithmic && value <= 0.0)) return;
    range.low = std::min(range.low, value);
    range.high = std::max(range.high, value);
}

constexpr AxisRange nothing = {std::numeric_limits<double>::infinity(),
                               -std::numeric_limits<double>::infinity()};

AxisRange x_data(const Chart& chart) {
    AxisRange range = nothing;
    for (const auto& series : chart.series) {
        for (const auto& p : series.points) {
            if (std::isfinite(p.y)) include(range, p.x, chart.x);
        }
    }
    for (const auto& mark : chart.marks) include(range, mark.x, chart.x);
    return range;
}

AxisRange y_data(const Chart& chart) {
    AxisRange range = nothing;
    for (const auto& series : chart.series) {
        for (const auto& p : series.points) {
            if (!std::isfinite(p.x)) continue;
            for (const double value : {p.y, p.low, p.high}) include(range, value, chart.y);
        }
    }
    for (const auto& reference : chart.references) include(range, reference.y, chart.y);
    return range;
}

Ticks ticks_of(const Axis& axis, AxisRange range, int count) {
    return axis.scale == Scale::logarithmic ? logarithmic_ticks(range, count)
                                            : linear_ticks(range, count);
}

/// The most ticks along x whose labels have room.
Ticks fitting_ticks(const Axis& axis, AxisRange range, double length) {
    Ticks ticks;
    for (int count = 9; count >= 1; --count) {
        ticks = ticks_of(axis, range, count);
        const double slot = label_width(ticks, tick_size) + 14.0;
        if (slot * static_cast<double>(ticks.major.size()) <= length) break;
    }
    return ticks;
}

void lay_out_categories(const Chart& chart, ChartLayout& layout) {
    const double slot = layout.plot.width() / static_cast<double>(chart.x.categories.size());
    double widest = 0.0;
    for (const auto& name : chart.x.categories) {
        widest =
            std::max(widest, text_width(shorten(name, tick_size, longest_category), tick_size));
    }
    layout.rotated = widest > slot - 8.0;
    layout.label_depth = layout.rotated ? widest * std::sin(slope) + tick_size : line_height;
    const double least = (tick_size + 2.0) / std::sin(slope);
    const auto stride =
        layout.rotated ? static_cast<std::size_t>(std::max(1.0, std::ceil(least / slot))) : 1;
    for (std::size_t c = 0; c < chart.x.categories.size(); c += stride) {
        layout.categories.push_back({shorten(chart.x.categories[c], tick_size, longest_category),
                                     layout.plot.left + (static_cast<double>(c) + 0.5) * slot});
    }
}

/// Room that rotated labels need at the left of the first slot.
double overhang(const Chart& chart) {
    if (chart.x.categories.empty()) return 0.0;
    const double width =
        std::min(longest_category, text_width(chart.x.categories.front(), tick_size));
    return width * std::cos(slope) - 20.0;
}

void lay_out_legend(const Chart& chart, ChartLayout& layout, double& y) {
    const bool needed = chart.series.size() > 1 || !chart.references.empty();
    if (!needed) return;
    double x = layout.plot.left;
    const auto add = [&](std::size_t index, bool reference, const std::string& name) {
        const double room = layout.width - margin - layout.plot.left - key_width;
        const std::string text = shorten(name, tick_size, room);
        const double width = key_width + text_width(text, tick_size);
        if (x > layout.plot.left && x + width > layout.width - margin) {
            x = layout.plot.left;
            y += legend_row;
        }
        layout.legend.push_back({index, reference, text, x, y + 13.0});
        x += width + 14.0;
    };
    for (std::size_t s = 0; s < chart.series.size(); ++s) add(s, false, chart.series[s].name);
    for (std::size_t r = 0; r < chart.references.size(); ++r) {
        add(r, true, chart.references[r].label);
    }
    y += legend_row + 6.0;
}

/// Marks that the plot shows, from right to left.
std::vector<std::size_t> shown_marks(const Chart& chart, const ChartLayout& layout) {
    std::vector<std::size_t> order;
    for (std::size_t m = 0; m < chart.marks.size(); ++m) {
        const double x = chart.marks[m].x;
        if (std::isfinite(layout.x(x)) && layout.x.contains(x)) order.push_back(m);
    }
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return chart.marks[a].x > chart.marks[b].x;
    });
    return order;
}

/// Places the labels of marks above the plot, each to the right of its line and higher than the
/// ends of the lines that it passes over, in as few rows as possible. Where neighbours have the
/// same label, only the rightmost shows it.
void lay_out_marks(const Chart& chart, ChartLayout& layout, double& y) {
    struct Placed {
        double line = 0.0, begin = 0.0, end = 0.0;
        int row = 0;  ///< from the plot upwards
        std::string text = {};
    };
    std::vector<Placed> placed;
    int rows = 0;
    for (const std::size_t m : shown_marks(chart, layout)) {
        std::string text = shorten(chart.marks[m].label, tick_size, layout.plot.width());
        const double width = text_width(text, tick_size) + 4.0;
        const double line = layout.x(chart.marks[m].x);
        const double begin = std::min(line - 2.0, layout.width - width);
        Placed own{line, begin, begin + width, 0, text};
        for (const auto& p : placed) {
            if (p.text == text && p.begin < own.end) {  // one label for both
                own = {line, line, line, p.row, text};
                text.clear();
                break;
            }
            const bool passes = p.line > own.begin && p.line < own.end;
            const bool covers = p.begin < own.end && own.begin < p.end;
            if (passes || covers) own.row = std::max(own.row, p.row + 1);
        }
        placed.push_back(own);
        rows = std::max(rows, own.row + 1);
        layout.marks.push_back({m, text, begin, 0.0});
    }
    for (std::size_t i = 0; i < placed.size(); ++i) {
        layout.marks[i].y = y + line_height * (rows - 1 - placed[i].row) + 11.0;
    }
    y += line_height * rows;
}

AxisRange y_domain(const Chart& chart) {
    Axis axis = chart.y;
    axis.from_zero = axis.from_zero || chart.kind == ChartKind::bars;
    return domain(axis, y_data(chart));
}

void lay_out_across(const Chart& chart, ChartLayout& layout, double plot_height) {
    const AxisRange y_range = y_domain(chart);
    layout.y_ticks = ticks_of(chart.y, y_range, static_cast<int>(plot_height / 30.0));
    layout.y_title =
        wrap(axis_title(chart.y, layout.y_ticks.exponent), label_size, plot_height + 20.0, 2);
    layout.plot.left = std::max(overhang(chart),
                                margin + line_height * static_cast<double>(layout.y_title.size()) +
                                    label_width(layout.y_ticks, tick_size) + tick_gap);
    layout.plot.right = layout.width - margin;
    const AxisRange x_range = domain(chart.x, x_data(chart));
    if (chart.x.categories.empty()) {
        layout.x_ticks = fitting_ticks(chart.x, x_range, layout.plot.width());
        layout.plot.right -= 0.5 * label_width(layout.x_ticks, tick_size);
        layout.label_depth = line_height;
    } else {
        lay_out_categories(chart, layout);
    }
    layout.x = Scaler(chart.x.categories.empty() ? chart.x.scale : Scale::linear, x_range,
                      layout.plot.left, layout.plot.right);
    layout.x_title =
        wrap(axis_title(chart.x, layout.x_ticks.exponent), label_size, layout.plot.width(), 2);
}

}  // namespace

std::string axis_title(const Axis& axis, int exponent) {
    if (axis.unit.empty() && exponent == 0) return axis.label;
    std::string scale;
    if (exponent != 0) scale = "10^" + std::to_string(exponent);
    const bool both = !scale.empty() && !axis.unit.empty();
    return axis.label + " (" + scale + (both ? " " : "") + axis.unit + ")";
}

ChartLayout lay_out(const Chart& chart, bool with_heading) {
    ChartLayout layout;
    layout.width = chart.wide ? full_width : half_width;
    const double plot_height = chart.wide ? full_height : half_height;
    lay_out_across(chart, layout, plot_height);
    double y = margin;
    if (with_heading) {
        layout.heading = wrap(chart.title, 15.0, layout.width - 2 * margin, 2);
        y += 20.0 * static_cast<double>(layout.heading.size()) + 6.0;
    }
    lay_out_legend(chart, layout, y);
    lay_out_marks(chart, layout, y);
    layout.plot.top = y + 4.0;
    layout.plot.bottom = layout.plot.top + plot_height;
    layout.y = Scaler(chart.y.scale, y_domain(chart), layout.plot.bottom, layout.plot.top);
    layout.height = layout.plot.bottom + tick_gap + layout.label_depth +
                    line_height * static_cast<double>(layout.x_title.size()) + 2.0;
    return layout;
}

}  // namespace motley::report

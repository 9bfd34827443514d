// The places of all parts of a chart, so that none overlaps another. Nothing is drawn here.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "motley/report/document.hpp"
#include "ticks.hpp"

namespace motley::report {

inline constexpr double label_size = 13.0;
inline constexpr double tick_size = 12.0;
inline constexpr double legend_row = 18.0;
inline constexpr double key_width = 30.0;  ///< line and marker in front of a name of the legend

struct Box {
    double left = 0.0, top = 0.0, right = 0.0, bottom = 0.0;

    double width() const { return right - left; }
    double height() const { return bottom - top; }
};

/// A series or, with `reference`, a reference line; (x, y) is the left end of its base line.
struct LegendEntry {
    std::size_t index = 0;
    bool reference = false;
    std::string text;
    double x = 0.0, y = 0.0;
};

struct MarkLabel {
    std::size_t index = 0;  ///< which mark of the chart
    std::string text;
    double x = 0.0, y = 0.0;  ///< left end of its base line
};

struct CategoryLabel {
    std::string text;
    double x = 0.0;
};

struct ChartLayout {
    double width = 0.0, height = 0.0;
    Box plot;
    Scaler x, y;
    Ticks x_ticks, y_ticks;
    std::vector<CategoryLabel> categories;
    bool rotated = false;      ///< the labels of categories are rotated
    double label_depth = 0.0;  ///< height of the labels below the axis
    std::vector<LegendEntry> legend;
    std::vector<MarkLabel> marks;
    std::vector<std::string> x_title, y_title;
    std::vector<std::string> heading;
};

/// Slope of rotated labels, degrees.
inline constexpr double label_slope = 35.0;

/// `with_heading`: the chart's title is part of the picture.
ChartLayout lay_out(const Chart& chart, bool with_heading);

/// "label (unit)", with the power of ten of the ticks.
std::string axis_title(const Axis& axis, int exponent);

}  // namespace motley::report

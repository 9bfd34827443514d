// One series of a chart as SVG: line, band, error bars, markers, bars.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "chart_layout.hpp"
#include "motley/report/document.hpp"
#include "palette.hpp"

namespace motley::report {

/// The group of series `index`. Long lines are thinned; parts outside the plot are clipped.
std::string series_svg(const Chart& chart, std::size_t index, const ChartLayout& layout,
                       const std::string& clip);

/// The style of series `index`.
Style style_of(const Chart& chart, std::size_t index);

/// Indices of the points of a series that have a place in the plot.
std::vector<std::size_t> drawable_points(const Chart& chart, std::size_t index,
                                         const ChartLayout& layout);

/// Line and marker of the legend, from `x` on at height `y`.
std::string legend_key(const Chart& chart, std::size_t index, double x, double y);

/// Opening tag of an <svg> with its title and description.
std::string svg_begin(double width, double height, const std::string& title,
                      const std::string& description, bool standalone);

}  // namespace motley::report

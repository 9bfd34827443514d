// Charts as SVG.
#pragma once

#include <string>

#include "motley/report/document.hpp"

namespace motley::report {

/// An <svg> element. `id` makes its ids unique on a page; `standalone`: a file of its own, with
/// the name space, a background and its title.
std::string chart_svg(const Chart& chart, const std::string& id, bool standalone);

/// The points of a chart as a table: one column per series where all have the same x, else one row
/// per point. At most `largest_data_table` rows, evenly chosen; the caption says so.
PageTable chart_data(const Chart& chart);
inline constexpr std::size_t largest_data_table = 500;

/// One sentence for people who do not see the figure.
std::string describe(const Chart& chart);

}  // namespace motley::report

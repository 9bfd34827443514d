// The points of a series are placed in the plot, cut at gaps and thinned.
#pragma once

#include <cstddef>
#include <vector>

#include "chart_layout.hpp"
#include "motley/report/document.hpp"

namespace motley::report {

/// A point in the plot's pixels; `low` and `high` are NaN where the point has no interval.
struct Dot {
    double x = missing, y = missing, low = missing, high = missing;
    std::size_t index = 0;  ///< place of the point in its series
    bool alone = false;     ///< there is a gap before and after it

    bool has_interval() const;
};

/// Runs of consecutive points without a gap.
using Pieces = std::vector<std::vector<Dot>>;
Pieces pieces(const Chart& chart, std::size_t index, const ChartLayout& layout);
std::vector<Dot> flat(const Pieces& pieces);

std::vector<Dot> thinned_line(const std::vector<Dot>& piece);
std::vector<Dot> thinned_cloud(std::vector<Dot> dots);

/// A few points, evenly along the line, and at other places for each of `count` series, so that
/// markers distinguish the lines. Points between two gaps are among them.
std::vector<Dot> sparse(const Pieces& lines, std::size_t index, std::size_t count);

bool inside(const Dot& dot, const ChartLayout& layout);
/// The y coordinate of `value`; `otherwise` where the value has no place on the axis.
double height_of(const ChartLayout& layout, double value, double otherwise);

}  // namespace motley::report

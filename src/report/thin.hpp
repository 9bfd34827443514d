// Removes points that do not change the picture.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace motley::report {

/// Indices, ascending, of the points that a line needs: of consecutive points in one pixel column
/// the first, the last, the lowest and the highest (M4: Jugel, Jerzak, Hackenbroich, Markl, PVLDB
/// 7 (2014), doi:10.14778/2732951.2732953). In every column the line covers the same heights as
/// the whole one. `x` and `y` are finite and in pixels, `column` is the width of a column.
std::vector<std::size_t> thin_line(std::span<const double> x, std::span<const double> y,
                                   double column);

/// Indices, ascending, of the points that a cloud needs: the first one in every square of side
/// `cell`.
std::vector<std::size_t> thin_cloud(std::span<const double> x, std::span<const double> y,
                                    double cell);

}  // namespace motley::report

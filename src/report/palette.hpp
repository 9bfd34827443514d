// The looks of series: colours that people with any kind of colour vision distinguish (the first
// six are those of Okabe and Ito, jfly.uni-koeln.de/color, 2008), and, for prints without colour,
// shapes of markers and dashes.
#pragma once

#include <cstddef>

namespace motley::report {

inline constexpr const char* ink = "#222222";
inline constexpr const char* faint_ink = "#555555";
inline constexpr const char* grid_colour = "#e4e4e4";

struct Style {
    const char* colour;
    const char* dash;    ///< stroke-dasharray, "none": solid
    const char* marker;  ///< path around (0, 0)
};

/// No two of the first `distinct_colours` series of a chart have the same colour.
inline constexpr std::size_t distinct_colours = 24;

/// Style of series `index`; no two of the first 1152 are alike.
Style style(std::size_t index);
/// Dashes of reference line `index`.
const char* reference_dash(std::size_t index);

}  // namespace motley::report

// How series are told apart: colours of Okabe and Ito (jfly.uni-koeln.de/color, 2008) for people
// who see colours differently, and for everyone on grey paper marker shapes and dashes.
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

/// Style of series `index`; no two of the first 56 are alike.
Style style(std::size_t index);
/// Dashes of reference line `index`.
const char* reference_dash(std::size_t index);

}  // namespace motley::report

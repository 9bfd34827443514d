// The fixed parts of every report.
#pragma once

namespace motley::report {

/// Style sheet for screen and paper.
extern const char* const style_sheet;
/// Sorts tables, shows the numbers of points, hides series. The page is complete without it.
extern const char* const script;

}  // namespace motley::report

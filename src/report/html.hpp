// The fixed parts of every report.
#pragma once

namespace motley::report {

/// Style sheet for screen and paper.
extern const char* const style_sheet;
/// Sorting, tooltips and the switching of series. Everything is there without it.
extern const char* const script;

}  // namespace motley::report

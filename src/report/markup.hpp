// Text for HTML and SVG is escaped, measured and shortened here; numbers are written without a
// locale.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace motley::report {

/// For element content and attribute values of XML: the five special characters become references,
/// control characters and bytes that are not UTF-8 become U+FFFD.
std::string escape(std::string_view text);

/// A coordinate: at most two digits behind the point. Internal error unless finite.
std::string coordinate(double value);

/// The shortest text with 6 significant digits, for tooltips and data; empty unless finite.
std::string plain_number(double value);

/// Width of `text` at a font size, estimated. For Arial and similar fonts (which reports request)
/// it is an upper bound for whole words.
double text_width(std::string_view text, double size);

/// `text`, or its beginning with an ellipsis that is not wider than `width`.
std::string shorten(std::string_view text, double size, double width);

/// Breaks `text` at blanks into at most `lines` lines that are not wider than `width`; the last is
/// shortened.
std::vector<std::string> wrap(std::string_view text, double size, double width, std::size_t lines);

}  // namespace motley::report

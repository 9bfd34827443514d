// Tables as HTML.
#pragma once

#include <string>

#include "motley/report/document.hpp"

namespace motley::report {

/// A table in a box that scrolls sideways. `caption` is markup, stands above the table unless it is
/// empty, and gets the page-wide unique `id`. Cells at the beginning of a row that repeat those of
/// the row above are marked ("same"): the page leaves them blank, while search, clipboard, sorting
/// and screen readers find their text. Internal error where a row is not as long as the table is
/// wide.
std::string table_html(const PageTable& table, const std::string& caption, const std::string& id);

}  // namespace motley::report

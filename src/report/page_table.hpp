// Tables as HTML.
#pragma once

#include <string>

#include "motley/report/document.hpp"

namespace motley::report {

/// A <table>; `caption` is markup and goes into its <caption> unless empty.
std::string table_html(const PageTable& table, const std::string& caption);

}  // namespace motley::report

// How the reference page puts a row of the key table into words.
#pragma once

#include <string>

#include "job/key_table.hpp"

namespace motley::job {

/// "integer", "list of \"a\", \"b\"", ...
std::string type_text(const Binding& binding);
/// The default as TOML; empty where there is none.
std::string default_text(const KeyTable& table, const Key& key);
/// A group of keys of an alternative: "`agents` !", "`radius` or `mean_degree` !".
std::string group_text(const Alternative::Group& group);

}  // namespace motley::job

// The partitioners that this build has.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace motley::partition {

/// Names and versions of the libraries that partition graphs: "metis" and "scotch"; the version is
/// "none" for a library that was left out of the build.
std::vector<std::pair<std::string, std::string>> library_versions();

}  // namespace motley::partition

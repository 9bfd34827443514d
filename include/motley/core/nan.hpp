// What stands for a value that there is not.
#pragma once

#include <limits>

namespace motley {

inline constexpr double nan = std::numeric_limits<double>::quiet_NaN();

}  // namespace motley

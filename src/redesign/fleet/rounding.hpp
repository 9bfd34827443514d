// When two numbers of a fleet are taken for the same.
#pragma once

namespace motley::fleet {

/// The relative difference that sums and linear programmes leave between numbers that are equal.
constexpr double rounding = 1e-9;

}  // namespace motley::fleet

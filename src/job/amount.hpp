// Numbers of a job file that may be intervals.
#pragma once

#include <string>

#include "job/key_table.hpp"
#include "motley/redesign/fleet/scenario.hpp"

namespace motley::job {

/// Reads 2.99, [2.49, 8.22] or { value = 3, low = 2.5, high = 8, distribution = "lognormal" }. The
/// value of [low, high] is the middle.
fleet::Uncertain amount_of(const Value& value);
/// Says what is wrong with `value`, a number, a list or a table; empty: nothing is.
std::string fault_of(const Value& value, const NumberRange& range);
/// The value from which `amount_of` reads the number.
Value to_value(const fleet::Uncertain& number);

}  // namespace motley::job

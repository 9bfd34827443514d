// Numbers that may be intervals, as the job file has them.
#pragma once

#include <string>

#include "job/key_table.hpp"
#include "motley/redesign/fleet/scenario.hpp"

namespace motley::job {

/// 2.99, [2.49, 8.22] or { value = 3, low = 2.5, high = 8, distribution = "lognormal" }. The value
/// of [low, high] is the middle.
fleet::Uncertain amount_of(const Value& value);
/// What is wrong with it, or nothing; `value` is a number, a list or a table.
std::string fault_of(const Value& value, const NumberRange& range);
/// The way back.
Value to_value(const fleet::Uncertain& number);

}  // namespace motley::job

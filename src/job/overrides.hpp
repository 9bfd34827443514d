// Puts the values of `--set a.b=value` into the tree of a job before it is read.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "job/findings.hpp"
#include "job/value.hpp"

namespace motley::job {

/// The target of the overrides: in a job `topology` may name a file, and the keys of [factors] have
/// dots; a topology by itself has neither.
enum class Overridden { job, topology };

/// Applies `overrides` in order. `folder`: where relative paths in them are searched first.
void apply_overrides(Value& root, const std::vector<std::string>& overrides,
                     const std::filesystem::path& folder, Findings& findings, Overridden what);

/// Puts `value` at a dotted path below `root`, making tables on the way. False, with a finding at
/// the value's place, where the path leads through something that is not a table.
bool put_at(Value& root, const std::string& path, const Value& value, Findings& findings);

}  // namespace motley::job

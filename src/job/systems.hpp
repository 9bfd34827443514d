// The systems of a comparison: whole runs, each in a file of its own or in a table.
#pragma once

#include <vector>

#include "job/findings.hpp"
#include "job/read_compare.hpp"
#include "job/value.hpp"

namespace motley::job {

/// The path of the factor that systems are.
inline constexpr const char* system_path = "system";

/// Replaces names of files in `systems` of `root` by what the files hold: their sections, and a
/// `name`, which is that of the run or of its file. Relative paths inside of them are resolved
/// against their folders.
void expand_systems(Value& root, Findings& findings);

/// Puts the factor of the systems before the others; nothing where there are none. Sections of a
/// system replace those of [base].
void add_system_factor(Value& root, std::vector<Factor>& factors, Findings& findings);

}  // namespace motley::job

// Puts the defaults of a preset into the tree of a job before it is read.
#pragma once

#include <set>
#include <string>

#include "job/findings.hpp"
#include "job/value.hpp"
#include "motley/job/preset.hpp"

namespace motley::job {

/// Adds the keys of the preset that `root` names, where `root` does not have them. An unknown
/// preset adds nothing; the key table reports it.
void apply_preset(Value& root, Findings& findings);
/// Paths of all keys that some preset decides.
std::set<std::string> preset_paths();

}  // namespace motley::job

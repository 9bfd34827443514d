// kind = "swarm": reads the keys and checks that they fit together.
#pragma once

#include "job/findings.hpp"
#include "job/key_table.hpp"
#include "motley/job/job.hpp"

namespace motley::job {

/// Words of the job file in the order of the enumerators.
const std::vector<std::string>& policy_words();
const std::vector<std::string>& operator_words();

/// Reads a whole swarm. Throws a usage error with all findings. `root` is the job file.
Swarm read_swarm(Value& root, Findings& findings);

/// The same swarm with every key and default; `root` is the file as `read_swarm` left it.
std::string resolved_text(const Swarm& job, const Value& root);

}  // namespace motley::job

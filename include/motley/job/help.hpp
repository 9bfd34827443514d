// Help for those who write job files: a job of each kind to start from, and what a key means.
#pragma once

#include <string>
#include <vector>

namespace motley::job {

/// The values of the key `kind`.
std::vector<std::string> job_kinds();
/// A commented job of this kind, which is valid as it stands. `kind` is one of `job_kinds()`.
std::string new_job(const std::string& kind);

/// What the reference page says of a key, a section, or a value that a key chooses ("ring"): where
/// it stands, type, range, unit, default, meaning. `key` is a path or its end: "openness",
/// "model.openness". Usage error with the nearest names where there is none.
std::string explain(const std::string& key);

}  // namespace motley::job

// Named topologies: TOML files in folders called topologies/.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "job/findings.hpp"
#include "job/keys.hpp"

namespace motley::job {

struct TopologyFile {
    Value keys;  ///< keys of [topology]
    Description description;
    std::filesystem::path path;
};

/// The file of the topology `name`, or, where `name` ends in .toml, that file. Searched in the
/// folder of the text that names it, in the folders above, in the working directory, in
/// $MOTLEY_TOPOLOGIES and beside the program. A fault becomes a finding at `name`.
std::optional<TopologyFile> find_topology(const Value& name, Findings& findings);

/// Replaces a string by the table that it names. A failure is reported and leaves no value.
void expand_topology(Value& topology, Findings& findings);
/// Does the same for a whole job: [topology], and those in [base] and in each [design.NAME].
void expand_topologies(Value& root, Findings& findings);

}  // namespace motley::job

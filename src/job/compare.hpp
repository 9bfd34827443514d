// kind = "compare": from factors to the runs of all combinations.
#pragma once

#include <string>
#include <vector>

#include "job/findings.hpp"
#include "job/table.hpp"
#include "motley/job/job.hpp"

namespace motley::job {

struct FactorLevel {
    Value value;
    std::string label;  ///< as it is shown in tables
};

struct Factor {
    std::string path;  ///< "topology", "model.openness"
    const Key* key = nullptr;
    Place place;
    std::vector<FactorLevel> levels;
};

/// The factors of [factors] in file order, ranges spelled out, named topologies read.
std::vector<Factor> read_factors(Value& factors, Findings& findings);

/// Reads a whole comparison. `root` is its file; paths and named topologies in it are resolved.
Compare read_compare(Value& root, Findings& findings, std::vector<Factor>& factors);

/// The same comparison with every key and default.
std::string resolved_text(const Compare& compare, const Value& root,
                          const std::vector<Factor>& factors);

}  // namespace motley::job

// Reads jobs of kind = "compare": the factors, and the runs of all combinations of their levels.
#pragma once

#include <string>
#include <vector>

#include "job/factor_range.hpp"
#include "job/findings.hpp"
#include "job/key_table.hpp"
#include "motley/job/job.hpp"

namespace motley::job {

struct FactorLevel {
    Value value;
    std::string label;  ///< text in tables
};

struct Factor {
    std::string path;  ///< "topology", "model.openness"
    const Key* key = nullptr;
    Position place;
    std::vector<FactorLevel> levels;
    bool sampled = false;  ///< level s is the value of sample s, drawn from `range`
    FactorRange range;
};

/// The keys that factors vary. `read_part` finds the faults of some of them alone.
struct FactorBase {
    const KeyTable& keys;
    void (*read_part)(Value& given, Findings& findings);
};

/// The factors of [factors] in file order, ranges spelled out or sampled, named topologies read.
/// `base` must outlive the findings.
std::vector<Factor> read_factors(const FactorBase& base, Value& factors, const Sampling& sampling,
                                 Findings& findings);

/// Puts a level of each factor into the tree of a job, whole tables before keys in them.
void put_levels(Value& tree, const std::vector<Factor>& factors, const std::vector<std::size_t>& at,
                Findings& findings);
/// [factors] with all levels spelled out.
Value levels_of(const std::vector<Factor>& factors);

/// The cells of a comparison as levels of the factors, the last factor changing fastest; sampled
/// factors change together, as one factor that comes last.
struct FactorLayout {
    std::vector<std::vector<std::size_t>> cells;  ///< cell x factor
    std::vector<std::int64_t> baselines;  ///< the cell with which each cell is compared, or -1
};
/// `compared` < 0: there is no factor with a baseline.
FactorLayout make_layout(const std::vector<Factor>& factors, int compared,
                         const std::string& baseline);

/// Reads a whole comparison. `root` is its file; paths and named topologies in it are resolved.
Compare read_compare(Value& root, Findings& findings, std::vector<Factor>& factors);

/// The same comparison with every key and default.
std::string resolved_text(const Compare& compare, const Value& root,
                          const std::vector<Factor>& factors);

}  // namespace motley::job

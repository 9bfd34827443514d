// Rows from unordered arcs: sorting, merging of parallel arcs, and the reverse direction.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "motley/topology/graph_statistics.hpp"

namespace motley::topology {

/// Builds merged rows in two passes over the same arcs: call `count` for each arc, `allocate`,
/// `add` for each arc, then `finish`. The order of the arcs does not change a bit of the result.
class RowBuilder {
  public:
    explicit RowBuilder(AgentId agents);

    void count(AgentId source) { fill_[static_cast<std::size_t>(source) + 1] += 1; }
    void allocate();
    void add(const Arc& arc) {
        const auto at = static_cast<std::size_t>(fill_[static_cast<std::size_t>(arc.source)]++);
        entries_[at] = {arc.target, arc.weight, arc.survival};
    }
    /// Merges parallel arcs. With `sum`, weights add up and survival is the weighted mean;
    /// otherwise the first arc in order of (weight, survival) stays. `weights` stays empty where
    /// all are 1, `survivals` where all are `survival`.
    Csr finish(bool sum, double survival);

  private:
    struct RowEntry {
        AgentId target;
        double weight;
        double survival;
    };

    std::int64_t merge_row(std::span<RowEntry> row, std::int64_t kept, bool sum);
    RowEntry merge_parallel(std::span<const RowEntry> parallel, bool sum) const;

    AgentId agents_;
    std::vector<std::int64_t> offsets_;
    std::vector<std::int64_t> fill_;
    std::vector<RowEntry> entries_;
};

/// The neighbours of `agent`.
inline std::span<const AgentId> row_of(const Csr& rows, AgentId agent) {
    const auto begin = static_cast<std::size_t>(rows.offsets[static_cast<std::size_t>(agent)]);
    const auto end = static_cast<std::size_t>(rows.offsets[static_cast<std::size_t>(agent) + 1]);
    return {rows.targets.data() + begin, end - begin};
}

/// Makes rows with both directions of each edge from rows that hold it once, at its smaller agent.
/// A loop stays once.
Csr mirror(const Csr& upper);

}  // namespace motley::topology

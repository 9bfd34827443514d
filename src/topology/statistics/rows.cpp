// Rows from unordered arcs: sorting, merging of parallel arcs, and the reverse direction.
#include "topology/statistics/rows.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "motley/core/error.hpp"

namespace motley::topology {
namespace {

/// Turns the count of row i, which is stored at i + 1, into the offset of row i.
void accumulate_counts(std::vector<std::int64_t>& offsets) {
    for (std::size_t i = 1; i < offsets.size(); ++i) offsets[i] += offsets[i - 1];
}

std::vector<std::int64_t> counted(AgentId agents) {
    return std::vector<std::int64_t>(static_cast<std::size_t>(agents) + 1, 0);
}

/// Puts arcs into rows whose sizes are known, one after the other.
class RowFiller {
  public:
    RowFiller(const Csr& from, Csr& to) : from_(from), to_(to), fill_(to.offsets) {
        to_.targets.resize(static_cast<std::size_t>(to.offsets.back()));
        if (!from.weights.empty()) to_.weights.resize(to_.targets.size());
        if (!from.survivals.empty()) to_.survivals.resize(to_.targets.size());
    }

    /// Adds arc `index` of `from` as source -> target.
    void put(AgentId source, AgentId target, std::size_t index) {
        const auto at = static_cast<std::size_t>(fill_[static_cast<std::size_t>(source)]++);
        to_.targets[at] = target;
        if (!from_.weights.empty()) to_.weights[at] = from_.weights[index];
        if (!from_.survivals.empty()) to_.survivals[at] = from_.survivals[index];
    }

  private:
    const Csr& from_;
    Csr& to_;
    std::vector<std::int64_t> fill_;
};

/// Calls `visit(source, target, index)` for all arcs in order.
template <class Visit>
void for_each_arc(const Csr& rows, Visit visit) {
    std::size_t index = 0;
    for (AgentId source = 0; source < rows.agents; ++source) {
        for (const AgentId target : row_of(rows, source)) visit(source, target, index++);
    }
}

}  // namespace

RowBuilder::RowBuilder(AgentId agents) : agents_(agents), fill_(counted(agents)) {}

void RowBuilder::allocate() {
    accumulate_counts(fill_);
    offsets_ = fill_;
    entries_.resize(static_cast<std::size_t>(offsets_.back()));
}

RowBuilder::RowEntry RowBuilder::merge_parallel(std::span<const RowEntry> parallel,
                                                bool sum) const {
    RowEntry merged = parallel.front();
    if (!sum || parallel.size() == 1) return merged;
    // A running mean stays within the range of its arguments; a quotient of sums may not.
    double low = merged.survival, high = merged.survival;
    for (const RowEntry& entry : parallel.subspan(1)) {
        merged.weight += entry.weight;
        const double share = entry.weight / merged.weight;
        merged.survival += (entry.survival - merged.survival) * share;
        low = std::min(low, entry.survival);
        high = std::max(high, entry.survival);
    }
    merged.survival = std::clamp(merged.survival, low, high);
    return merged;
}

/// Sorts one row and merges it into the entries from `kept` on; returns the new value of `kept`.
std::int64_t RowBuilder::merge_row(std::span<RowEntry> row, std::int64_t kept, bool sum) {
    std::ranges::sort(row, {},
                      [](const RowEntry& e) { return std::tuple(e.target, e.weight, e.survival); });
    for (std::size_t begin = 0; begin < row.size();) {
        std::size_t end = begin + 1;
        while (end < row.size() && row[end].target == row[begin].target) end += 1;
        entries_[static_cast<std::size_t>(kept++)] =
            merge_parallel(row.subspan(begin, end - begin), sum);
        begin = end;
    }
    return kept;
}

Csr RowBuilder::finish(bool sum, double survival) {
    Csr rows;
    rows.agents = agents_;
    rows.offsets = counted(agents_);
    std::int64_t kept = 0;
    for (std::size_t i = 0; i < static_cast<std::size_t>(agents_); ++i) {
        const auto begin = static_cast<std::size_t>(offsets_[i]);
        const auto end = static_cast<std::size_t>(offsets_[i + 1]);
        kept = merge_row({entries_.data() + begin, end - begin}, kept, sum);
        rows.offsets[i + 1] = kept;
    }
    entries_.resize(static_cast<std::size_t>(kept));
    const bool weights = std::ranges::any_of(entries_, [](auto& e) { return e.weight != 1.0; });
    const bool survivals =
        std::ranges::any_of(entries_, [&](auto& e) { return e.survival != survival; });
    rows.targets.reserve(entries_.size());
    if (weights) rows.weights.reserve(entries_.size());
    if (survivals) rows.survivals.reserve(entries_.size());
    for (const RowEntry& entry : entries_) {
        rows.targets.push_back(entry.target);
        if (weights) rows.weights.push_back(entry.weight);
        if (survivals) rows.survivals.push_back(entry.survival);
    }
    return rows;
}

Csr mirror(const Csr& upper) {
    Csr both;
    both.agents = upper.agents;
    both.offsets = counted(upper.agents);
    for_each_arc(upper, [&](AgentId source, AgentId target, std::size_t) {
        both.offsets[static_cast<std::size_t>(source) + 1] += 1;
        if (source != target) both.offsets[static_cast<std::size_t>(target) + 1] += 1;
    });
    accumulate_counts(both.offsets);
    // Each row receives its smaller neighbours first, in the order of their rows, so the result is
    // sorted.
    RowFiller filler(upper, both);
    for_each_arc(upper, [&](AgentId source, AgentId target, std::size_t index) {
        if (source != target) filler.put(target, source, index);
    });
    for_each_arc(upper, [&](AgentId source, AgentId target, std::size_t index) {
        filler.put(source, target, index);
    });
    return both;
}

Csr gather_rows(const Topology& topology) {
    const Traits traits = topology.traits();
    RowBuilder builder(topology.agents());
    topology.arcs(0, 1, [&](std::span<const Arc> arcs) {
        for (const Arc& arc : arcs) builder.count(arc.source);
    });
    builder.allocate();
    topology.arcs(0, 1, [&](std::span<const Arc> arcs) {
        for (const Arc& arc : arcs) builder.add(arc);
    });
    return builder.finish(traits.sum_parallel, traits.survival);
}

}  // namespace motley::topology

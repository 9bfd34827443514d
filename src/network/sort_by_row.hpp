// Sorts entries of rows by their rows, in place.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "motley/network/owned_agents.hpp"

namespace motley::network {

/// Permutes entries in place so that those of class 0 come first, then those of class 1 and so on.
/// `next` holds where each class begins, and afterwards where it ends. Not stable. P. McIlroy,
/// K. Bostic, M. McIlroy, "Engineering radix sort", Computing Systems 6, 5-27 (1993).
template <class Entry, class ClassOf>
void permute(std::span<Entry> entries, std::span<std::uint64_t> next, ClassOf class_of) {
    if (next.empty()) return;
    std::vector<std::uint64_t> ends(next.begin() + 1, next.end());
    ends.push_back(entries.size());
    for (std::size_t c = 0; c < next.size(); ++c) {
        for (; next[c] < ends[c]; ++next[c]) {
            Entry entry = entries[next[c]];
            for (std::size_t to = class_of(entry); to != c; to = class_of(entry)) {
                std::swap(entry, entries[next[to]++]);
            }
            entries[next[c]] = entry;
        }
    }
}

/// Sorts entries by the position of their `row` among the owned agents; all rows must be owned.
/// Returns where the entries of each position begin, and the end of the last. Entries are first
/// brought near their rows: a sort that goes to rows in random order waits for memory at each
/// entry.
template <class Entry>
std::vector<std::uint64_t> sort_by_row(std::vector<Entry>& entries, const OwnedAgents& owned) {
    std::vector<std::uint64_t> offsets(owned.size() + 1, 0);
    if (owned.size() == 0 || entries.empty()) return offsets;
    constexpr std::size_t most_groups = 1024, rows_per_group = 4096;
    const auto first = static_cast<std::uint64_t>(owned.ids().front());
    const std::uint64_t range = static_cast<std::uint64_t>(owned.ids().back()) - first + 1;
    const std::size_t groups = std::min(most_groups, owned.size() / rows_per_group + 1);
    const int shift = std::bit_width((range - 1) / groups);
    const auto group_of = [&](const Entry& entry) {
        return static_cast<std::size_t>((entry.row - first) >> shift);
    };
    std::vector<std::uint64_t> next(groups + 1, 0);
    for (const Entry& entry : entries) next[group_of(entry) + 1] += 1;
    for (std::size_t g = 0; g < groups; ++g) next[g + 1] += next[g];
    next.pop_back();
    std::vector<std::uint64_t> begins = next;
    begins.push_back(entries.size());
    permute(std::span(entries), std::span(next), group_of);

    std::size_t position = 0;
    for (std::size_t g = 0; g < groups; ++g) {
        const auto group = std::span(entries).subspan(begins[g], begins[g + 1] - begins[g]);
        const std::size_t from = position;
        while (position < owned.size() &&
               (static_cast<std::uint64_t>(owned[position]) - first) >> shift == g) {
            ++position;
        }
        const auto position_of = [&](const Entry& entry) {
            return static_cast<std::size_t>(owned.find(entry.row)) - from;
        };
        next.assign(position - from + 1, 0);
        for (const Entry& entry : group) next[position_of(entry) + 1] += 1;
        for (std::size_t p = from; p < position; ++p) {
            next[p - from + 1] += next[p - from];
            offsets[p + 1] = begins[g] + next[p - from + 1];
        }
        next.pop_back();
        permute(group, std::span(next), position_of);
    }
    return offsets;
}

}  // namespace motley::network

// Records in the order of their keys, and of the sites of a key.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

namespace motley::swarm {

template <class Record>
bool comes_before(const Record& a, const Record& b) {
    return a.key != b.key ? a.key < b.key : a.site < b.site;
}

/// Sorts by (key, site). Keys are evenly spread over 64 bits, so that their highest bits part the
/// records into small lists, and those of a key mostly come in the order of their sites: the work
/// is linear in the records.
template <class Record>
std::vector<Record> by_key(const std::vector<Record>& records) {
    constexpr std::size_t records_of_a_list = 8;
    const int bits = std::bit_width(records.size() / records_of_a_list) + 1;
    const auto list_of = [&](const Record& record) {
        return static_cast<std::size_t>(record.key >> (64 - bits));
    };
    std::vector<std::size_t> next((std::size_t{1} << bits) + 1);
    for (const Record& record : records) ++next[list_of(record) + 1];
    for (std::size_t list = 1; list < next.size(); ++list) next[list] += next[list - 1];
    std::vector<Record> sorted(records.size());
    for (const Record& record : records) sorted[next[list_of(record)]++] = record;
    std::size_t begin = 0;
    for (std::size_t list = 0; list + 1 < next.size(); ++list) {  // next: where the list ends
        const std::span<Record> part(sorted.data() + begin, next[list] - begin);
        if (!std::ranges::is_sorted(part, comes_before<Record>)) {
            std::ranges::sort(part, comes_before<Record>);
        }
        begin = next[list];
    }
    return sorted;
}

/// The same of runs that are sorted, one after the other: `counts` records each.
template <class Record>
std::vector<Record> merged(std::vector<Record> records, const std::vector<std::int64_t>& counts) {
    std::vector<std::size_t> starts = {0};
    for (const std::int64_t count : counts) {
        starts.push_back(starts.back() + static_cast<std::size_t>(count));
    }
    std::vector<Record> other(starts.size() > 2 ? records.size() : 0);
    while (starts.size() > 2) {
        // Each pair of runs becomes one.
        std::vector<std::size_t> left = {0};
        for (std::size_t run = 0; run + 1 < starts.size(); run += 2) {
            const std::size_t end = starts[std::min(run + 2, starts.size() - 1)];
            const auto first = records.begin() + static_cast<std::ptrdiff_t>(starts[run]);
            const auto middle = records.begin() + static_cast<std::ptrdiff_t>(starts[run + 1]);
            const auto last = records.begin() + static_cast<std::ptrdiff_t>(end);
            std::merge(first, middle, middle, last,
                       other.begin() + static_cast<std::ptrdiff_t>(starts[run]),
                       comes_before<Record>);
            left.push_back(end);
        }
        records.swap(other);
        starts = std::move(left);
    }
    return records;
}

}  // namespace motley::swarm

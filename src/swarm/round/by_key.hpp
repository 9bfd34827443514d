// Records in the order of their keys, and of the sites of a key.
#pragma once

#include <algorithm>
#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

namespace motley::swarm {

/// Sorts by (key, site). Keys are well mixed, and records of a key mostly come in the order of
/// their sites, so that counting them by key and moving each to its place is linear in the records.
template <class Record>
std::vector<Record> by_key(std::vector<Record> records) {
    std::unordered_map<std::uint64_t, std::size_t> number_of;  // of a key, by first appearance
    std::vector<std::pair<std::uint64_t, std::size_t>> keys;   // key and its number
    std::vector<std::size_t> counts;
    std::vector<std::uint32_t> numbers;
    numbers.reserve(records.size());
    for (const Record& record : records) {
        const auto [at, is_new] = number_of.try_emplace(record.key, counts.size());
        if (is_new) {
            keys.emplace_back(record.key, at->second);
            counts.push_back(0);
        }
        ++counts[at->second];
        numbers.push_back(static_cast<std::uint32_t>(at->second));
    }
    std::ranges::sort(keys);
    std::vector<std::size_t> next(counts.size());
    std::size_t begin = 0;
    for (const auto& [key, number] : keys) {
        next[number] = begin;
        begin += counts[number];
    }
    std::vector<Record> sorted(records.size());
    for (std::size_t i = 0; i < records.size(); ++i) sorted[next[numbers[i]]++] = records[i];
    for (const auto& [key, number] : keys) {
        const auto end = sorted.begin() + static_cast<std::ptrdiff_t>(next[number]);
        const std::ranges::subrange bucket(end - static_cast<std::ptrdiff_t>(counts[number]), end);
        if (!std::ranges::is_sorted(bucket, {}, &Record::site)) {
            std::ranges::sort(bucket, {}, &Record::site);
        }
    }
    return sorted;
}

}  // namespace motley::swarm

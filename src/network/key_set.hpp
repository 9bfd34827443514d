// A set of keys, built from many duplicates, with the place of each key among the ascending ones.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

namespace motley::network {

/// Keys in [0, range). Where the range is not much larger than what the rank holds anyway, a bit
/// per key replaces sorting.
class KeySet {
  public:
    /// `size`: numbers that the rank holds anyway.
    KeySet(std::int64_t range, std::int64_t size) {
        constexpr std::int64_t bits_per_number = 64;
        if (range <= bits_per_number * size + (std::int64_t{1} << 20)) {
            words_.assign(static_cast<std::size_t>(range / 64 + 1), 0);
        }
    }

    void add(std::int64_t key) {
        if (!words_.empty()) {
            words_[word_of(key)] |= bit_of(key);
            return;
        }
        keys_.push_back(key);
        if (keys_.size() > (std::size_t{1} << 22) && keys_.size() > 2 * distinct_) compact();
    }

    /// Ends the additions.
    void close() {
        if (words_.empty()) return compact();
        before_.reserve(words_.size());
        std::uint32_t count = 0;
        for (const std::uint64_t word : words_) {
            before_.push_back(count);
            count += static_cast<std::uint32_t>(std::popcount(word));
        }
        keys_.reserve(count);
        for (std::size_t w = 0; w < words_.size(); ++w) {
            for (std::uint64_t left = words_[w]; left != 0; left &= left - 1) {
                keys_.push_back(static_cast<std::int64_t>(64 * w) + std::countr_zero(left));
            }
        }
    }

    // After `close`.

    /// The distinct keys, ascending.
    const std::vector<std::int64_t>& keys() const { return keys_; }
    /// The number of lesser keys; `key` must be one of the set.
    std::size_t place_of(std::int64_t key) const {
        if (words_.empty()) {
            return static_cast<std::size_t>(std::lower_bound(keys_.begin(), keys_.end(), key) -
                                            keys_.begin());
        }
        const std::size_t word = word_of(key);
        return before_[word] +
               static_cast<std::size_t>(std::popcount(words_[word] & (bit_of(key) - 1)));
    }

  private:
    static std::size_t word_of(std::int64_t key) { return static_cast<std::size_t>(key) / 64; }
    static std::uint64_t bit_of(std::int64_t key) { return std::uint64_t{1} << (key % 64); }
    void compact() {
        std::sort(keys_.begin(), keys_.end());
        keys_.erase(std::unique(keys_.begin(), keys_.end()), keys_.end());
        distinct_ = keys_.size();
    }

    std::vector<std::int64_t> keys_;
    std::size_t distinct_ = 0;
    std::vector<std::uint64_t> words_;   ///< a bit per key; empty: keys are sorted
    std::vector<std::uint32_t> before_;  ///< keys in lesser words
};

}  // namespace motley::network

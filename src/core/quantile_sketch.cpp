#include "motley/core/quantile_sketch.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace motley {
namespace {

/// Bits of a double that are dropped: 52 of the mantissa less the 14 that are kept.
constexpr int dropped = 38;

/// The number of the bin of a value; it rises with the value.
std::int64_t bin_of(double value) {
    const auto bits = std::bit_cast<std::uint64_t>(std::abs(value)) >> dropped;
    const auto size = static_cast<std::int64_t>(bits);
    return value < 0.0 ? -1 - size : size;
}

}  // namespace

void QuantileSketch::add(double value) {
    if (std::isnan(value)) return;
    Bin& bin = bins_.try_emplace(bin_of(value), Bin{0, value}).first->second;
    bin.largest = std::max(bin.largest, value);
    ++bin.count;
    ++count_;
}

void QuantileSketch::merge(const QuantileSketch& other) {
    for (const auto& [number, theirs] : other.bins_) {
        Bin& bin = bins_.try_emplace(number, Bin{0, theirs.largest}).first->second;
        bin.largest = std::max(bin.largest, theirs.largest);
        bin.count += theirs.count;
    }
    count_ += other.count_;
}

double QuantileSketch::quantile(double q) const {
    if (count_ == 0 || std::isnan(q)) return std::numeric_limits<double>::quiet_NaN();
    const auto last = static_cast<double>(count_);
    const double rank = std::clamp(std::floor(q * (last + 1.0)), 1.0, last);
    double seen = 0.0;
    for (const auto& [number, bin] : bins_) {
        seen += static_cast<double>(bin.count);
        if (seen >= rank) return bin.largest;
    }
    return bins_.rbegin()->second.largest;
}

std::vector<double> QuantileSketch::packed() const {
    std::vector<double> words;
    words.reserve(2 * bins_.size());
    for (const auto& [number, bin] : bins_) {
        words.push_back(bin.largest);
        words.push_back(static_cast<double>(bin.count));
    }
    return words;
}

QuantileSketch QuantileSketch::unpack(std::span<const double> words) {
    QuantileSketch out;
    for (std::size_t i = 0; i + 1 < words.size(); i += 2) {
        const auto count = static_cast<std::int64_t>(words[i + 1]);
        out.bins_[bin_of(words[i])] = {count, words[i]};
        out.count_ += count;
    }
    return out;
}

}  // namespace motley

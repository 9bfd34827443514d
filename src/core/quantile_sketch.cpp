#include "motley/core/quantile_sketch.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace motley {
namespace {

constexpr int bin_bits = 14, page_bits = 8;
constexpr std::int64_t page_size = std::int64_t{1} << page_bits;

/// The number of the bin of a value. It rises with the value.
std::int64_t bin_of(double value) {
    constexpr int dropped = std::numeric_limits<double>::digits - 1 - bin_bits;
    const auto bits = std::bit_cast<std::uint64_t>(std::abs(value));
    const auto size = static_cast<std::int64_t>(bits >> dropped);
    return std::signbit(value) ? -1 - size : size;
}

}  // namespace

void QuantileSketch::add(double largest, std::int64_t count) {
    const double value = largest + 0.0;  // no -0
    const std::int64_t bin = bin_of(value);
    // The shift rounds down for negative numbers too.
    Page& page = pages_[bin >> page_bits];
    if (page.empty()) page.resize(page_size);
    Bin& found = page[static_cast<std::size_t>(bin & (page_size - 1))];
    found.largest = found.count == 0 ? value : std::max(found.largest, value);
    found.count += count;
    count_ += count;
}

void QuantileSketch::add(double value) {
    if (!std::isnan(value)) add(value, 1);
}

void QuantileSketch::merge(const QuantileSketch& other) {
    for (const auto& [number, page] : other.pages_) {
        for (const Bin& bin : page) {
            if (bin.count > 0) add(bin.largest, bin.count);
        }
    }
}

void QuantileSketch::merge(std::span<const double> packed) {
    for (std::size_t i = 0; i + 1 < packed.size(); i += 2) {
        add(packed[i], static_cast<std::int64_t>(packed[i + 1]));
    }
}

QuantileSketch QuantileSketch::unpack(std::span<const double> packed) {
    QuantileSketch out;
    out.merge(packed);
    return out;
}

std::vector<double> QuantileSketch::packed() const {
    std::vector<double> out;
    for (const auto& [number, page] : pages_) {
        for (const Bin& bin : page) {
            if (bin.count == 0) continue;
            out.push_back(bin.largest);
            out.push_back(static_cast<double>(bin.count));
        }
    }
    return out;
}

double QuantileSketch::quantile(double q) const {
    if (count_ == 0 || std::isnan(q)) return std::numeric_limits<double>::quiet_NaN();
    const auto values = static_cast<double>(count_);
    const double rank = std::clamp(std::floor(q * (values + 1.0)), 1.0, values);
    double seen = 0.0;
    for (const auto& [number, page] : pages_) {
        for (const Bin& bin : page) {
            seen += static_cast<double>(bin.count);
            if (bin.count > 0 && seen >= rank) return bin.largest;
        }
    }
    return std::numeric_limits<double>::quiet_NaN();
}

}  // namespace motley

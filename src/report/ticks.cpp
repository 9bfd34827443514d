#include "ticks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "markup.hpp"

namespace motley::report {
namespace {

constexpr double room = 0.04;       ///< added on either side, as a part of the data's extent
constexpr double tolerance = 1e-9;  ///< part of a step by which a tick may lie outside the range

/// mantissa x 10^exponent, rounded once.
double decimal(double mantissa, int exponent) {
    return exponent >= 0 ? mantissa * std::pow(10.0, exponent)
                         : mantissa / std::pow(10.0, -exponent);
}

struct TickStep {
    int mantissa = 1;
    int exponent = 0;

    double value() const { return decimal(mantissa, exponent); }
};

/// The smallest of 1, 2, 5 times a power of ten that is at least `least`.
TickStep nice_step(double least) {
    const int exponent = static_cast<int>(std::floor(std::log10(least)));
    for (const int mantissa : {1, 2, 5}) {
        const TickStep step{mantissa, exponent};
        if (step.value() >= least * (1.0 - tolerance)) return step;
    }
    return {1, exponent + 1};
}

/// Puts thin spaces between thousands from five digits on, and a true minus sign.
std::string grouped(const std::string& digits) {
    const bool negative = digits.front() == '-';
    const std::size_t begin = negative ? 1 : 0;
    const std::size_t point = std::min(digits.find('.'), digits.size());
    std::string out = negative ? "\xe2\x88\x92" : "";
    for (std::size_t i = begin; i < digits.size(); ++i) {
        const bool thousands = i > begin && i < point && (point - i) % 3 == 0;
        if (thousands && point - begin > 4) out += "\xe2\x80\x89";
        out += digits[i];
    }
    return out;
}

Tick power_tick(int exponent) {
    return {decimal(1.0, exponent), "10", grouped(std::to_string(exponent))};
}

Tick short_tick(int mantissa, int exponent) {
    const double value = decimal(mantissa, exponent);
    return {value, grouped(fmt::format("{:.{}f}", value, std::max(0, -exponent)))};
}

/// True for exponents near zero, where numbers are easier to read in full.
bool written_out(int first, int last) {
    return first >= -3 && last <= 4;
}

std::vector<double> minor_ticks(AxisRange range, int first, int last) {
    std::vector<double> out;
    if (last - first > 8) return out;
    for (int e = first - 1; e <= last; ++e) {
        for (int m = 2; m <= 9; ++m) {
            const double value = decimal(m, e);
            if (value >= range.low && value <= range.high) out.push_back(value);
        }
    }
    return out;
}

Ticks short_logarithmic_ticks(AxisRange range, int first, int last, int count) {
    Ticks ticks;
    for (int e = first - 1; e <= last; ++e) {
        for (const int m : {1, 2, 5}) {
            const double value = decimal(m, e);
            if (value >= range.low && value <= range.high) ticks.major.push_back(short_tick(m, e));
        }
    }
    const bool fits = ticks.major.size() >= 2 && static_cast<int>(ticks.major.size()) <= count + 1;
    // Linear ticks crowd at the upper end, so that numbers up to millions are written out here.
    constexpr int most_digits = 6;
    const bool readable = written_out(first, std::min(last, 0)) && last <= most_digits;
    return fits && readable ? ticks : linear_ticks(range, count);
}

/// Bars of a linear axis start at zero; data that is never negative gets no room below zero.
AxisRange linear_domain(const Axis& axis, AxisRange data) {
    if (axis.from_zero) {
        data.low = std::min(data.low, 0.0);
        data.high = std::max(data.high, 0.0);
    }
    double extent = data.high - data.low;
    const double size = std::max(std::abs(data.low), std::abs(data.high));
    if (extent <= 1e-12 * size || extent == 0.0) extent = size > 0.0 ? size : 1.0;
    const AxisRange wide = {data.low - room * extent, data.high + room * extent};
    return {data.low >= 0.0 && wide.low < 0.0 ? 0.0 : wide.low,
            data.high <= 0.0 && wide.high > 0.0 ? 0.0 : wide.high};
}

AxisRange logarithmic_domain(AxisRange data) {
    const double extent = std::log10(data.high / data.low);
    const double factor = std::pow(10.0, extent > 1e-9 ? room * extent : 0.3);
    return {data.low / factor, data.high * factor};
}

}  // namespace

AxisRange domain(const Axis& axis, AxisRange data) {
    const bool logarithmic = axis.scale == Scale::logarithmic;
    if (!(data.low <= data.high)) data = logarithmic ? AxisRange{1.0, 10.0} : AxisRange{0.0, 1.0};
    if (!axis.categories.empty()) {
        return {-0.5, static_cast<double>(axis.categories.size()) - 0.5};
    }
    AxisRange range = logarithmic ? logarithmic_domain(data) : linear_domain(axis, data);
    if (axis.low && std::isfinite(*axis.low) && (!logarithmic || *axis.low > 0.0)) {
        range.low = *axis.low;
    }
    if (axis.high && std::isfinite(*axis.high) && (!logarithmic || *axis.high > 0.0)) {
        range.high = *axis.high;
    }
    if (!(range.low < range.high)) {
        range.high = logarithmic ? 10.0 * range.low : range.low + std::max(1.0, range.low);
    }
    return range;
}

Ticks linear_ticks(AxisRange range, int count) {
    Ticks ticks;
    const TickStep step = nice_step((range.high - range.low) / std::max(1, count));
    const double first = std::ceil(range.low / step.value() - tolerance);
    const double last = std::floor(range.high / step.value() + tolerance);
    const double largest = std::max(std::abs(first), std::abs(last)) * step.value();
    const int order = largest > 0.0 ? static_cast<int>(std::floor(std::log10(largest))) : 0;
    if (order >= 6 || order <= -4) ticks.exponent = order;
    const int decimals = std::max(0, ticks.exponent - step.exponent);
    for (double n = first; n <= last; n += 1.0) {
        const double value = decimal(n * step.mantissa, step.exponent);
        const double shown = decimal(n * step.mantissa, step.exponent - ticks.exponent);
        ticks.major.push_back({value, grouped(fmt::format("{:.{}f}", shown + 0.0, decimals))});
    }
    return ticks;
}

Ticks logarithmic_ticks(AxisRange range, int count) {
    const int first = static_cast<int>(std::ceil(std::log10(range.low) - tolerance));
    const int last = static_cast<int>(std::floor(std::log10(range.high) + tolerance));
    if (last - first < 1) return short_logarithmic_ticks(range, first, last, count);
    const int stride = (last - first) / std::max(1, count) + 1;
    Ticks ticks;
    for (int e = first; e <= last; ++e) {
        if (((e % stride) + stride) % stride != 0) {
            ticks.minor.push_back(decimal(1.0, e));
        } else {
            ticks.major.push_back(written_out(first, last) ? short_tick(1, e) : power_tick(e));
        }
    }
    if (stride == 1) ticks.minor = minor_ticks(range, first, last);
    return ticks;
}

double label_width(const Ticks& ticks, double size) {
    double width = 0.0;
    for (const auto& tick : ticks.major) {
        width = std::max(width, text_width(tick.base, size) + text_width(tick.power, 0.75 * size));
    }
    return width;
}

Scaler::Scaler(Scale scale, AxisRange range, double from, double to)
    : scale_(scale), range_(range), from_(from) {
    const bool logarithmic = scale == Scale::logarithmic;
    origin_ = logarithmic ? std::log10(range.low) : range.low;
    factor_ = (to - from) / ((logarithmic ? std::log10(range.high) : range.high) - origin_);
}

double Scaler::operator()(double value) const {
    if (scale_ == Scale::logarithmic) value = value > 0.0 ? std::log10(value) : missing;
    return from_ + (value - origin_) * factor_;
}

}  // namespace motley::report

// Axes: the places of ticks, their labels, and the map from values to coordinates.
#pragma once

#include <string>
#include <vector>

#include "motley/report/document.hpp"

namespace motley::report {

struct AxisRange {
    double low = 0.0;
    double high = 1.0;
};

/// A tick with its label: `base` is written out, `power` (when not empty) as a superscript.
struct Tick {
    double value = 0.0;
    std::string base;
    std::string power = {};
};

struct Ticks {
    std::vector<Tick> major;
    std::vector<double> minor;
    int exponent = 0;  ///< a value is its label times 10^exponent
};

/// The range that an axis shows: what it fixes, else the data with some room. `data` is empty
/// (low > high) where nothing is finite. Never degenerate; positive on logarithmic axes.
AxisRange domain(const Axis& axis, AxisRange data);

/// About `count` ticks at multiples of 1, 2 or 5 times a power of ten, all inside the range.
Ticks linear_ticks(AxisRange range, int count);
/// Ticks at powers of ten (every second, third ... when there are more than `count`), at 1, 2, 5
/// times these when the range is short, and linear ticks when it is shorter still.
Ticks logarithmic_ticks(AxisRange range, int count);

/// The width of the widest label.
double label_width(const Ticks& ticks, double size);

/// Maps values to coordinates; `from` and `to` are those of the ends of the range.
class Scaler {
  public:
    Scaler() = default;
    Scaler(Scale scale, AxisRange range, double from, double to);

    /// Returns a number that is not finite where the value has no place on this axis.
    double operator()(double value) const;
    bool contains(double value) const { return value >= range_.low && value <= range_.high; }
    const AxisRange& range() const { return range_; }

  private:
    Scale scale_ = Scale::linear;
    AxisRange range_;
    double from_ = 0.0, factor_ = 1.0, origin_ = 0.0;
};

}  // namespace motley::report

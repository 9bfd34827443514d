#include "dots.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "thin.hpp"

namespace motley::report {
namespace {

constexpr double column_width = 1.0;  ///< width of the columns in which a line is thinned, pixels
constexpr double cloud_cell = 0.5;    ///< side of the squares in which a cloud is thinned, pixels
constexpr std::size_t small_cloud = 500;  ///< the largest cloud that is not thinned, points
constexpr double marker_distance = 80.0;  ///< between the markers of a long line
constexpr double most_apart = 5.0;        ///< largest distance between series at one x, pixels
constexpr double widest_shift = 40.0;     ///< from the first series to the last one, pixels
constexpr double share_of_gap = 0.45;     ///< largest part of the distance to the next x

double step(const Dot& a, const Dot& b) {
    return std::max(std::abs(b.x - a.x), std::abs(b.y - a.y));
}

/// The least distance between two different x of the chart, in pixels; infinite where there is one.
double least_gap(const Chart& chart, const ChartLayout& layout) {
    std::set<double> places;
    for (const auto& series : chart.series) {
        for (const auto& p : series.points) {
            if (std::isfinite(layout.x(p.x))) places.insert(layout.x(p.x));
        }
    }
    double gap = std::numeric_limits<double>::infinity(), last = -gap;
    for (const double x : places) {
        gap = std::min(gap, x - last);
        last = x;
    }
    return gap;
}

/// How far the series stands to the right of its place, so that intervals do not cover each other.
double shift(const Chart& chart, std::size_t index, const ChartLayout& layout) {
    if (!chart.apart || chart.series.size() < 2) return 0.0;
    const auto gaps = static_cast<double>(chart.series.size() - 1);
    const double room = std::min(widest_shift, share_of_gap * least_gap(chart, layout));
    return (static_cast<double>(index) - 0.5 * gaps) * std::min(most_apart, room / gaps);
}

double length_of(const Pieces& lines) {
    double length = 0.0;
    for (const auto& piece : lines) {
        for (std::size_t i = 1; i < piece.size(); ++i) length += step(piece[i - 1], piece[i]);
    }
    return length;
}

}  // namespace

bool Dot::has_interval() const {
    return std::isfinite(low) || std::isfinite(high);
}

double height_of(const ChartLayout& layout, double value, double otherwise) {
    const double y = layout.y(value);
    return std::isfinite(y) ? y : otherwise;
}

Pieces pieces(const Chart& chart, std::size_t index, const ChartLayout& layout) {
    const ChartSeries& series = chart.series[index];
    const double aside = shift(chart, index, layout);
    Pieces out;
    bool gap = true;
    for (std::size_t i = 0; i < series.points.size(); ++i) {
        const ChartPoint& p = series.points[i];
        Dot dot{layout.x(p.x) + aside, layout.y(p.y), missing, missing, i, false};
        if (!std::isfinite(dot.x) || !std::isfinite(dot.y)) {
            gap = true;
            continue;
        }
        if (std::isfinite(p.low)) dot.low = height_of(layout, p.low, layout.plot.bottom + 2.0);
        if (std::isfinite(p.high)) dot.high = height_of(layout, p.high, layout.plot.bottom + 2.0);
        if (gap) out.emplace_back();
        out.back().push_back(dot);
        gap = false;
    }
    for (auto& piece : out) piece.front().alone = piece.size() == 1;
    return out;
}

std::vector<Dot> thinned_line(const std::vector<Dot>& piece) {
    std::vector<double> x, y, low, high;
    for (const auto& dot : piece) {
        x.push_back(dot.x);
        y.push_back(dot.y);
        low.push_back(std::isfinite(dot.low) ? dot.low : dot.y);
        high.push_back(std::isfinite(dot.high) ? dot.high : dot.y);
    }
    std::vector<std::size_t> kept;
    for (const auto* values : {&y, &low, &high}) {
        const auto some = thin_line(x, *values, column_width);
        kept.insert(kept.end(), some.begin(), some.end());
    }
    std::sort(kept.begin(), kept.end());
    kept.erase(std::unique(kept.begin(), kept.end()), kept.end());
    std::vector<Dot> out;
    for (const auto i : kept) out.push_back(piece[i]);
    return out;
}

std::vector<Dot> thinned_cloud(std::vector<Dot> dots) {
    if (dots.size() <= small_cloud) return dots;
    std::vector<double> x, y;
    for (const auto& dot : dots) {
        x.push_back(dot.x);
        y.push_back(dot.y);
    }
    std::vector<Dot> some;
    for (const auto i : thin_cloud(x, y, cloud_cell)) some.push_back(dots[i]);
    return some;
}

std::vector<Dot> flat(const Pieces& pieces) {
    std::vector<Dot> out;
    for (const auto& piece : pieces) out.insert(out.end(), piece.begin(), piece.end());
    return out;
}

std::vector<Dot> sparse(const Pieces& lines, std::size_t index, std::size_t count) {
    const double distance = std::max(marker_distance, length_of(lines) / 9.0);
    double target = distance * (static_cast<double>(index) + 0.5) / static_cast<double>(count);
    std::vector<Dot> out;
    double done = 0.0;
    for (const auto& piece : lines) {
        for (std::size_t i = 0; i < piece.size(); ++i) {
            if (i > 0) done += step(piece[i - 1], piece[i]);
            if (done < target && !piece[i].alone) continue;
            out.push_back(piece[i]);
            while (target <= done) target += distance;
        }
    }
    return out;
}

bool inside(const Dot& dot, const ChartLayout& layout) {
    const Box& plot = layout.plot;
    return dot.x >= plot.left - 0.5 && dot.x <= plot.right + 0.5 && dot.y >= plot.top - 0.5 &&
           dot.y <= plot.bottom + 0.5;
}

}  // namespace motley::report

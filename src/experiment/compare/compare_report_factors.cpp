// Shows a factorial experiment as figures: lines over its numeric factor, one per level of another
// factor, one chart per combination of the rest; bars where no factor is numeric.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "compare_report.hpp"

namespace motley::experiment {
namespace {

using report::Chart;
using report::ChartPoint;
using report::ChartSeries;

constexpr std::size_t most_panels = 12;
constexpr double room = 0.06;  ///< added at either end of an axis, as a part of the data's extent
constexpr double logarithmic_from = 50.0;  ///< ratio of the largest level to the least

/// The levels of a factor in the order of the job.
std::vector<std::string> levels_of(const Comparison& comparison, std::size_t factor) {
    std::vector<std::string> levels;
    for (const ComparedCell& cell : comparison.cells) {
        const std::string& level = cell.levels[factor];
        if (std::ranges::find(levels, level) == levels.end()) levels.push_back(level);
    }
    return levels;
}

/// The factor of which every level has a line: the compared one, else the one with most levels.
int line_factor(const Comparison& comparison, std::size_t x) {
    if (comparison.compared >= 0 && comparison.compared != static_cast<int>(x)) {
        return comparison.compared;
    }
    int found = -1;
    std::size_t most = 1;
    for (std::size_t f = 0; f < comparison.factors.size(); ++f) {
        const std::size_t count = levels_of(comparison, f).size();
        if (f == x || count <= most) continue;
        found = static_cast<int>(f);
        most = count;
    }
    return found;
}

/// "factor = level, ..." for all factors but the two that a chart shows.
std::string panel_name(const Comparison& comparison, const ComparedCell& cell, std::size_t x,
                       int lines) {
    std::string name;
    for (std::size_t f = 0; f < comparison.factors.size(); ++f) {
        if (f == x || static_cast<int>(f) == lines) continue;
        name += (name.empty() ? "" : ", ") + comparison.factors[f] + " = " + cell.levels[f];
    }
    return name;
}

/// The line of `name`. A level has the same style in all figures.
ChartSeries& series_of(Chart& chart, const std::string& name, int style) {
    const auto found = std::ranges::find(chart.series, name, &ChartSeries::name);
    if (found != chart.series.end()) return *found;
    chart.series.push_back({name, {}, report::Look::line_and_points, style});
    return chart.series.back();
}

int place_of(const Comparison& comparison, int factor, const std::string& level) {
    const auto levels = levels_of(comparison, static_cast<std::size_t>(factor));
    return static_cast<int>(std::ranges::find(levels, level) - levels.begin());
}

/// The meaning of the marks of a figure, in words.
std::string marks_of(const Comparison& comparison) {
    const bool repeated = std::ranges::any_of(
        comparison.cells, [](const ComparedCell& cell) { return cell.runs.size() > 1; });
    return repeated ? "Mean and 95 % interval over replicates"
                    : "One run of each combination, without an interval";
}

Chart empty_panel(const Comparison& comparison, std::size_t x, const MeasureFigure& figure,
                  const std::string& name) {
    Chart chart;
    chart.title = figure.title + (name.empty() ? "" : ", " + name);
    chart.caption = marks_of(comparison) +
                    ", drawn a little to the left or right of its place so that intervals do not "
                    "cover each other.";
    chart.x = {comparison.factors[x]};
    std::vector<double> levels;
    for (const auto& level : levels_of(comparison, x)) levels.push_back(*number_of(level));
    const auto [least, most] = std::ranges::minmax(levels);
    if (least > 0.0 && most / least >= logarithmic_from) {
        chart.x.scale = report::Scale::logarithmic;
    } else {
        chart.x.low = least - room * (most - least);
        chart.x.high = most + room * (most - least);
    }
    chart.y = {figure.axis, figure.unit};
    chart.apart = true;
    return chart;
}

void add_cell(const Comparison& comparison, std::size_t x, int lines, const MeasureFigure& figure,
              const ComparedCell& cell, Chart& chart) {
    const auto& estimate = cell.measure(figure.measure);
    if (!std::isfinite(estimate.mean)) return;
    std::string name = figure.axis;
    int style = 0;
    if (lines >= 0) {
        name = cell.levels[static_cast<std::size_t>(lines)];
        style = place_of(comparison, lines, name);
    }
    series_of(chart, name, style)
        .points.push_back({*number_of(cell.levels[x]), estimate.mean, estimate.interval.low,
                           estimate.interval.high, ""});
}

/// Gives all panels the same y axis, so that they can be compared.
void share_axis(std::vector<Chart>& panels) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const Chart& chart : panels) {
        for (const ChartSeries& series : chart.series) {
            for (const ChartPoint& p : series.points) {
                for (const double value : {p.y, p.low, p.high}) {
                    if (!std::isfinite(value)) continue;
                    low = std::min(low, value);
                    high = std::max(high, value);
                }
            }
        }
    }
    if (!(low < high)) return;
    const double margin = room * (high - low);
    for (Chart& chart : panels) {
        chart.y.low = low < 0.0 ? low - margin : std::max(0.0, low - margin);
        chart.y.high = high + margin;
    }
}

}  // namespace

std::optional<std::size_t> numeric_factor(const Comparison& comparison) {
    std::optional<std::size_t> found;
    std::size_t most = 1;
    for (std::size_t f = 0; f < comparison.factors.size(); ++f) {
        const auto levels = levels_of(comparison, f);
        const bool numeric = std::ranges::all_of(
            levels, [](const std::string& level) { return number_of(level).has_value(); });
        if (!numeric || levels.size() <= most) continue;
        found = f;
        most = levels.size();
    }
    return found;
}

std::vector<Chart> lines_over(const Comparison& comparison, std::size_t x,
                              const MeasureFigure& figure) {
    const int lines = line_factor(comparison, x);
    std::vector<Chart> panels;
    std::map<std::string, std::size_t> places;
    for (const ComparedCell& cell : comparison.cells) {
        if (cell.runs.empty()) continue;
        const std::string name = panel_name(comparison, cell, x, lines);
        const auto [place, fresh] = places.try_emplace(name, panels.size());
        if (fresh) panels.push_back(empty_panel(comparison, x, figure, name));
        add_cell(comparison, x, lines, figure, cell, panels[place->second]);
    }
    std::erase_if(panels, [](const Chart& chart) { return chart.series.empty(); });
    for (Chart& chart : panels) {
        for (ChartSeries& series : chart.series) {
            std::ranges::stable_sort(series.points, {}, &ChartPoint::x);
        }
        chart.wide = panels.size() == 1 && figure.wide_alone;
    }
    if (panels.size() > 1) share_axis(panels);
    if (panels.size() > most_panels) {
        panels.resize(most_panels);
        panels.back().caption += " The other combinations of levels are in summary.csv.";
    }
    return panels;
}

Chart bars_of(const Comparison& comparison, const std::vector<Scope>& scopes,
              const MeasureFigure& figure) {
    Chart chart;
    chart.kind = report::ChartKind::bars;
    chart.title = figure.title;
    chart.caption = marks_of(comparison) + ".";
    chart.y = {figure.axis, figure.unit};
    chart.wide = true;
    for (const auto& cell : scopes.front().cells) {
        chart.x.categories.push_back(label_of(comparison, *cell));
    }
    for (const Scope& scope : scopes) {
        ChartSeries series{scope.name.empty() ? figure.axis : scope.name, {}};
        for (std::size_t i = 0; i < scope.cells.size(); ++i) {
            const auto& m = scope.cells[i]->measure(figure.measure);
            series.points.push_back(
                {static_cast<double>(i), m.mean, m.interval.low, m.interval.high, ""});
        }
        chart.series.push_back(std::move(series));
    }
    return chart;
}

}  // namespace motley::experiment

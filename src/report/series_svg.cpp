#include "series_svg.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "dots.hpp"
#include "markup.hpp"
#include "palette.hpp"

namespace motley::report {
namespace {

constexpr std::size_t most_markers = 30;  ///< a line with more points has markers at some only
constexpr double group_share = 0.8;       ///< part of its slot that a group of bars fills

Look look_of(const Chart& chart, const ChartSeries& series) {
    if (series.look != Look::automatic) return series.look;
    return chart.kind == ChartKind::line ? Look::line_and_points : Look::points;
}

std::string interval(const ChartPoint& p) {
    if (!std::isfinite(p.low) && !std::isfinite(p.high)) return "";
    return fmt::format(" ({} to {})", plain_number(p.low), plain_number(p.high));
}

/// The text that is shown with a point: its name, then one line per coordinate.
std::string values_of(const Chart& chart, const ChartSeries& series, const ChartPoint& p) {
    std::string x = plain_number(p.x);
    if (!chart.x.categories.empty()) {
        const double c = std::round(p.x);
        const bool known = c >= 0.0 && c < static_cast<double>(chart.x.categories.size());
        if (known) x = chart.x.categories[static_cast<std::size_t>(c)];
    }
    return fmt::format("{}\n{}{}: {}\n{}: {}{}", series.name, p.label.empty() ? "" : p.label + "\n",
                       axis_title(chart.x, 0), x, axis_title(chart.y, 0), plain_number(p.y),
                       interval(p));
}

std::string line_path(const Pieces& lines) {
    std::string d;
    for (const auto& piece : lines) {
        const char* command = "M";
        for (const auto& dot : piece) {
            d += command + coordinate(dot.x) + " " + coordinate(dot.y);
            command = "L";
        }
        if (piece.size() == 1) d += "h0";
    }
    return d;
}

/// Values of the points of the path, in its order. The script shows them beside the pointer.
std::string line_values(const ChartSeries& series, const Pieces& lines) {
    std::string out;
    for (const auto& piece : lines) {
        for (const auto& dot : piece) {
            const ChartPoint& p = series.points[dot.index];
            if (!out.empty()) out += ';';
            out += plain_number(p.x) + " " + plain_number(p.y);
            if (std::isfinite(p.low) || std::isfinite(p.high)) {
                out += " " + plain_number(p.low) + " " + plain_number(p.high);
            }
        }
    }
    return out;
}

std::string band_path(const Pieces& lines) {
    std::string d;
    for (const auto& piece : lines) {
        if (piece.size() < 2) continue;
        const char* command = "M";
        for (const auto& dot : piece) {
            d += command + coordinate(dot.x) + " " +
                 coordinate(std::isfinite(dot.high) ? dot.high : dot.y);
            command = "L";
        }
        for (auto dot = piece.rbegin(); dot != piece.rend(); ++dot) {
            d += "L" + coordinate(dot->x) + " " +
                 coordinate(std::isfinite(dot->low) ? dot->low : dot->y);
        }
        d += "z";
    }
    return d;
}

std::string error_bars(const std::vector<Dot>& dots) {
    std::string d;
    for (const auto& dot : dots) {
        for (const double end : {dot.low, dot.high}) {
            if (!std::isfinite(end)) continue;
            d += fmt::format("M{} {}V{}M{} {}h7", coordinate(dot.x), coordinate(dot.y),
                             coordinate(end), coordinate(dot.x - 3.5), coordinate(end));
        }
    }
    return d;
}

std::string markers(const Chart& chart, const ChartSeries& series, const std::vector<Dot>& dots,
                    const Style& look, const ChartLayout& layout) {
    std::string out;
    for (const auto& dot : dots) {
        if (!inside(dot, layout)) continue;
        out += fmt::format(
            "<path class=\"dot\" transform=\"translate({} {})\" d=\"{}\"><title>{}</title></path>",
            coordinate(dot.x), coordinate(dot.y), look.marker,
            escape(values_of(chart, series, series.points[dot.index])));
    }
    return fmt::format("<g fill=\"{}\" stroke=\"#ffffff\" stroke-width=\"0.7\">{}</g>", look.colour,
                       out);
}

bool has_intervals(const std::vector<Dot>& dots) {
    return std::any_of(dots.begin(), dots.end(), [](const Dot& d) { return d.has_interval(); });
}

/// Points between two gaps, which no line shows.
std::vector<Dot> alone(const std::vector<Dot>& dots) {
    std::vector<Dot> out;
    for (const auto& dot : dots) {
        if (dot.alone) out.push_back(dot);
    }
    return out;
}

std::string draw_line(const Chart& chart, std::size_t index, const ChartLayout& layout,
                      const std::string& clip, const Pieces& all) {
    const ChartSeries& series = chart.series[index];
    const Style look = style_of(chart, index);
    Pieces lines;
    for (const auto& piece : all) lines.push_back(thinned_line(piece));
    const auto dots = flat(lines);
    const bool intervals = has_intervals(dots);
    const bool many = dots.size() > most_markers;
    std::string out;
    if (intervals && many) {
        out += fmt::format(
            "<path class=\"band\" clip-path=\"url(#{})\" d=\"{}\" fill=\"{}\" "
            "fill-opacity=\"0.18\"/>",
            clip, band_path(lines), look.colour);
    }
    out += fmt::format(
        "<path class=\"line\" clip-path=\"url(#{})\" d=\"{}\" fill=\"none\" stroke=\"{}\" "
        "stroke-width=\"1.8\" stroke-linejoin=\"round\" stroke-linecap=\"round\" "
        "stroke-dasharray=\"{}\" data-values=\"{}\"/>",
        clip, line_path(lines), look.colour, look.dash, line_values(series, lines));
    if (intervals && !many) {
        out += fmt::format(
            "<path class=\"error\" clip-path=\"url(#{})\" d=\"{}\" fill=\"none\" stroke=\"{}\" "
            "stroke-width=\"1.2\"/>",
            clip, error_bars(dots), look.colour);
    }
    if (look_of(chart, series) == Look::line) return out;
    if (many && chart.series.size() == 1) {
        return out + markers(chart, series, alone(dots), look, layout);
    }
    return out + markers(chart, series, many ? sparse(lines, index, chart.series.size()) : dots,
                         look, layout);
}

std::string draw_points(const Chart& chart, std::size_t index, const ChartLayout& layout,
                        const std::string& clip, const Pieces& all) {
    const auto dots = thinned_cloud(flat(all));
    std::string out;
    if (has_intervals(dots)) {
        out += fmt::format(
            "<path class=\"error\" clip-path=\"url(#{})\" d=\"{}\" fill=\"none\" stroke=\"{}\" "
            "stroke-width=\"1.2\"/>",
            clip, error_bars(dots), style_of(chart, index).colour);
    }
    return out + markers(chart, chart.series[index], dots, style_of(chart, index), layout);
}

std::string draw_bars(const Chart& chart, std::size_t index, const ChartLayout& layout,
                      const std::string& clip, const Pieces& all) {
    const ChartSeries& series = chart.series[index];
    const double slot = std::abs(layout.x(1.0) - layout.x(0.0));
    const double width = slot * group_share / static_cast<double>(chart.series.size());
    const double zero =
        std::clamp(height_of(layout, 0.0, layout.plot.bottom), layout.plot.top, layout.plot.bottom);
    std::string bars;
    auto dots = flat(all);
    for (auto& dot : dots) {
        const double left = dot.x - 0.5 * slot * group_share + static_cast<double>(index) * width;
        bars += fmt::format(
            "<rect class=\"dot\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"><title>{}</title>"
            "</rect>",
            coordinate(left), coordinate(std::min(zero, dot.y)), coordinate(0.94 * width),
            coordinate(std::abs(zero - dot.y)),
            escape(values_of(chart, series, series.points[dot.index])));
        dot.x = left + 0.47 * width;
    }
    return fmt::format(
        "<g clip-path=\"url(#{})\"><g fill=\"{}\" fill-opacity=\"0.85\">{}</g>"
        "<path class=\"error\" d=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.2\"/></g>",
        clip, style_of(chart, index).colour, bars, error_bars(dots), ink);
}

}  // namespace

Style style_of(const Chart& chart, std::size_t index) {
    const int own = chart.series[index].style;
    return style(own < 0 ? index : static_cast<std::size_t>(own));
}

std::vector<std::size_t> drawable_points(const Chart& chart, std::size_t index,
                                         const ChartLayout& layout) {
    std::vector<std::size_t> out;
    for (const auto& piece : pieces(chart, index, layout)) {
        for (const auto& dot : piece) out.push_back(dot.index);
    }
    return out;
}

std::string series_svg(const Chart& chart, std::size_t index, const ChartLayout& layout,
                       const std::string& clip) {
    const ChartSeries& series = chart.series[index];
    const auto all = pieces(chart, index, layout);
    std::size_t points = 0;
    for (const auto& piece : all) points += piece.size();
    std::string out =
        fmt::format("<g class=\"series\" data-series=\"{}\" data-name=\"{}\" data-points=\"{}\">",
                    index, escape(series.name), points);
    if (points > 0 && chart.kind == ChartKind::bars) {
        out += draw_bars(chart, index, layout, clip, all);
    } else if (points > 0 && look_of(chart, series) == Look::points) {
        out += draw_points(chart, index, layout, clip, all);
    } else if (points > 0) {
        out += draw_line(chart, index, layout, clip, all);
    }
    return out + "</g>\n";
}

std::string legend_key(const Chart& chart, std::size_t index, double x, double y) {
    const Style look = style_of(chart, index);
    if (chart.kind == ChartKind::bars) {
        return fmt::format(
            "<rect x=\"{}\" y=\"{}\" width=\"14\" height=\"10\" fill=\"{}\" "
            "fill-opacity=\"0.85\"/>",
            coordinate(x + 10.0), coordinate(y - 5.0), look.colour);
    }
    const Look shape = look_of(chart, chart.series[index]);
    std::string out;
    if (shape != Look::points) {
        out += fmt::format(
            "<path d=\"M{} {}h24\" stroke=\"{}\" stroke-width=\"1.8\" stroke-dasharray=\"{}\"/>",
            coordinate(x), coordinate(y), look.colour, look.dash);
    }
    if (shape != Look::line) {
        out += fmt::format("<path transform=\"translate({} {})\" d=\"{}\" fill=\"{}\"/>",
                           coordinate(x + 12.0), coordinate(y), look.marker, look.colour);
    }
    return out;
}

std::string svg_begin(double width, double height, const std::string& title,
                      const std::string& description, bool standalone) {
    std::string out = fmt::format(
        "<svg{} viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\" fill=\"{}\" "
        "font-family=\"Helvetica, Arial, 'Liberation Sans', sans-serif\"{}>\n",
        standalone ? " xmlns=\"http://www.w3.org/2000/svg\"" : "", coordinate(width),
        coordinate(height), escape(description), ink,
        standalone
            ? fmt::format(" width=\"{}\" height=\"{}\"", coordinate(width), coordinate(height))
            : "");
    if (!standalone) return out;
    return out + fmt::format(
                     "<title>{}</title>\n<rect width=\"{}\" height=\"{}\" fill=\"#ffffff\"/>"
                     "\n",
                     escape(title), coordinate(width), coordinate(height));
}

}  // namespace motley::report

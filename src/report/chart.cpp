#include "chart.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "chart_layout.hpp"
#include "markup.hpp"
#include "palette.hpp"
#include "series_svg.hpp"

namespace motley::report {
namespace {

std::string line(double x1, double y1, double x2, double y2, const char* colour,
                 const char* more = "") {
    return fmt::format("<path d=\"M{} {}L{} {}\" stroke=\"{}\"{}/>", coordinate(x1), coordinate(y1),
                       coordinate(x2), coordinate(y2), colour, more);
}

std::string text(double x, double y, const std::string& anchor, double size,
                 const std::string& content, const std::string& more = "") {
    return fmt::format("<text x=\"{}\" y=\"{}\" text-anchor=\"{}\" font-size=\"{}\"{}>{}</text>",
                       coordinate(x), coordinate(y), anchor, coordinate(size), more, content);
}

std::string superscript(const std::string& base, const std::string& power) {
    if (power.empty()) return escape(base);
    return fmt::format("{}<tspan dy=\"-4\" font-size=\"9\">{}</tspan>", escape(base),
                       escape(power));
}

/// The markup of an axis title, with a raised n in "10^n".
std::string title_markup(const std::string& title) {
    const std::size_t at = title.find("(10^");
    if (at == std::string::npos) return escape(title);
    const std::size_t end = title.find_first_of(" )", at);
    if (end == std::string::npos) return escape(title);
    return fmt::format("{}<tspan dy=\"-4\" font-size=\"9\">{}</tspan><tspan dy=\"4\">{}</tspan>",
                       escape(title.substr(0, at + 3)), escape(title.substr(at + 4, end - at - 4)),
                       escape(title.substr(end)));
}

std::string grid(const ChartLayout& layout) {
    const Box& plot = layout.plot;
    std::string out = "<g class=\"grid\" stroke-width=\"1\">";
    for (const auto& tick : layout.y_ticks.major) {
        const double y = layout.y(tick.value);
        out += line(plot.left, y, plot.right, y, grid_colour);
    }
    for (const auto& tick : layout.x_ticks.major) {
        const double x = layout.x(tick.value);
        out += line(x, plot.top, x, plot.bottom, grid_colour);
    }
    return out + "</g>\n";
}

std::string x_axis(const ChartLayout& layout) {
    const Box& plot = layout.plot;
    std::string out = line(plot.left, plot.bottom, plot.right, plot.bottom, ink);
    for (const double value : layout.x_ticks.minor) {
        const double x = layout.x(value);
        out += line(x, plot.bottom, x, plot.bottom + 3.0, ink);
    }
    const double base = plot.bottom + 18.0;
    for (const auto& tick : layout.x_ticks.major) {
        const double x = layout.x(tick.value);
        out += line(x, plot.bottom, x, plot.bottom + 5.0, ink);
        out += text(x, base, "middle", tick_size, superscript(tick.base, tick.power));
    }
    for (const auto& label : layout.categories) {
        if (layout.rotated) {
            const double y = plot.bottom + 13.0;
            out += text(label.x + 3.0, y, "end", tick_size, escape(label.text),
                        fmt::format(" transform=\"rotate(-{} {} {})\"", label_slope,
                                    coordinate(label.x + 3.0), coordinate(y)));
        } else {
            out += text(label.x, base, "middle", tick_size, escape(label.text));
        }
    }
    double y = plot.bottom + layout.label_depth + 20.0;
    for (const auto& words : layout.x_title) {
        out += text(0.5 * (plot.left + plot.right), y, "middle", label_size, title_markup(words));
        y += 16.0;
    }
    return out + "\n";
}

std::string y_axis(const ChartLayout& layout) {
    const Box& plot = layout.plot;
    std::string out = line(plot.left, plot.top, plot.left, plot.bottom, ink);
    for (const double value : layout.y_ticks.minor) {
        const double y = layout.y(value);
        out += line(plot.left - 3.0, y, plot.left, y, ink);
    }
    for (const auto& tick : layout.y_ticks.major) {
        const double y = layout.y(tick.value);
        out += line(plot.left - 5.0, y, plot.left, y, ink);
        out += text(plot.left - 8.0, y + 4.0, "end", tick_size, superscript(tick.base, tick.power));
    }
    double x = 15.0;
    const double y = 0.5 * (plot.top + plot.bottom);
    for (const auto& words : layout.y_title) {
        out += text(x, y, "middle", label_size, title_markup(words),
                    fmt::format(" transform=\"rotate(-90 {} {})\"", coordinate(x), coordinate(y)));
        x += 16.0;
    }
    return out + "\n";
}

std::string references(const Chart& chart, const ChartLayout& layout) {
    std::string out;
    for (std::size_t r = 0; r < chart.references.size(); ++r) {
        const auto& reference = chart.references[r];
        if (!layout.y.contains(reference.y)) continue;
        const double y = layout.y(reference.y);
        out += fmt::format(
            "<path class=\"reference\" d=\"M{} {}H{}\" stroke=\"{}\" stroke-width=\"1.4\" "
            "stroke-dasharray=\"{}\"><title>{}: {}</title></path>\n",
            coordinate(layout.plot.left), coordinate(y), coordinate(layout.plot.right), faint_ink,
            reference_dash(r), escape(reference.label), plain_number(reference.y));
    }
    return out;
}

/// Draws first all lines, then all labels, whose white edge separates them from lines.
std::string marks(const Chart& chart, const ChartLayout& layout) {
    std::string lines, labels;
    for (const auto& label : layout.marks) {
        const auto& mark = chart.marks[label.index];
        const bool own = mark.series >= 0;
        const char* colour =
            own ? style_of(chart, static_cast<std::size_t>(mark.series)).colour : faint_ink;
        const std::string begin = fmt::format(
            "<g class=\"mark\"{}>", own ? fmt::format(" data-series=\"{}\"", mark.series) : "");
        lines += fmt::format(
            "{}<path d=\"M{} {}V{}\" stroke=\"{}\" stroke-width=\"1.4\" "
            "stroke-dasharray=\"4 3\"><title>{}: {}</title></path></g>\n",
            begin, coordinate(layout.x(mark.x)), coordinate(label.y + 4.0),
            coordinate(layout.plot.bottom), colour, escape(mark.label), plain_number(mark.x));
        labels += begin +
                  text(label.x, label.y, "start", tick_size, escape(label.text),
                       " stroke=\"#ffffff\" stroke-width=\"3\" paint-order=\"stroke\"") +
                  "</g>\n";
    }
    return lines + labels;
}

std::string legend(const Chart& chart, const ChartLayout& layout) {
    std::string out;
    for (const auto& entry : layout.legend) {
        const double middle = entry.y - 4.0;
        out += entry.reference
                   ? std::string("<g class=\"key\">")
                   : fmt::format("<g class=\"key toggle\" data-series=\"{}\">", entry.index);
        if (entry.reference) {
            out += line(entry.x, middle, entry.x + 24.0, middle, faint_ink,
                        fmt::format(" stroke-width=\"1.4\" stroke-dasharray=\"{}\"",
                                    reference_dash(entry.index))
                            .c_str());
        } else {
            out += legend_key(chart, entry.index, entry.x, middle);
        }
        out +=
            text(entry.x + key_width, entry.y, "start", tick_size, escape(entry.text)) + "</g>\n";
    }
    return out;
}

std::string heading(const ChartLayout& layout) {
    std::string out;
    double y = 24.0;
    for (const auto& words : layout.heading) {
        out += text(0.5 * layout.width, y, "middle", 15.0, escape(words), " font-weight=\"bold\"");
        y += 20.0;
    }
    return out;
}

}  // namespace

std::string chart_svg(const Chart& chart, const std::string& id, bool standalone) {
    const ChartLayout layout = lay_out(chart, standalone);
    const Box& plot = layout.plot;
    const std::string clip = "clip-" + id;
    std::string out =
        svg_begin(layout.width, layout.height, chart.title, describe(chart), standalone);
    out += fmt::format(
        "<clipPath id=\"{}\"><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>"
        "</clipPath>\n",
        clip, coordinate(plot.left), coordinate(plot.top - 1.0), coordinate(plot.width()),
        coordinate(plot.height() + 2.0));
    out += heading(layout) + grid(layout) + references(chart, layout) + marks(chart, layout);
    std::size_t drawn = 0;
    for (std::size_t s = 0; s < chart.series.size(); ++s) {
        out += series_svg(chart, s, layout, clip);
        drawn += drawable_points(chart, s, layout).size();
    }
    if (drawn == 0) {
        out += text(0.5 * (plot.left + plot.right), 0.5 * (plot.top + plot.bottom), "middle",
                    label_size, "no finite values");
    }
    return out + x_axis(layout) + y_axis(layout) + legend(chart, layout) + "</svg>\n";
}

std::string describe(const Chart& chart) {
    const auto name = [](const Axis& axis) { return axis_title(axis, 0); };
    std::string out = chart.title + ": " + name(chart.y) + " against " + name(chart.x);
    for (std::size_t s = 0; s < chart.series.size() && s < 12; ++s) {
        out += (s == 0 ? "; " : ", ") + chart.series[s].name;
    }
    if (chart.series.size() > 12) out += fmt::format(" and {} more", chart.series.size() - 12);
    return out;
}

std::string to_svg(const Chart& chart) {
    return chart_svg(chart, "figure", true);
}

}  // namespace motley::report

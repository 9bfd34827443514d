#include "network_picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "markup.hpp"
#include "motley/core/error.hpp"
#include "palette.hpp"
#include "series_svg.hpp"

namespace motley::report {
namespace {

constexpr double graph_width = 520.0, graph_height = 440.0, graph_margin = 22.0;
constexpr double side = 384.0;  ///< side of a matrix: three units per cell
constexpr int shades = 16;
constexpr std::size_t largest_table = 500;

std::string description(const NetworkPicture& graph) {
    return fmt::format("{}: network of {} vertices and {} arcs", graph.title, graph.nodes,
                       graph.links);
}

void check(const NetworkPicture& graph) {
    for (const auto& [a, b] : graph.edges) {
        if (std::min(a, b) < 0 || std::max(a, b) >= graph.nodes) {
            throw internal_error(fmt::format("report: graph '{}' has {} vertices and an edge {}-{}",
                                             graph.title, graph.nodes, a, b));
        }
    }
    const auto cells = static_cast<std::size_t>(NetworkPicture::cells) * NetworkPicture::cells;
    if (!graph.density.empty() && graph.density.size() != cells) {
        throw internal_error("report: the density of a graph has 128 x 128 cells");
    }
    if (!graph.positions.empty() &&
        graph.positions.size() != static_cast<std::size_t>(graph.nodes)) {
        throw internal_error("report: a graph has one position per vertex");
    }
}

/// Moves and scales places, by one factor in both directions, to fill the picture (y downwards).
std::vector<Position> fitted(std::vector<Position> places) {
    Position low = places.front(), high = places.front();
    for (const auto& p : places) {
        for (std::size_t d = 0; d < 2; ++d) {
            low[d] = std::min(low[d], p[d]);
            high[d] = std::max(high[d], p[d]);
        }
    }
    const double scale =
        std::min((graph_width - 2 * graph_margin) / std::max(1e-9, high[0] - low[0]),
                 (graph_height - 2 * graph_margin) / std::max(1e-9, high[1] - low[1]));
    for (auto& p : places) {
        p = {0.5 * graph_width + (p[0] - 0.5 * (low[0] + high[0])) * scale,
             0.5 * graph_height - (p[1] - 0.5 * (low[1] + high[1])) * scale};
    }
    return places;
}

std::string edge_path(const NetworkPicture& graph, const std::vector<Position>& places) {
    std::set<std::pair<std::int64_t, std::int64_t>> distinct;
    for (const auto& [a, b] : graph.edges) distinct.emplace(std::minmax(a, b));
    std::string d;
    for (const auto& [a, b] : distinct) {
        const Position& from = places[static_cast<std::size_t>(a)];
        const Position& to = places[static_cast<std::size_t>(b)];
        d += "M" + coordinate(from[0]) + " " + coordinate(from[1]) + "L" + coordinate(to[0]) + " " +
             coordinate(to[1]);
    }
    const double crowd = static_cast<double>(distinct.size()) / 300.0;
    return fmt::format(
        "<path class=\"edges\" data-count=\"{}\" d=\"{}\" fill=\"none\" stroke=\"{}\" "
        "stroke-width=\"{}\" stroke-opacity=\"{}\"/>\n",
        distinct.size(), d, faint_ink, crowd > 3.0 ? "0.6" : "0.9",
        coordinate(std::clamp(0.6 / std::sqrt(std::max(1.0, crowd)), 0.05, 0.6)));
}

std::string vertices(const NetworkPicture& graph, const std::vector<Position>& places, bool hosts) {
    const double radius = std::clamp(50.0 / std::sqrt(static_cast<double>(graph.nodes)), 2.4, 5.0);
    std::string out =
        fmt::format("<g class=\"{}\" fill=\"{}\" stroke=\"#ffffff\" stroke-width=\"0.6\">",
                    hosts ? "hosts" : "switches", hosts ? style(0).colour : style(1).colour);
    const auto first = static_cast<std::size_t>(hosts ? 0 : graph.hosts);
    const auto last = static_cast<std::size_t>(hosts ? graph.hosts : graph.nodes);
    for (std::size_t v = first; v < last; ++v) {
        const std::string x = coordinate(places[v][0]), y = coordinate(places[v][1]);
        out += hosts
                   ? fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"{}\">", x, y, coordinate(radius))
                   : fmt::format("<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\">",
                                 coordinate(places[v][0] - 1.1 * radius),
                                 coordinate(places[v][1] - 1.1 * radius), coordinate(2.2 * radius),
                                 coordinate(2.2 * radius));
        out += fmt::format("<title>{} {}</title>", hosts ? "agent" : "switch", v);
        out += hosts ? "</circle>" : "</rect>";
    }
    return out + "</g>\n";
}

std::string key(const NetworkPicture& graph) {
    if (graph.hosts == graph.nodes) return "";
    return fmt::format(
        "<g font-size=\"12\"><circle cx=\"16\" cy=\"{0}\" r=\"5\" fill=\"{2}\"/>"
        "<text x=\"26\" y=\"{1}\">agents</text>"
        "<rect x=\"88\" y=\"{3}\" width=\"10\" height=\"10\" fill=\"{4}\"/>"
        "<text x=\"104\" y=\"{1}\">switches</text></g>\n",
        coordinate(graph_height + 10.0), coordinate(graph_height + 14.0), style(0).colour,
        coordinate(graph_height + 5.0), style(1).colour);
}

std::vector<double> density_of(const NetworkPicture& graph) {
    Density density(graph.nodes);
    for (const auto& [a, b] : graph.edges) {
        density.add(a, b);
        density.add(b, a);
    }
    return density.shares();
}

/// Draws the cells of each shade as horizontal strokes. A shade follows the root of the density, so
/// that sparse graphs are visible.
std::string shade_paths(const std::vector<double>& density, double largest) {
    std::string out;
    const double cell = side / NetworkPicture::cells;
    const auto shade = [&](int row, int column) {
        const double share =
            density[static_cast<std::size_t>(row * NetworkPicture::cells + column)];
        return share > 0.0 ? static_cast<int>(std::ceil(shades * std::sqrt(share / largest))) : 0;
    };
    for (int s = 1; s <= shades; ++s) {
        std::string d;
        for (int row = 0; row < NetworkPicture::cells; ++row) {
            for (int column = 0; column < NetworkPicture::cells; ++column) {
                if (shade(row, column) != s) continue;
                int end = column;
                while (end < NetworkPicture::cells && shade(row, end) == s) ++end;
                d += fmt::format("M{} {}h{}", coordinate(column * cell),
                                 coordinate((row + 0.5) * cell), coordinate((end - column) * cell));
                column = end;
            }
        }
        if (d.empty()) continue;
        out += fmt::format("<path class=\"cells\" d=\"{}\" stroke-opacity=\"{}\"/>", d,
                           coordinate(0.12 + 0.88 * s / shades));
    }
    return out;
}

std::string matrix(const NetworkPicture& graph) {
    const auto density = graph.density.empty() ? density_of(graph) : graph.density;
    const double largest = *std::max_element(density.begin(), density.end());
    const double left = 0.5 * (graph_width - side), top = 28.0;
    const auto label = [&](double x, double y, const char* anchor, const std::string& words,
                           const std::string& more = "") {
        return fmt::format(
            "<text x=\"{}\" y=\"{}\" text-anchor=\"{}\" font-size=\"12\"{}>{}"
            "</text>",
            coordinate(x), coordinate(y), anchor, more, escape(words));
    };
    std::string out = fmt::format(
        "<g transform=\"translate({} {})\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\" "
        "shape-rendering=\"crispEdges\">{}</g>\n",
        coordinate(left), coordinate(top), style(0).colour,
        coordinate(side / NetworkPicture::cells),
        largest > 0.0 ? shade_paths(density, largest) : "");
    out += fmt::format(
        "<rect x=\"{0}\" y=\"{1}\" width=\"{2}\" height=\"{2}\" fill=\"none\" "
        "stroke=\"{3}\"/>\n",
        coordinate(left), coordinate(top), coordinate(side), ink);
    const std::string last = std::to_string(graph.nodes - 1);
    const double right = left + side, bottom = top + side, middle = 0.5 * graph_width;
    out += label(left, top - 8.0, "start", "0") + label(right, top - 8.0, "end", last) +
           label(middle, top - 8.0, "middle", "target vertex");
    out += label(left - 8.0, top + 10.0, "end", "0") + label(left - 8.0, bottom, "end", last) +
           label(left - 14.0, top + 0.5 * side, "middle", "source vertex",
                 fmt::format(" transform=\"rotate(-90 {} {})\"", coordinate(left - 14.0),
                             coordinate(top + 0.5 * side)));
    return out + label(middle, bottom + 20.0, "middle",
                       fmt::format("darkest cell: {} of its pairs are linked",
                                   format_number(largest, {NumberFormat::Notation::percent, 2})));
}

}  // namespace

std::string graph_svg(const NetworkPicture& graph, bool standalone) {
    check(graph);
    const bool drawn = graph.density.empty() && graph.nodes <= NetworkPicture::largest_drawn;
    const double below = drawn && graph.hosts < graph.nodes ? 24.0 : 0.0;
    std::string out =
        svg_begin(graph_width, graph_height + below, graph.title, description(graph), standalone);
    if (graph.nodes < 1) return out + "</svg>\n";
    if (!drawn) return out + matrix(graph) + "</svg>\n";
    const auto places =
        fitted(graph.positions.empty() ? layout(graph.nodes, graph.edges) : graph.positions);
    return out + edge_path(graph, places) + vertices(graph, places, true) +
           (graph.hosts < graph.nodes ? vertices(graph, places, false) : "") + key(graph) +
           "</svg>\n";
}

namespace {

/// The cells of a density that are not empty.
void add_cells(const NetworkPicture& graph, PageTable& table) {
    table.columns = {
        {"row of cells", "", true}, {"column of cells", "", true}, {"density", "", true}};
    for (std::size_t i = 0; i < graph.density.size() && table.rows.size() < largest_table; ++i) {
        if (graph.density[i] <= 0.0) continue;
        table.rows.push_back({static_cast<double>(i / NetworkPicture::cells),
                              static_cast<double>(i % NetworkPicture::cells), graph.density[i]});
    }
    if (table.rows.size() == largest_table) {
        table.caption += fmt::format("; the first {} cells that are not empty", largest_table);
    }
}

}  // namespace

PageTable graph_data(const NetworkPicture& graph) {
    PageTable table;
    table.caption = fmt::format("{} vertices, {} of them switches; {} arcs", graph.nodes,
                                graph.nodes - graph.hosts, graph.links);
    if (!graph.density.empty()) {
        add_cells(graph, table);
        return table;
    }
    table.columns = {{"source", "", true}, {"target", "", true}};
    for (std::size_t e = 0; e < std::min(largest_table, graph.edges.size()); ++e) {
        table.rows.push_back({static_cast<double>(graph.edges[e].first),
                              static_cast<double>(graph.edges[e].second)});
    }
    if (graph.edges.size() > largest_table) {
        table.caption +=
            fmt::format("; the first {} edges of {}", largest_table, graph.edges.size());
    }
    return table;
}

std::string to_svg(const NetworkPicture& graph) {
    return graph_svg(graph, true);
}

}  // namespace motley::report

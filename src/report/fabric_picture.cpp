// Draws a fabric: lines by load per capacity, boxes of switches and hosts, and the legend.
#include "fabric_picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <numeric>

#include "markup.hpp"
#include "palette.hpp"
#include "series_svg.hpp"

namespace motley::report {
namespace {

constexpr double legend_height = 62.0;
constexpr std::size_t largest_table = 500;
constexpr double label_size = 11.0;

/// A class of load per capacity. Blue, then orange, is told apart with any colour vision, and wider
/// lines are busier.
struct Heat {
    double most;  ///< upper end of the class
    const char* colour;
    double width;
    const char* label;
};
constexpr double rounding = 1e-9;  ///< a full link is full, not overloaded
constexpr std::array<Heat, 6> heats = {{{0.0, "#c4c4c4", 0.8, "idle"},
                                        {0.25, "#a9cfe8", 1.3, "to 25 %"},
                                        {0.5, "#56a3d9", 1.9, "to 50 %"},
                                        {0.75, "#0a5a9c", 2.6, "to 75 %"},
                                        {1.0, "#E69F00", 3.4, "to 100 %"},
                                        {1e300, "#B02A00", 4.4, "above 100 %"}}};

const Heat& heat_of(double share) {
    return *std::ranges::find_if(heats,
                                 [&](const Heat& heat) { return share <= heat.most + rounding; });
}

std::string words(double x, double y, const char* anchor, const std::string& content,
                  const std::string& more = "") {
    return fmt::format(
        "<text x=\"{}\" y=\"{}\" text-anchor=\"{}\" font-size=\"{}\" fill=\"{}\"{}>{}</text>",
        coordinate(x), coordinate(y), anchor, coordinate(label_size), ink, more, escape(content));
}

std::string name_of(const FabricBox& box) {
    return box.hosts > 1 ? fmt::format("{} hosts from {} on", box.hosts, box.name) : box.name;
}

std::string amount(double value, const std::string& unit) {
    return format_number(value, {NumberFormat::Notation::general, 4}) +
           (unit.empty() ? "" : " " + unit);
}

/// From the upper edge of the lower box to the lower edge of the upper one; within a layer a bow
/// above the boxes; on a ring straight.
std::string way(const FabricDrawing& drawing, const FabricLine& line) {
    const FabricBox* a = &drawing.boxes[line.a];
    const FabricBox* b = &drawing.boxes[line.b];
    const auto point = [](double x, double y) { return coordinate(x) + " " + coordinate(y); };
    if (drawing.ring) return "M" + point(a->x, a->y) + "L" + point(b->x, b->y);
    if (a->layer > b->layer) std::swap(a, b);
    if (a->layer < b->layer) {
        return "M" + point(a->x, a->y - 0.5 * a->height) + "L" +
               point(b->x, b->y + 0.5 * b->height);
    }
    const double top = a->y - 0.5 * a->height;
    const double bow = std::min(60.0, 12.0 + 0.15 * std::abs(a->x - b->x));
    return "M" + point(a->x, top) + "Q" + point(0.5 * (a->x + b->x), top - bow) + " " +
           point(b->x, top);
}

/// The lines, the busiest ones last and so on top.
std::string lines_svg(const FabricPicture& fabric, const FabricDrawing& drawing) {
    std::vector<std::size_t> order(drawing.lines.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, {}, [&](std::size_t l) { return drawing.lines[l].share(); });
    std::string out = "<g class=\"links\" fill=\"none\">\n";
    for (const std::size_t l : order) {
        const FabricLine& line = drawing.lines[l];
        const Heat& heat = heat_of(line.share());
        out += fmt::format(
            "<path d=\"{}\" stroke=\"{}\" stroke-width=\"{}\"><title>{} – {}: {} of {} "
            "({} %)</title></path>\n",
            way(drawing, line), heat.colour, coordinate(heat.width),
            escape(name_of(drawing.boxes[line.a])), escape(name_of(drawing.boxes[line.b])),
            amount(line.load, fabric.unit), amount(line.capacity, fabric.unit),
            format_number(100.0 * line.share(), {NumberFormat::Notation::general, 3}));
    }
    return out + "</g>\n";
}

std::string box_shape(const FabricBox& box) {
    const bool host = box.hosts > 0;
    return fmt::format(
        "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{}\" fill=\"{}\" "
        "stroke=\"{}\" stroke-width=\"1\"><title>{}</title></rect>",
        coordinate(box.x - 0.5 * box.width), coordinate(box.y - 0.5 * box.height),
        coordinate(box.width), coordinate(box.height),
        coordinate(host ? std::min(6.0, 0.3 * box.width) : 1.5), host ? "#eef4ee" : "#ffffff",
        host ? style(2).colour : ink, escape(name_of(box)));
}

std::string label_in_layer(const FabricBox& box) {
    const double room = box.width - 4.0;
    if (box.hosts > 1) {
        const std::string full = fmt::format("{} hosts", box.hosts);
        const bool fits = text_width(full, label_size) <= room;
        return words(box.x, box.y + 4.0, "middle", fits ? full : std::to_string(box.hosts));
    }
    if (box.height > 22.0) {
        const auto turn =
            fmt::format(" transform=\"rotate(-90 {} {})\"", coordinate(box.x), coordinate(box.y));
        return words(box.x, box.y + 4.0, "middle", shorten(box.name, label_size, box.height - 4.0),
                     turn);
    }
    const bool tight = box.hosts == 1 && text_width(box.name, label_size) > room;
    return words(box.x, box.y + 4.0, "middle", tight ? "1" : shorten(box.name, label_size, room));
}

/// Names stand outside of the ring, along its radius, and are read from the left on both sides.
std::string label_on_ring(const FabricDrawing& drawing, const FabricBox& box) {
    if (box.hosts > 0 && !drawing.only_hosts) {
        if (box.width < 9.0) return "";
        return words(box.x, box.y + 3.6, "middle", std::to_string(box.hosts));
    }
    const double out = drawing.only_hosts ? 12.0 : 42.0;
    const double x = box.x + out * std::sin(box.angle), y = box.y - out * std::cos(box.angle);
    const bool left = box.angle > std::numbers::pi + 1e-9;
    const double degrees = box.angle * 180.0 / std::numbers::pi - (left ? -90.0 : 90.0);
    const auto turn = fmt::format(" transform=\"rotate({} {} {})\" dy=\"0.33em\"",
                                  coordinate(degrees), coordinate(x), coordinate(y));
    return words(x, y, left ? "end" : "start", shorten(box.name, label_size, 60.0), turn);
}

std::string boxes_svg(const FabricDrawing& drawing) {
    std::string out;
    for (const bool hosts : {true, false}) {
        out += fmt::format("<g class=\"{}\">\n", hosts ? "hosts" : "switches");
        for (const FabricBox& box : drawing.boxes) {
            if ((box.hosts > 0) != hosts) continue;
            out += box_shape(box) +
                   (drawing.ring ? label_on_ring(drawing, box) : label_in_layer(box)) + "\n";
        }
        out += "</g>\n";
    }
    return out;
}

std::string legend(const FabricDrawing& drawing) {
    const double y = drawing.height + 22.0;
    const double slot = 88.0;
    double x = 0.5 * (drawing.width - slot * heats.size() - 8.0);
    std::string out = "<g class=\"legend\">\n";
    for (const Heat& heat : heats) {
        out += fmt::format("<path d=\"M{} {}h20\" stroke=\"{}\" stroke-width=\"{}\"/>",
                           coordinate(x), coordinate(y - 4.0), heat.colour, coordinate(heat.width));
        out += words(x + 25.0, y, "start", heat.label) + "\n";
        x += slot;
    }
    const double below = y + 24.0;
    x = 0.5 * (drawing.width - slot * heats.size() - 8.0);
    const auto key = [&](int hosts, const std::string& label) {
        out += box_shape({.name = label,
                          .hosts = hosts,
                          .x = x + 10.0,
                          .y = below - 4.0,
                          .width = 18.0,
                          .height = 14.0});
        out += words(x + 25.0, below, "start", label) + "\n";
    };
    if (!drawing.only_hosts) {
        key(0, "switch");
        x += slot;
    }
    key(1, drawing.only_hosts ? "host" : "hosts of a switch, their number");
    x += drawing.only_hosts ? slot : 2.5 * slot;
    out += words(x, below, "start", "lines: load per capacity, busier direction");
    return out + "</g>\n";
}

std::string description(const FabricPicture& fabric, const FabricDrawing& drawing) {
    return fmt::format("{}: fabric of {} vertices, {} of {} {} drawn, lines by load per capacity",
                       fabric.title, fabric.vertices.size(), drawing.drawn, drawing.vertices,
                       drawing.only_hosts ? "hosts" : "switches");
}

}  // namespace

std::string fabric_svg(const FabricPicture& fabric, const FabricDrawing& drawing, bool standalone) {
    const double height = drawing.height + legend_height;
    return svg_begin(drawing.width, height, fabric.title, description(fabric, drawing),
                     standalone) +
           lines_svg(fabric, drawing) + boxes_svg(drawing) + legend(drawing) + "</svg>\n";
}

std::string fabric_caption(const FabricPicture& fabric, const FabricDrawing& drawing) {
    if (drawing.drawn == drawing.vertices) return fabric.caption;
    const char* what = drawing.only_hosts ? "hosts" : "switches";
    return fabric.caption + (fabric.caption.empty() ? "" : " ") +
           fmt::format("Of {} {} the {} with the busiest links are drawn.", drawing.vertices, what,
                       drawing.drawn);
}

PageTable fabric_data(const FabricPicture& fabric) {
    std::vector<std::size_t> order(fabric.channels.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::greater(), [&](std::size_t c) {
        return fabric.channels[c].load / fabric.channels[c].capacity;
    });
    PageTable table;
    table.caption = fmt::format("{} directions of links, the busiest first", order.size());
    if (order.size() > largest_table) {
        table.caption += fmt::format("; the first {}", largest_table);
        order.resize(largest_table);
    }
    table.columns = {{"from"},
                     {"to"},
                     {"load", fabric.unit, true},
                     {"capacity", fabric.unit, true},
                     {"load per capacity", "", true, {NumberFormat::Notation::percent, 1}}};
    for (const std::size_t c : order) {
        const auto& channel = fabric.channels[c];
        const auto name = [&](int v) { return fabric.vertices[static_cast<std::size_t>(v)].name; };
        table.rows.push_back({name(channel.source), name(channel.target), channel.load,
                              channel.capacity, channel.load / channel.capacity});
    }
    return table;
}

std::string to_svg(const FabricPicture& fabric) {
    return fabric_svg(fabric, draw(fabric), true);
}

}  // namespace motley::report

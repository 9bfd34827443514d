// Groups hosts by their switches, finds layers, chooses the busiest switches, and places them.
#include "fabric_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <numeric>

#include "markup.hpp"
#include "motley/core/error.hpp"
#include "motley/core/index.hpp"

namespace motley::report {
namespace {

constexpr double page_margin = 16.0;
constexpr double layer_gap = 104.0;  ///< free height between two layers
constexpr double host_gap = 34.0;    ///< between the hosts and their switches

void check(const FabricPicture& fabric) {
    const int vertices = static_cast<int>(fabric.vertices.size());
    for (const auto& channel : fabric.channels) {
        const bool inside = std::min(channel.source, channel.target) >= 0 &&
                            std::max(channel.source, channel.target) < vertices;
        const bool legal = std::isfinite(channel.load) && channel.load >= 0.0 &&
                           std::isfinite(channel.capacity) && channel.capacity > 0.0;
        if (inside && legal) continue;
        throw internal_error(fmt::format(
            "report: fabric '{}' has {} vertices and a channel {} -> {} of load {}, capacity {}",
            fabric.title, vertices, channel.source, channel.target, channel.load,
            channel.capacity));
    }
}

/// The switch of the lowest number that a host is linked to, -1 where there is none; for switches
/// too, where it means nothing.
std::vector<int> leaves_of(const FabricPicture& fabric) {
    std::vector<int> leaf(fabric.vertices.size(), -1);
    const auto see = [&](int vertex, int other) {
        if (fabric.vertices[at(other)].host) return;
        if (leaf[at(vertex)] < 0 || other < leaf[at(vertex)]) leaf[at(vertex)] = other;
    };
    for (const auto& channel : fabric.channels) {
        see(channel.source, channel.target);
        see(channel.target, channel.source);
    }
    return leaf;
}

/// Makes the boxes, and returns the box of every vertex. Hosts without a switch have their own.
std::vector<std::size_t> group(const FabricPicture& fabric, FabricDrawing& drawing) {
    const auto leaf = leaves_of(fabric);
    std::map<int, std::size_t> hosts_of;  // the box of a switch's hosts
    std::vector<std::size_t> box_of(fabric.vertices.size());
    for (int v = 0; v < static_cast<int>(fabric.vertices.size()); ++v) {
        const auto& vertex = fabric.vertices[at(v)];
        const int key = leaf[at(v)];
        const bool shared = vertex.host && key >= 0 && hosts_of.contains(key);
        box_of[at(v)] = shared ? hosts_of[key] : drawing.boxes.size();
        if (shared) {
            drawing.boxes[box_of[at(v)]].hosts += 1;
            continue;
        }
        if (vertex.host && key >= 0) hosts_of[key] = drawing.boxes.size();
        drawing.boxes.push_back({.name = vertex.name,
                                 .hosts = vertex.host ? 1 : 0,
                                 .layer = vertex.host ? 0 : -1,
                                 .vertex = v});
    }
    for (const auto& [key, box] : hosts_of) drawing.boxes[box_of[at(key)]].layer = 1;
    return box_of;
}

std::vector<FabricLine> lines_of(const FabricPicture& fabric,
                                 const std::vector<std::size_t>& box_of) {
    std::map<std::pair<std::size_t, std::size_t>, FabricLine> lines;
    for (const auto& channel : fabric.channels) {
        const auto [a, b] = std::minmax({box_of[at(channel.source)], box_of[at(channel.target)]});
        if (a == b) continue;
        FabricLine& line = lines.try_emplace({a, b}, FabricLine{.a = a, .b = b}).first->second;
        if (line.channels == 0 || channel.load / channel.capacity > line.share()) {
            line.load = channel.load;
            line.capacity = channel.capacity;
        }
        line.channels += 1;
    }
    std::vector<FabricLine> all;
    for (const auto& [ends, line] : lines) all.push_back(line);
    return all;
}

/// Numbers the switches that have no hosts of their own: one more than the lowest layer that they
/// are linked to, at least 2. Those that nothing reaches stand on top.
void find_layers(FabricDrawing& drawing) {
    int top = 1;
    for (bool changed = true; changed; ++top) {
        changed = false;
        std::vector<std::size_t> found;
        for (const FabricLine& line : drawing.lines) {
            for (const auto& [from, to] : {std::pair(line.a, line.b), std::pair(line.b, line.a)}) {
                const int layer = drawing.boxes[from].layer;
                const bool below = layer == top || (top == 1 && layer == 0);
                if (below && drawing.boxes[to].layer < 0) found.push_back(to);
            }
        }
        for (const std::size_t box : found) drawing.boxes[box].layer = top + 1;
        changed = !found.empty();
    }
    for (FabricBox& box : drawing.boxes) {
        if (box.layer < 0) box.layer = top;
    }
}

/// True for the boxes that are counted and chosen: switches, or hosts where there are no switches.
bool is_chosen(const FabricDrawing& drawing, const FabricBox& box) {
    return drawing.only_hosts || box.hosts == 0;
}

/// Keeps the switches with the busiest links, the hosts that only they have, and their lines.
void choose(FabricDrawing& drawing) {
    std::vector<double> busiest(drawing.boxes.size(), 0.0);
    for (const FabricLine& line : drawing.lines) {
        for (const std::size_t end : {line.a, line.b}) {
            busiest[end] = std::max(busiest[end], line.share());
        }
    }
    std::vector<std::size_t> order;
    for (std::size_t b = 0; b < drawing.boxes.size(); ++b) {
        if (is_chosen(drawing, drawing.boxes[b])) order.push_back(b);
    }
    drawing.vertices = order.size();
    std::ranges::stable_sort(order, std::greater(), [&](std::size_t b) { return busiest[b]; });
    order.resize(std::min(order.size(), FabricPicture::largest_drawn));
    drawing.drawn = order.size();
    if (drawing.drawn == drawing.vertices) return;
    std::vector<char> kept(drawing.boxes.size(), 0);
    for (const std::size_t b : order) kept[b] = 1;
    for (const FabricLine& line : drawing.lines) {
        for (const auto& [host, other] : {std::pair(line.a, line.b), std::pair(line.b, line.a)}) {
            const bool below = drawing.boxes[host].layer == 0 && drawing.boxes[other].layer == 1;
            if (!drawing.only_hosts && below && kept[other] == 1) kept[host] = 1;
        }
    }
    std::vector<std::size_t> number(kept.size(), 0);
    std::vector<FabricBox> boxes;
    for (std::size_t b = 0; b < kept.size(); ++b) {
        number[b] = boxes.size();
        if (kept[b] == 1) boxes.push_back(std::move(drawing.boxes[b]));
    }
    drawing.boxes = std::move(boxes);
    std::erase_if(drawing.lines, [&](const FabricLine& l) { return !kept[l.a] || !kept[l.b]; });
    for (FabricLine& line : drawing.lines) {
        line.a = number[line.a];
        line.b = number[line.b];
    }
}

using Layer = std::vector<std::size_t>;

/// Mean place of the boxes one layer below that each box is linked to; `fallback` where there is
/// none.
std::vector<double> means_below(const FabricDrawing& drawing, double fallback) {
    std::vector<double> sum(drawing.boxes.size(), 0.0);
    std::vector<int> count(drawing.boxes.size(), 0);
    for (const FabricLine& line : drawing.lines) {
        for (const auto& [low, high] : {std::pair(line.a, line.b), std::pair(line.b, line.a)}) {
            if (drawing.boxes[low].layer + 1 != drawing.boxes[high].layer) continue;
            sum[high] += drawing.boxes[low].x;
            count[high] += 1;
        }
    }
    for (std::size_t b = 0; b < sum.size(); ++b) {
        sum[b] = count[b] > 0 ? std::round(sum[b] / count[b]) : fallback;
    }
    return sum;
}

double label_width(const FabricBox& box) {
    const auto words = box.hosts > 1 ? fmt::format("{} hosts", box.hosts) : box.name;
    return text_width(words, 11.0) + 8.0;
}

/// Spreads a layer over the width. Names that do not fit are turned, and their boxes are higher.
void spread(FabricDrawing& drawing, const Layer& layer) {
    const double slot =
        std::min((drawing.width - 2.0 * page_margin) / static_cast<double>(layer.size()),
                 0.25 * drawing.width);
    double widest = 0.0;
    for (const std::size_t b : layer) widest = std::max(widest, label_width(drawing.boxes[b]));
    const double width =
        std::min(std::clamp(widest, 44.0, 110.0), slot - std::min(6.0, 0.2 * slot));
    const bool hosts = drawing.boxes[layer.front()].layer == 0;
    const bool turned = widest > width && width < 60.0 && !hosts;
    double x = 0.5 * (drawing.width - slot * static_cast<double>(layer.size() - 1));
    for (const std::size_t b : layer) {
        FabricBox& box = drawing.boxes[b];
        box.x = x;
        box.width = width;
        box.height = turned ? std::min(widest, 84.0) : 22.0;
        x += slot;
    }
}

/// Layers from below: hosts stand under their switches.
void place_layers(FabricDrawing& drawing) {
    std::map<int, Layer> layers;
    for (std::size_t b = 0; b < drawing.boxes.size(); ++b) {
        layers[drawing.boxes[b].layer].push_back(b);
    }
    std::size_t most = 1;
    for (const auto& [number, layer] : layers) most = std::max(most, layer.size());
    drawing.width = std::clamp(64.0 * static_cast<double>(most), 600.0, 1040.0);
    for (auto& [number, layer] : layers) {
        if (number > 1) {
            const auto mean = means_below(drawing, 0.5 * drawing.width);
            std::ranges::stable_sort(layer, {}, [&](std::size_t b) { return mean[b]; });
        }
        spread(drawing, layer);
    }
    const auto tallest = [&](const Layer& layer) { return drawing.boxes[layer.front()].height; };
    double y = page_margin;
    for (auto layer = layers.rbegin(); layer != layers.rend(); ++layer) {
        const double height = tallest(layer->second);
        for (const std::size_t b : layer->second) drawing.boxes[b].y = y + 0.5 * height;
        y += height + (layer->first == 1 ? host_gap : layer_gap);
    }
    drawing.height = y - (layers.begin()->first == 1 ? host_gap : layer_gap) + page_margin;
    for (const FabricLine& line : drawing.lines) {
        FabricBox& a = drawing.boxes[line.a];
        FabricBox& b = drawing.boxes[line.b];
        if (a.layer == 0 && b.layer == 1) a.x = b.x;
        if (b.layer == 0 && a.layer == 1) b.x = a.x;
    }
}

/// Switches on a circle in order of their numbers, the hosts of each outside of it.
void place_ring(FabricDrawing& drawing) {
    constexpr double radius = 196.0, hosts_out = 27.0;
    drawing.width = drawing.height = 600.0;
    const double middle = 0.5 * drawing.width;
    const double step = 2.0 * std::numbers::pi / static_cast<double>(drawing.drawn);
    const auto put = [&](FabricBox& box, double angle, double distance, double size) {
        box.angle = angle;
        box.x = middle + distance * std::sin(angle);
        box.y = middle - distance * std::cos(angle);
        box.width = box.height = size;
    };
    double angle = 0.0;
    for (FabricBox& box : drawing.boxes) {
        if (!is_chosen(drawing, box)) continue;
        put(box, angle, radius, std::min(14.0, 0.6 * step * radius));
        angle += step;
    }
    if (drawing.only_hosts) return;
    for (const FabricLine& line : drawing.lines) {
        for (const auto& [host, other] : {std::pair(line.a, line.b), std::pair(line.b, line.a)}) {
            if (drawing.boxes[host].layer != 0 || drawing.boxes[other].layer != 1) continue;
            const double size = std::min(18.0, 0.8 * step * radius);
            put(drawing.boxes[host], drawing.boxes[other].angle, radius + hosts_out, size);
        }
    }
}

}  // namespace

FabricDrawing draw(const FabricPicture& fabric) {
    check(fabric);
    FabricDrawing drawing;
    drawing.only_hosts = std::ranges::all_of(fabric.vertices, &FabricPicture::Vertex::host);
    const auto box_of = group(fabric, drawing);
    drawing.lines = lines_of(fabric, box_of);
    find_layers(drawing);
    const auto above = [](const FabricBox& box) { return box.layer > 1; };
    const bool flat = std::ranges::none_of(drawing.boxes, above);
    choose(drawing);
    drawing.ring = flat && drawing.drawn > 2;
    if (drawing.boxes.empty()) {
        drawing.width = drawing.height = 2.0 * page_margin;
    } else if (drawing.ring) {
        place_ring(drawing);
    } else {
        place_layers(drawing);
    }
    return drawing;
}

}  // namespace motley::report

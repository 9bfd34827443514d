#include "motley/report/topology_picture.hpp"

#include <cmath>
#include <numbers>

#include "motley/topology/generator.hpp"

namespace motley::report {
namespace {

std::array<double, 2> on_circle(std::int64_t vertex, std::int64_t vertices) {
    const double angle = 2.0 * std::numbers::pi *
                         (0.25 - static_cast<double>(vertex) / static_cast<double>(vertices));
    return {std::cos(angle), std::sin(angle)};
}

/// The columns of a two-dimensional grid; 0 for other graphs and for grids of unknown sides.
std::int64_t columns_of(const topology::Spec& spec, std::int64_t vertices) {
    const std::vector<std::int64_t> sides = spec.integers("shape");
    if (sides.size() == 2) return sides[1];
    const auto side =
        static_cast<std::int64_t>(std::llround(std::sqrt(static_cast<double>(vertices))));
    return sides.empty() && spec.integer("dimensions") == 2 && side * side == vertices ? side : 0;
}

void place(NetworkPicture& graph, const topology::Spec& spec) {
    using Drawing = topology::Generator::Drawing;
    const topology::Generator* generator = topology::find_generator(spec.generator);
    const Drawing drawing = generator == nullptr ? Drawing::forces : generator->drawing;
    const bool circle = drawing == Drawing::circle;
    const std::int64_t columns = drawing == Drawing::rows ? columns_of(spec, graph.nodes) : 0;
    for (std::int64_t v = 0; v < graph.nodes && (circle || columns > 0); ++v) {
        if (circle) {
            graph.positions.push_back(on_circle(v, graph.nodes));
        } else {
            graph.positions.push_back(
                {static_cast<double>(v % columns), -static_cast<double>(v / columns)});
        }
    }
}

}  // namespace

NetworkPicture picture(const topology::Topology& topology, const topology::Spec& spec,
                       std::int64_t arcs, const std::string& title) {
    NetworkPicture graph{title, {}, topology.agents(), topology.hosts(), arcs};
    if (graph.nodes <= NetworkPicture::largest_drawn) {
        topology.arcs(0, 1, [&](std::span<const topology::Arc> batch) {
            for (const auto& arc : batch) graph.edges.emplace_back(arc.source, arc.target);
        });
        place(graph, spec);
        return graph;
    }
    Density density(graph.nodes);
    if (topology.traits().complete) {
        graph.density.assign(
            static_cast<std::size_t>(NetworkPicture::cells) * NetworkPicture::cells, 1.0);
        return graph;
    }
    topology.arcs(0, 1, [&](std::span<const topology::Arc> batch) {
        for (const auto& arc : batch) density.add(arc.source, arc.target);
    });
    graph.density = density.shares();
    return graph;
}

}  // namespace motley::report

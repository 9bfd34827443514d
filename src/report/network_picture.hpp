// Pictures of networks as SVG.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "motley/report/document.hpp"

namespace motley::report {

std::string graph_svg(const NetworkPicture& graph, bool standalone);

/// The edges of a picture, or the cells of its density that are not empty, as a table.
PageTable graph_data(const NetworkPicture& graph);

using Position = std::array<double, 2>;

/// Places the vertices so that distances on paper follow distances in the graph: stress is
/// minimised by stochastic gradient descent (Zheng, Pawar, Goodman, IEEE TVCG 25 (2019),
/// doi:10.1109/TVCG.2018.2859997). The pairs are visited in an order that depends on the number of
/// vertices only, so that the same graph has the same picture. Components lie side by side. Work
/// and memory grow with the square of `nodes`.
std::vector<Position> layout(std::int64_t nodes,
                             const std::vector<std::pair<std::int64_t, std::int64_t>>& edges);

}  // namespace motley::report

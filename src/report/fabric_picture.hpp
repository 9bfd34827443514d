// Pictures of fabrics with the load of their links, as SVG.
#pragma once

#include <string>

#include "fabric_layout.hpp"
#include "motley/report/document.hpp"

namespace motley::report {

std::string fabric_svg(const FabricPicture& fabric, const FabricDrawing& drawing, bool standalone);

/// The caption, and what the drawing leaves out.
std::string fabric_caption(const FabricPicture& fabric, const FabricDrawing& drawing);

/// The channels by load per capacity, the busiest first.
PageTable fabric_data(const FabricPicture& fabric);

}  // namespace motley::report

// The places of a fabric's boxes and the lines between them.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "motley/report/document.hpp"

namespace motley::report {

/// A switch, or the hosts of one switch together. In a graph of hosts only, one host.
struct FabricBox {
    std::string name;
    int hosts = 0;            ///< 0: a switch
    int layer = 0;            ///< 0: hosts; 1: switches with hosts; and so on
    int vertex = 0;           ///< the switch, or the lowest of the hosts
    double x = 0.0, y = 0.0;  ///< centre
    double width = 0.0, height = 0.0;
    double angle = 0.0;  ///< rings: direction from the centre, radians
};

/// All links between two boxes; load and capacity are those of the busiest direction of any.
struct FabricLine {
    std::size_t a = 0, b = 0;  ///< boxes, a < b
    double load = 0.0;
    double capacity = 1.0;
    int channels = 0;  ///< number of directed links in the line

    double share() const { return load / capacity; }
};

struct FabricDrawing {
    std::vector<FabricBox> boxes;
    std::vector<FabricLine> lines;
    bool ring = false;
    bool only_hosts = false;
    std::size_t vertices = 0;  ///< switches, or hosts in a graph of hosts, before the choice
    std::size_t drawn = 0;     ///< those of them that are drawn
    double width = 0.0, height = 0.0;
};

/// Figures that are wider take the whole width of the page.
inline constexpr double half_width = 640.0;

/// Chooses what is drawn and places it. The same picture has the same drawing. Internal error: a
/// channel whose ends are not there, a load that is negative or not finite, a capacity that is not
/// positive or not finite.
FabricDrawing draw(const FabricPicture& fabric);

}  // namespace motley::report

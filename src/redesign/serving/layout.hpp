// Hosts grouped into cells of alike ones, and what they can do.
#pragma once

#include <limits>
#include <map>
#include <utility>
#include <vector>

#include "motley/core/index.hpp"
#include "motley/redesign/serving/serving.hpp"

namespace motley::serving {

/// Hosts with one link to the same switch, of the same type, node structure and part in groups: any
/// of them may be exchanged, so that some optimum treats them all alike. Other hosts are alone.
struct Cell {
    int type = 0;
    int vertex = 0;  ///< where its traffic enters the fabric: the switch of hosts with one link
    bool folded = false;  ///< hosts with one link
    int leaf = -1;
    int domain = -1;  ///< network inside the node, -1: none
    std::vector<int> hosts;
    std::vector<int> up, down;  ///< channels of folded hosts

    double devices() const { return static_cast<double>(hosts.size()); }
};

/// What one unit of an activity takes of a cell.
struct Part {
    int cell = 0;
    double time = 0.0;    ///< device-seconds per second
    double work = 0.0;    ///< units/s of the activity's class that its devices do
    double inward = 0.0;  ///< traffic of groups into the node ports, and out of them
    double outward = 0.0;
};

/// Devices at work on a class: one cell, or all members of a group. One unit is one device's whole
/// time, or that of the group's slowest member. With `even` hand-over there is one activity, theta.
struct Activity {
    std::vector<std::pair<int, double>> works;  ///< class, units/s
    std::vector<Part> parts;
    fabric::Traffic traffic;  ///< what goes through the fabric, between hosts
};

struct Layout {
    std::vector<Cell> cells;
    std::vector<int> cell_of;  ///< per host, -1: no device
    std::vector<char> folded;  ///< per vertex
    int domains = 0;
    std::vector<Activity> activities;
};

/// Usage errors: those of `serve`.
Layout lay_out(const fabric::FabricGraph& graph, const System& system, const Options& options);

}  // namespace motley::serving

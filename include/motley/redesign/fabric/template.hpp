// Fabrics of any size from one description, and the parts that they are bought as.
#pragma once

#include <cstdint>

#include "motley/redesign/fabric/fabric_graph.hpp"
#include "motley/topology/spec.hpp"

namespace motley::fabric {

/// The smallest topology of the same generator that has at least `hosts` hosts: a fat tree grows by
/// the ports of its switches, leaf and spine by leaves, rails by nodes, a dragonfly by its h, a
/// jellyfish by switches, a slim fly by its q. All other parameters stay. Usage error where the
/// topology does not grow so.
topology::Spec sized(const topology::Spec& spec, std::int64_t hosts);

/// Whether `sized` knows how the topology grows.
bool can_grow(const topology::Spec& spec);

/// What is bought, besides the devices. Switches in the nodes of a rail fabric come with the nodes
/// and are not counted; neither are their links.
struct Parts {
    std::int64_t switches = 0;
    double ports = 0.0;   ///< of the switches, in ports of capacity 1; a wider link has more
    double cables = 0.0;  ///< between switches and to hosts, in cables of capacity 1
};
/// `node_switches`: switches with the lowest numbers that are in the nodes.
Parts parts_of(const FabricGraph& graph, std::int64_t node_switches = 0);
/// The number of switches that stand in the nodes of a fabric: its nodes, where it has rails.
std::int64_t node_switches_of(const topology::Spec& spec);

}  // namespace motley::fabric

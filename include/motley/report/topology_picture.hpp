// From a topology to its picture.
#pragma once

#include <string>

#include "motley/report/document.hpp"
#include "motley/topology/topology.hpp"

namespace motley::report {

/// Above this many arcs a topology is not looked at for a picture.
inline constexpr std::int64_t most_arcs_pictured = 20'000'000;

/// Not collective. Small topologies with their edges (rings as circles, grids as grids, others laid
/// out by distance), large ones as densities. `spec` is what it was made from; `arcs` their number.
NetworkPicture picture(const topology::Topology& topology, const topology::Spec& spec,
                       std::int64_t arcs, const std::string& title);

}  // namespace motley::report

// The picture of a topology.
#pragma once

#include <string>

#include "motley/report/document.hpp"
#include "motley/topology/topology.hpp"

namespace motley::report {

/// A topology with more arcs than this gets no picture.
inline constexpr std::int64_t most_arcs_pictured = 20'000'000;

/// Not collective. Shows small topologies with their edges (rings as circles, grids as grids,
/// others laid out by distance), large ones as densities. The topology was made from `spec`; `arcs`
/// is the number of its arcs.
NetworkPicture picture(const topology::Topology& topology, const topology::Spec& spec,
                       std::int64_t arcs, const std::string& title);

}  // namespace motley::report

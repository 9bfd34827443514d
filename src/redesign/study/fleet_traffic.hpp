// The traffic of the hosts that follows from the allocation of a fleet.
#pragma once

#include <cstddef>
#include <vector>

#include "motley/job/redesign.hpp"
#include "motley/redesign/fabric/fabric_graph.hpp"
#include "motley/redesign/fabric/traffic.hpp"
#include "motley/redesign/fleet/fleet.hpp"

namespace motley::redesign {

/// A device on a host.
struct Seat {
    std::size_t type = 0;
    std::size_t node = 0;      ///< number of the node, in the order of the hosts
    std::vector<double> work;  ///< K: base units per second, where the demand is just served
};

/// Returns the devices of a fleet in the order of the hosts. Each type gives its devices to the
/// task classes in their order, so that two classes share at most one device. Its nodes are then
/// placed whole.
std::vector<Seat> seats_of(const job::Redesign& job, const fleet::Fleet& fleet,
                           const fleet::Throughput& throughput, job::Placement placement);

/// What the members of a group send one another in one operation on a vector of `bytes`. A
/// hierarchical all-reduce goes by node, or by leaf switch where nodes have one device; where these
/// are not of one size it goes round a ring.
std::vector<fabric::Demand> demands_of(job::CollectiveKind kind, const std::vector<int>& hosts,
                                       double bytes, const std::vector<Seat>& seats,
                                       const fabric::FabricGraph& graph);

struct FleetTraffic {
    fabric::Traffic traffic;  ///< in host ports, where the demand is just served
    int uneven_groups = 0;    ///< hierarchical all-reduces that use a ring instead
};
/// The traffic of the flows and collectives of all task classes. A flow is spread over all pairs of
/// hosts of its two classes in proportion to their work; the members of a group are neighbours in
/// the order of the hosts. `link`: GB/s of a host port.
FleetTraffic traffic_of(const job::Redesign& job, const std::vector<Seat>& seats,
                        const fabric::FabricGraph& graph, double link);

}  // namespace motley::redesign

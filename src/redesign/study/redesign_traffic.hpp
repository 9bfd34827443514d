// From the allocation of a fleet to the traffic of its hosts.
#pragma once

#include <cstddef>
#include <vector>

#include "motley/job/redesign.hpp"
#include "motley/redesign/fabric/graph.hpp"
#include "motley/redesign/fabric/traffic.hpp"
#include "motley/redesign/fleet/fleet.hpp"

namespace motley::redesign {

/// A device on a host.
struct Seat {
    std::size_t type = 0;
    std::size_t node = 0;      ///< in the order of the hosts
    std::vector<double> work;  ///< K: base units per second, where the demand is just served
};

/// The devices of a fleet in the order of the hosts. Each type gives its devices to the task
/// classes in their order, so that one device at most is shared by two; its nodes are then placed
/// whole.
std::vector<Seat> seats_of(const job::Redesign& job, const fleet::Fleet& fleet,
                           const fleet::Throughput& throughput, job::Placement placement);

struct FleetTraffic {
    fabric::Traffic traffic;  ///< in host ports, where the demand is just served
    int uneven_groups = 0;    ///< hierarchical all-reduces that had to go round a ring
};
/// Flows and collectives of all task classes together. A flow is spread over all pairs of hosts of
/// its two classes in proportion to their work; the members of a group are neighbours in the order
/// of the hosts. `link`: GB/s of a host port.
FleetTraffic traffic_of(const job::Redesign& job, const std::vector<Seat>& seats,
                        const fabric::Graph& graph, double link);

}  // namespace motley::redesign

// The fabric of a design, and the system of devices on its hosts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fleet_traffic.hpp"
#include "motley/redesign/serving/pipeline.hpp"
#include "motley/redesign/serving/serving.hpp"
#include "motley/redesign/study/study.hpp"

namespace motley::redesign {

/// A fleet on the hosts of a fabric.
struct DesignFabric {
    explicit DesignFabric(const topology::Topology& topology)
        : graph(topology), remarks(topology.remarks()) {}

    fabric::FabricGraph graph;
    std::vector<std::string> remarks;  ///< what the file of the topology was taken for
    double link = 0.0;                 ///< GB/s of capacity 1
    std::vector<Seat> seats = {};      ///< of the hosts 0, 1, ...; the rest of the hosts are empty
    serving::System system = {};
    serving::Options options = {};
    std::int64_t failures = 0;  ///< most failures to try of each part
    std::string text = {};      ///< "fat-tree, 128 hosts"
    double price = 0.0;         ///< per hour
    double power = 0.0;         ///< W
    double rack_units = 0.0;
    std::optional<PlacementResult> placement = {};  ///< it was searched
    std::string name = {};                          ///< of the design, for a pipeline
    double demand = 0.0;                            ///< units/s, for a pipeline
    /// The stages, with amounts in capacities of the graph; nothing: devices do units alone.
    std::optional<serving::Pipeline> pipeline = {};
};

/// The fabric of a design: that of the design `spec`, or the template of the job where it has none
/// (`spec` may be null) and classes send data; nothing where there is neither.
std::optional<DesignFabric> fabric_of(const job::Redesign& job, const job::DesignSpec* spec,
                                      const fleet::Fleet& fleet,
                                      const fleet::Throughput& throughput);

/// Whether any class of the job sends data out of its nodes.
bool has_traffic(const job::Redesign& job);

/// What the devices of a design serve on what is left of its fabric.
serving::Outcome served_on(const DesignFabric& design, const fabric::FabricGraph& left);

/// The same devices after a failure: lost hosts have no device, and groups with one are gone.
serving::System after_failure(const serving::System& system, const fabric::FabricGraph& left);

}  // namespace motley::redesign

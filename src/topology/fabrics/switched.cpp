// Rows, arcs and cables of fabrics of hosts and switches.
#include "topology/fabrics/switched.hpp"

#include <algorithm>
#include <cmath>

namespace motley::topology {

Floor::Floor(std::int64_t racks)
    : side_(static_cast<std::int64_t>(std::ceil(std::sqrt(static_cast<double>(racks))))) {}

double Floor::length(std::int64_t rack_a, std::int64_t rack_b) const {
    if (rack_a == rack_b) return 1.0;
    const std::int64_t rows = std::abs(rack_a / side_ - rack_b / side_);
    const std::int64_t columns = std::abs(rack_a % side_ - rack_b % side_);
    return static_cast<double>(2 + rows + columns);
}

Switched::Switched(const Size& size, double survival)
    : RowTopology(size.hosts + size.switches, survival, 2 * size.cables),
      hosts_(size.hosts),
      uniform_(size.uniform),
      floor_(size.racks) {}

Traits Switched::traits() const {
    Traits traits = RowTopology::traits();
    traits.symmetric_uniform = uniform_;
    return traits;
}

void Switched::arcs(std::int64_t chunk, std::int64_t chunks, const ArcSink& sink) const {
    if (uniform_) return RowTopology::arcs(chunk, chunks, sink);
    const ChunkRange range = chunk_range(agents_, chunk, chunks);
    ArcBatch batch(sink);
    std::vector<AgentId> neighbours;
    for (AgentId vertex = range.begin; vertex < range.end; ++vertex) {
        neighbours.clear();
        fill(vertex, neighbours);
        for (const AgentId other : neighbours) {
            batch.add({vertex, other, capacity(vertex, other), survival_});
        }
    }
    batch.finish();
}

Fabric::Fabric(const FabricSize& plan, double survival)
    : Switched({.hosts = plan.edge_switches * plan.hosts_per_switch,
                .switches = plan.switches,
                .cables = plan.edge_switches * plan.hosts_per_switch + plan.cables,
                .racks = plan.racks,
                .uniform = plan.uniform},
               survival),
      edge_switches_(plan.edge_switches),
      hosts_per_switch_(plan.hosts_per_switch) {}

std::int64_t Fabric::switch_at(AgentId vertex) const {
    return vertex < hosts() ? vertex / hosts_per_switch_ : vertex - hosts();
}

void Fabric::fill(AgentId vertex, std::vector<AgentId>& neighbours) const {
    const std::int64_t number = switch_at(vertex);
    if (vertex < hosts()) {
        neighbours.push_back(hosts() + number);
        return;
    }
    if (number < edge_switches_) {
        for (std::int64_t k = 0; k < hosts_per_switch_; ++k) {
            neighbours.push_back(number * hosts_per_switch_ + k);
        }
    }
    const auto hosts_here = static_cast<std::ptrdiff_t>(neighbours.size());
    append_linked(number, neighbours);
    for (auto other = neighbours.begin() + hosts_here; other != neighbours.end(); ++other) {
        *other += hosts();
    }
    std::sort(neighbours.begin() + hosts_here, neighbours.end());
}

double Fabric::capacity(AgentId a, AgentId b) const {
    if (a < hosts() || b < hosts()) return 1.0;
    return capacity_between(a - hosts(), b - hosts());
}

std::int64_t Fabric::rack(AgentId vertex) const {
    return rack_of_switch(switch_at(vertex));
}

}  // namespace motley::topology

// What fabrics of hosts and switches share: hosts first, cables with capacity and length, and
// switches that stand in racks on a machine room's floor.
#pragma once

#include <cstdint>
#include <vector>

#include "topology/generators.hpp"

namespace motley::topology {

/// Racks stand in the rows of a square, 1 m apart. Cables are counted as by Besta and Hoefler 2014
/// (section VI-B, doi:10.1109/SC.2014.34): 1 m within a rack; between racks the Manhattan distance
/// and 2 m for leaving one rack and entering the other.
class Floor {
  public:
    explicit Floor(std::int64_t racks);

    /// Metres of cable.
    double length(std::int64_t rack_a, std::int64_t rack_b) const;

  private:
    std::int64_t side_;
};

/// The rack of a group out of `groups`; rack groups / 2 holds what all groups share.
constexpr std::int64_t rack_around_middle(std::int64_t group, std::int64_t groups) {
    return group < groups / 2 ? group : group + 1;
}

/// Vertices 0, ..., hosts - 1 are hosts, the rest are switches; a cable carries traffic both ways.
/// Routing is uniform where all capacities are equal, else it is proportional to them.
class Switched : public RowTopology {
  public:
    AgentId hosts() const final { return hosts_; }
    Link link(AgentId a, AgentId b) const final {
        return {capacity(a, b), floor_.length(rack(a), rack(b))};
    }
    Traits traits() const final;
    bool has_rows() const final { return uniform_; }
    void arcs(std::int64_t chunk, std::int64_t chunks, const ArcSink& sink) const final;

  protected:
    struct Size {
        AgentId hosts = 0;
        AgentId switches = 0;
        std::int64_t cables = 0;  ///< linked pairs, hosts included
        std::int64_t racks = 1;
        bool uniform = true;  ///< all capacities are 1
    };
    Switched(const Size& size, double survival);

    /// Capacity of the cables between two linked vertices, in host ports.
    virtual double capacity(AgentId, AgentId) const { return 1.0; }
    virtual std::int64_t rack(AgentId vertex) const = 0;

  private:
    AgentId hosts_;
    bool uniform_;
    Floor floor_;
};

/// Every host has one cable, which leads to its switch. The hosts of a switch have consecutive
/// numbers. The switches with hosts come first, and all of them have the same number of hosts.
class Fabric : public Switched {
  protected:
    struct FabricSize {
        std::int64_t switches = 0;
        std::int64_t edge_switches = 0;  ///< those with hosts
        std::int64_t hosts_per_switch = 0;
        std::int64_t cables = 0;  ///< linked pairs of switches
        std::int64_t racks = 1;
        bool uniform = true;
    };
    Fabric(const FabricSize& size, double survival);

    /// Appends the distinct numbers of the switches linked to switch `number`, in any order.
    virtual void append_linked(std::int64_t number, std::vector<std::int64_t>& linked) const = 0;
    virtual std::int64_t rack_of_switch(std::int64_t number) const = 0;
    virtual double capacity_between(std::int64_t, std::int64_t) const { return 1.0; }

  private:
    void fill(AgentId vertex, std::vector<AgentId>& neighbours) const final;
    double capacity(AgentId a, AgentId b) const final;
    std::int64_t rack(AgentId vertex) const final;
    /// The number of a switch, or of the switch of a host.
    std::int64_t switch_at(AgentId vertex) const;

    std::int64_t edge_switches_;
    std::int64_t hosts_per_switch_;
};

}  // namespace motley::topology

// Nodes of accelerators whose devices of one index share a rail.
#include <fmt/format.h>

#include "topology/fabrics/switched.hpp"

namespace motley::topology {
namespace {

struct RailSize {
    std::int64_t nodes = 0;
    std::int64_t devices = 0;  ///< devices per node
    std::int64_t spines = 0;   ///< 0 in a rail-only fabric
    double node_capacity = 1.0;
    double uplink_capacity = 1.0;

    AgentId hosts() const { return nodes * devices; }
    std::int64_t switches() const { return nodes + devices + spines; }
    bool uniform() const { return node_capacity == 1.0 && (spines == 0 || uplink_capacity == 1.0); }
};

/// The fabrics of Wang, Ghobadi, Shakeri, Zhang, Hasani 2023, arXiv:2307.12169: device d of every
/// node is linked to the switch of rail d. In a rail-optimised fabric every rail is linked to every
/// spine; in a rail-only fabric traffic between rails passes through the nodes. The devices of a
/// node reach each other through a switch in the node (a relay: NVSwitch). The switches are
/// numbered in the order nodes, rails, spines. A node is a rack; rails and spines stand in one rack
/// in the middle.
class Rails final : public Switched {
  public:
    Rails(const RailSize& plan, double survival)
        : Switched({.hosts = plan.hosts(),
                    .switches = plan.switches(),
                    .cables = 2 * plan.hosts() + plan.devices * plan.spines,
                    .racks = plan.nodes + 1,
                    .uniform = plan.uniform()},
                   survival),
          plan_(plan) {}

  private:
    AgentId first_rail() const { return plan_.hosts() + plan_.nodes; }
    AgentId first_spine() const { return first_rail() + plan_.devices; }

    void fill(AgentId vertex, std::vector<AgentId>& neighbours) const override {
        const std::int64_t g = plan_.devices;
        const auto append = [&](AgentId first, std::int64_t count, std::int64_t stride) {
            for (std::int64_t k = 0; k < count; ++k) neighbours.push_back(first + k * stride);
        };
        if (vertex < hosts()) {
            neighbours.push_back(hosts() + vertex / g);
            neighbours.push_back(first_rail() + vertex % g);
        } else if (vertex < first_rail()) {
            append((vertex - hosts()) * g, g, 1);
        } else if (vertex < first_spine()) {
            append(vertex - first_rail(), plan_.nodes, g);
            append(first_spine(), plan_.spines, 1);
        } else {
            append(first_rail(), g, 1);
        }
    }

    double capacity(AgentId a, AgentId b) const override {
        const AgentId highest = std::max(a, b);
        if (highest < first_rail()) return plan_.node_capacity;
        return highest < first_spine() ? 1.0 : plan_.uplink_capacity;
    }

    std::int64_t rack(AgentId vertex) const override {
        if (vertex >= first_rail()) return plan_.nodes / 2;
        const std::int64_t node = vertex < hosts() ? vertex / plan_.devices : vertex - hosts();
        return rack_around_middle(node, plan_.nodes);
    }

    RailSize plan_;
};

std::unique_ptr<Topology> make_rails(const Arguments& arguments, std::int64_t spines) {
    RailSize plan;
    plan.nodes = arguments.count("nodes", 1);
    plan.devices = arguments.count("devices", 1);
    plan.spines = spines;
    plan.node_capacity = arguments.capacity("node_capacity");
    plan.uplink_capacity = arguments.capacity("uplink_capacity");
    arguments.sized("nodes", fmt::format("{} with {} devices each", plan.nodes, plan.devices),
                    capped_product(plan.nodes, plan.devices), plan.switches());
    return std::make_unique<Rails>(plan, arguments.survival());
}

constexpr Parameter parameters_of_rails[] = {
    integer("nodes", "[1, inf)", "nodes", "number of machines with several devices each"),
    integer("devices", "[1, inf)", "hosts", "devices of a node", 8),
    number("node_capacity", "(0, inf)", "host ports",
           "capacity of a device's link to the switch in its node", 9),
};

std::unique_ptr<Topology> make_rail_only(const Arguments& arguments) {
    return make_rails(arguments, 0);
}

std::unique_ptr<Topology> make_rail_optimised(const Arguments& arguments) {
    return make_rails(arguments, arguments.count("spines", 1));
}

}  // namespace

extern const Generator rail_optimised = {
    .name = "rail-optimised",
    .kind = Generator::Kind::fabric,
    .help = "a switch per node and per index of device, joined by spines",
    .keys = "nodes! devices spines! node_capacity uplink_capacity agents",
    .parameters = parameters_of_rails,
    .make = make_rail_optimised,
};

extern const Generator rail_only = {
    .name = "rail-only",
    .kind = Generator::Kind::fabric,
    .help = "a switch per node and per index of device",
    .keys = "nodes! devices node_capacity agents",
    .make = make_rail_only,
};

}  // namespace motley::topology

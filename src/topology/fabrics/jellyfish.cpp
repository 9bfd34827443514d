// Jellyfish: a random regular graph of switches.
#include <fmt/format.h>

#include "topology/fabrics/switched.hpp"

namespace motley::topology {
namespace {

/// Singla, Hong, Popa, Godfrey 2012 (NSDI, 225-238): N switches with k ports, r of them linked at
/// random to those of other switches, k - r to hosts. Each switch stands in a rack with its hosts.
class Jellyfish final : public Fabric {
  public:
    Jellyfish(std::unique_ptr<Topology> graph, std::int64_t hosts_per_switch, double survival)
        : Fabric({.switches = graph->agents(),
                  .edge_switches = graph->agents(),
                  .hosts_per_switch = hosts_per_switch,
                  .cables = graph->traits().expected_arcs / 2,
                  .racks = graph->agents()},
                 survival),
          graph_(std::move(graph)) {}

  private:
    void append_linked(std::int64_t number, std::vector<std::int64_t>& linked) const override {
        std::vector<AgentId> row;
        graph_->row(number, row);
        linked.insert(linked.end(), row.begin(), row.end());
    }

    std::int64_t rack_of_switch(std::int64_t number) const override { return number; }

    std::unique_ptr<Topology> graph_;
};

/// r: the ports of a switch that are linked to other switches.
std::int64_t network_degree(const Keys& keys, std::int64_t switches, std::int64_t hosts) {
    const std::int64_t degree = keys.count("ports", keys.spec.ports, 2) - hosts;
    if (degree < 1 || degree >= switches) {
        throw keys.error(
            "ports",
            fmt::format("{} leave {} for other switches beside {} hosts; with {} switches "
                        "take {} to {} ports",
                        keys.spec.ports, degree, hosts, switches, hosts + 1, hosts + switches - 1));
    }
    if (degree % 2 != 0 && switches % 2 != 0) {
        throw keys.error("switches",
                         fmt::format("an odd number of switches cannot have {} ports each for one "
                                     "another; nearest to {} are {} and {}",
                                     degree, switches, switches - 1, switches + 1));
    }
    return degree;
}

}  // namespace

std::unique_ptr<Topology> make_jellyfish(const Keys& keys) {
    const std::int64_t switches = keys.count("switches", keys.spec.switches, 2);
    const std::int64_t hosts = keys.count("hosts_per_switch", keys.spec.hosts_per_switch, 1);
    Spec graph;
    graph.generator = "random-regular";
    graph.agents = switches;
    graph.degree = network_degree(keys, switches, hosts);
    keys.sized("switches", std::to_string(switches), capped_product(switches, hosts), switches);
    return std::make_unique<Jellyfish>(make_random_regular({graph, "topology", keys.random}), hosts,
                                       keys.survival());
}

}  // namespace motley::topology

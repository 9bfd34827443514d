// Jellyfish: a random regular graph of switches.
#include <fmt/format.h>

#include "topology/fabrics/switched.hpp"

namespace motley::topology {
namespace {

/// The Jellyfish of Singla, Hong, Popa, Godfrey 2012 (NSDI, 225-238): N switches have k ports each;
/// r ports are linked at random to those of other switches, k - r to hosts. Each switch stands in a
/// rack with its hosts.
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
std::int64_t network_degree(const Arguments& arguments, std::int64_t switches, std::int64_t hosts) {
    const std::int64_t degree = arguments.count("ports", 2) - hosts;
    if (degree < 1 || degree >= switches) {
        throw arguments.error(
            "ports", fmt::format("{} leave {} for other switches beside {} hosts; with {} switches "
                                 "take {} to {} ports",
                                 arguments.spec.integer("ports"), degree, hosts, switches,
                                 hosts + 1, hosts + switches - 1));
    }
    if (degree % 2 != 0 && switches % 2 != 0) {
        throw arguments.error(
            "switches", fmt::format("an odd number of switches cannot have {} ports each for one "
                                    "another; nearest to {} are {} and {}",
                                    degree, switches, switches - 1, switches + 1));
    }
    return degree;
}

constexpr Parameter parameters_of_jellyfish[] = {
    integer("switches", "[2, inf)", "switches", "number of switches, each with hosts"),
    integer("ports", "[2, inf)", "links", "ports of a switch, those to hosts included"),
    integer("hosts_per_switch", "[1, inf)", "hosts", "hosts of each switch"),
};

std::unique_ptr<Topology> make_jellyfish(const Arguments& arguments) {
    const std::int64_t switches = arguments.count("switches", 2);
    const std::int64_t hosts = arguments.count("hosts_per_switch", 1);
    Spec graph;
    graph.generator = "random-regular";
    graph.agents = switches;
    graph.set("degree", network_degree(arguments, switches, hosts));
    arguments.sized("switches", std::to_string(switches), capped_product(switches, hosts),
                    switches);
    return std::make_unique<Jellyfish>(make_generator({graph, "topology", arguments.random}), hosts,
                                       arguments.survival());
}

}  // namespace

extern const Generator jellyfish = {
    .name = "jellyfish",
    .kind = Generator::Kind::fabric,
    .help = "random regular switches",
    .keys = "switches! ports! hosts_per_switch! agents",
    .parameters = parameters_of_jellyfish,
    .make = make_jellyfish,
};

}  // namespace motley::topology

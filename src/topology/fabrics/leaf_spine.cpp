// Two levels of switches, every leaf linked to every spine.
#include <fmt/format.h>

#include "topology/fabrics/switched.hpp"

namespace motley::topology {
namespace {

/// A folded Clos network of two levels (Alizadeh, Edsall 2013, doi:10.1109/HOTI.2013.23). A leaf
/// stands on top of the rack of its hosts, the spines in a rack in the middle.
class LeafSpine final : public Fabric {
  public:
    LeafSpine(std::int64_t leaves, std::int64_t spines, std::int64_t hosts_per_leaf, double uplink,
              double survival)
        : Fabric({.switches = leaves + spines,
                  .edge_switches = leaves,
                  .hosts_per_switch = hosts_per_leaf,
                  .cables = leaves * spines,
                  .racks = leaves + 1,
                  .uniform = uplink == 1.0},
                 survival),
          leaves_(leaves),
          spines_(spines),
          uplink_(uplink) {}

  private:
    void append_linked(std::int64_t number, std::vector<std::int64_t>& linked) const override {
        const bool leaf = number < leaves_;
        const std::int64_t first = leaf ? leaves_ : 0;
        const std::int64_t count = leaf ? spines_ : leaves_;
        for (std::int64_t k = 0; k < count; ++k) linked.push_back(first + k);
    }

    std::int64_t rack_of_switch(std::int64_t number) const override {
        return number < leaves_ ? rack_around_middle(number, leaves_) : leaves_ / 2;
    }

    double capacity_between(std::int64_t, std::int64_t) const override { return uplink_; }

    std::int64_t leaves_;
    std::int64_t spines_;
    double uplink_;
};

constexpr Parameter parameters_of_leaf_spine[] = {
    integer("leaves", "[1, inf)", "switches", "number of leaf switches, which have the hosts"),
    integer("spines", "[1, inf)", "switches",
            "number of switches that join the leaves or the rails"),
    integer("hosts_per_leaf", "[1, inf)", "hosts", "hosts of each leaf"),
    number("uplink_capacity", "(0, inf)", "host ports",
           "capacity of the cables between a spine and a leaf or rail", 1),
};

std::unique_ptr<Topology> make_leaf_spine(const Arguments& arguments) {
    const std::int64_t leaves = arguments.count("leaves", 1);
    const std::int64_t spines = arguments.count("spines", 1);
    const std::int64_t hosts = arguments.count("hosts_per_leaf", 1);
    const double uplink = arguments.capacity("uplink_capacity");
    arguments.sized("leaves", std::to_string(leaves), capped_product(leaves, hosts),
                    leaves + spines);
    return std::make_unique<LeafSpine>(leaves, spines, hosts, uplink, arguments.survival());
}

}  // namespace

extern const Generator leaf_spine = {
    .name = "leaf-spine",
    .kind = Generator::Kind::fabric,
    .help = "two levels, every leaf with every spine",
    .keys = "leaves! spines! hosts_per_leaf! uplink_capacity agents",
    .parameters = parameters_of_leaf_spine,
    .make = make_leaf_spine,
};

}  // namespace motley::topology

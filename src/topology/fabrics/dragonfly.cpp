// The canonical dragonfly.
#include <fmt/format.h>

#include "topology/fabrics/switched.hpp"

namespace motley::topology {
namespace {

/// The dragonfly of Kim, Dally, Scott, Abts 2008, doi:10.1109/ISCA.2008.19 (section 3): g = a h + 1
/// groups of a routers, all linked within the group; each router has h global links and p hosts,
/// and one global link joins any two groups. Global port c of a group (router c / h) leads to the
/// c-th of the other groups. A group is a rack.
class Dragonfly final : public Fabric {
  public:
    Dragonfly(std::int64_t a, std::int64_t h, std::int64_t p, double survival)
        : Fabric({.switches = a * (a * h + 1),
                  .edge_switches = a * (a * h + 1),
                  .hosts_per_switch = p,
                  .cables = (a * h + 1) * (a * (a - 1) + a * h) / 2,
                  .racks = a * h + 1},
                 survival),
          a_(a),
          h_(h) {}

  private:
    void append_linked(std::int64_t number, std::vector<std::int64_t>& linked) const override {
        const std::int64_t group = number / a_;
        const std::int64_t router = number % a_;
        for (std::int64_t other = 0; other < a_; ++other) {
            if (other != router) linked.push_back(group * a_ + other);
        }
        for (std::int64_t port = router * h_; port < (router + 1) * h_; ++port) {
            const std::int64_t peer = port < group ? port : port + 1;
            const std::int64_t port_there = group < peer ? group : group - 1;
            linked.push_back(peer * a_ + port_there / h_);
        }
    }

    std::int64_t rack_of_switch(std::int64_t number) const override { return number / a_; }

    std::int64_t a_;
    std::int64_t h_;
};

constexpr Parameter parameters_of_dragonfly[] = {
    integer("h", "[1, inf)", "links", "links of each router to other groups"),
    integer("a", "[1, inf)", "routers", "routers of a group; default: 2 h, which is balanced"),
    integer("p", "[1, inf)", "hosts",
            "hosts of a router; default: h (dragonfly), half of the router's links (slim-fly)"),
};

/// Where a and p are left out, the defaults are balanced: a = 2 p = 2 h.
std::unique_ptr<Topology> make_dragonfly(const Arguments& arguments) {
    const std::int64_t h = arguments.count("h", 1);
    const std::int64_t a = arguments.count_or(2 * h, "a", 1);
    const std::int64_t p = arguments.count_or(h, "p", 1);
    const std::int64_t routers = capped_product(a, capped_product(a, h) + 1);
    arguments.sized("h", fmt::format("{} with a = {}, p = {}", h, a, p), capped_product(routers, p),
                    routers);
    return std::make_unique<Dragonfly>(a, h, p, arguments.survival());
}

}  // namespace

extern const Generator dragonfly = {
    .name = "dragonfly",
    .kind = Generator::Kind::fabric,
    .help = "groups of routers, any two joined by one link",
    .keys = "h! a p agents",
    .parameters = parameters_of_dragonfly,
    .make = make_dragonfly,
};

}  // namespace motley::topology

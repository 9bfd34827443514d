// The k-ary fat tree of three levels.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "topology/fabrics/switched.hpp"

namespace motley::topology {
namespace {

/// The fat tree of Al-Fares, Loukissas, Vahdat 2008, doi:10.1145/1402958.1402967 (section 3): k
/// pods have k / 2 edge and k / 2 aggregation switches, each linked to each. Aggregation switch j
/// of every pod is linked to the cores j k / 2, ..., (j + 1) k / 2 - 1 of (k / 2)^2. An edge switch
/// has k / 2 hosts, or more where it is oversubscribed. A pod is a rack; the cores stand in one
/// rack in the middle.
class FatTree final : public Fabric {
  public:
    FatTree(std::int64_t half, std::int64_t hosts_per_switch, double survival)
        : Fabric({.switches = 5 * half * half,
                  .edge_switches = 2 * half * half,
                  .hosts_per_switch = hosts_per_switch,
                  .cables = 4 * half * half * half,
                  .racks = 2 * half + 1},
                 survival),
          half_(half) {}

  private:
    std::int64_t first_aggregation() const { return 2 * half_ * half_; }
    std::int64_t first_core() const { return 4 * half_ * half_; }

    void append_linked(std::int64_t number, std::vector<std::int64_t>& linked) const override {
        if (number >= first_core()) {
            const std::int64_t aggregation = (number - first_core()) / half_;
            for (std::int64_t pod = 0; pod < 2 * half_; ++pod) {
                linked.push_back(first_aggregation() + pod * half_ + aggregation);
            }
            return;
        }
        const bool edge = number < first_aggregation();
        const std::int64_t in_layer = edge ? number : number - first_aggregation();
        const std::int64_t pod = in_layer / half_;
        const std::int64_t other_layer = edge ? first_aggregation() : 0;
        for (std::int64_t k = 0; k < half_; ++k) {
            linked.push_back(other_layer + pod * half_ + k);
            if (!edge) linked.push_back(first_core() + in_layer % half_ * half_ + k);
        }
    }

    std::int64_t rack_of_switch(std::int64_t number) const override {
        if (number >= first_core()) return half_;
        return rack_around_middle(number % first_aggregation() / half_, 2 * half_);
    }

    std::int64_t half_;
};

/// Returns k / 2 x oversubscription, which must be a whole number.
std::int64_t hosts_per_edge_switch(const Arguments& arguments, std::int64_t half) {
    const double ratio = arguments.spec.number("oversubscription");
    const auto most = static_cast<double>(most_agents);
    if (!(ratio >= 1.0 && ratio <= most)) {
        throw arguments.error("oversubscription",
                              fmt::format("must lie in [1, {}], not {}", most_agents, ratio));
    }
    const double wanted = ratio * static_cast<double>(half);
    const double whole = std::round(wanted);
    if (std::abs(wanted - whole) > 1e-9 * whole) {
        throw arguments.error(
            "oversubscription",
            fmt::format("an edge switch has {} times as many hosts, a whole number; "
                        "nearest to {} are {:.12g} and {:.12g}",
                        half, ratio, std::floor(wanted) / static_cast<double>(half),
                        std::ceil(wanted) / static_cast<double>(half)));
    }
    return static_cast<std::int64_t>(whole);
}

constexpr Parameter parameters_of_fat_tree[] = {
    number("oversubscription", "[1, inf)", "1",
           "hosts of an edge switch per link upwards; 1: full bisection", 1),
};

std::unique_ptr<Topology> make_fat_tree(const Arguments& arguments) {
    const std::int64_t arity = arguments.count("arity", 2);
    if (arity % 2 != 0) {
        throw arguments.error("arity", fmt::format("must be even; nearest to {} are {} and {}",
                                                   arity, arity - 1, arity + 1));
    }
    const std::int64_t half = arity / 2;
    const std::int64_t per_switch = hosts_per_edge_switch(arguments, half);
    arguments.sized("arity", std::to_string(arity), capped_product(2 * half * half, per_switch),
                    capped_product(5 * half, half));
    return std::make_unique<FatTree>(half, per_switch, arguments.survival());
}

}  // namespace

extern const Generator fat_tree = {
    .name = "fat-tree",
    .kind = Generator::Kind::fabric,
    .help = "three levels of switches of arity ports",
    .keys = "arity! oversubscription agents",
    .parameters = parameters_of_fat_tree,
    .make = make_fat_tree,
};

}  // namespace motley::topology

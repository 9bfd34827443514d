// HyperX: switches in a box, each linked to all switches on a line with it.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "topology/fabrics/switched.hpp"

namespace motley::topology {
namespace {

/// The regular HyperX (L, S, K = 1, T) with a side S_k for every dimension (Ahn, Binkert, Davis,
/// McLaren, Schreiber 2009, doi:10.1145/1654059.1654101): switches are linked where their
/// coordinates differ in one place, and each has T hosts. A line along the last dimension is a
/// rack.
class HyperX final : public Fabric {
  public:
    HyperX(std::vector<std::int64_t> sides, std::int64_t switches, std::int64_t hosts_per_switch,
           double survival)
        : Fabric({.switches = switches,
                  .edge_switches = switches,
                  .hosts_per_switch = hosts_per_switch,
                  .cables = switches * degree(sides) / 2,
                  .racks = switches / sides.back()},
                 survival),
          sides_(std::move(sides)) {}

  private:
    static std::int64_t degree(const std::vector<std::int64_t>& sides) {
        std::int64_t sum = 0;
        for (const std::int64_t side : sides) sum += side - 1;
        return sum;
    }

    void append_linked(std::int64_t number, std::vector<std::int64_t>& linked) const override {
        std::int64_t stride = 1;
        for (auto side = sides_.rbegin(); side != sides_.rend(); ++side) {
            const std::int64_t at = number / stride % *side;
            for (std::int64_t to = 0; to < *side; ++to) {
                if (to != at) linked.push_back(number + (to - at) * stride);
            }
            stride *= *side;
        }
    }

    std::int64_t rack_of_switch(std::int64_t number) const override {
        return number / sides_.back();
    }

    std::vector<std::int64_t> sides_;
};

std::unique_ptr<Topology> make_hyperx(const Arguments& arguments) {
    const std::vector<std::int64_t> sides = arguments.spec.integers("shape");
    if (sides.empty()) {
        throw arguments.error("shape", "missing; generator 'hyperx' needs the sides S_1, ..., S_L");
    }
    std::int64_t switches = 1;
    for (const std::int64_t side : sides) {
        if (side < 2)
            throw arguments.error("shape", fmt::format("every side at least 2, not {}", side));
        switches = capped_product(switches, side);
    }
    const std::int64_t hosts = arguments.count("hosts_per_switch", 1);
    arguments.sized("shape", fmt::format("{}", fmt::join(sides, " x ")),
                    capped_product(switches, hosts), switches);
    return std::make_unique<HyperX>(sides, switches, hosts, arguments.survival());
}

}  // namespace

extern const Generator hyperx = {
    .name = "hyperx",
    .kind = Generator::Kind::fabric,
    .help = "switches linked along every line of a box",
    .keys = "shape! hosts_per_switch! agents",
    .make = make_hyperx,
};

}  // namespace motley::topology

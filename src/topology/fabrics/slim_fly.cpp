// Slim Fly: routers on a McKay-Miller-Siran graph, two hops apart at most.
#include <fmt/format.h>

#include "topology/fabrics/finite_field.hpp"
#include "topology/fabrics/switched.hpp"

namespace motley::topology {
namespace {

using Element = FiniteField::Element;

/// Returns delta, which is -1, 0 or 1, where q = 4 w + delta is a prime power and w >= 1; else 2.
int delta_of(std::int64_t q) {
    if (q < 3 || q % 4 == 2 || prime_power(q).exponent == 0) return 2;
    return q % 4 == 3 ? -1 : static_cast<int>(q % 4);
}

/// The generator sets X and X' (primed) of McKay, Miller, Siran 1998 (doi:10.1006/jctb.1998.1828)
/// in the form of Hafner 2004 (J. Combin. Theory B 90, 223-232): X has even powers of the generator
/// and X' odd ones; for delta = -1 they change places half way. Both sets are closed under
/// negation.
std::vector<Element> offsets(const FiniteField& field, bool primed) {
    const std::int64_t q = field.size();
    const int delta = delta_of(q);
    const std::int64_t count = (q - delta) / 2;
    const std::int64_t before_turn = delta == -1 ? count / 2 : count;
    std::vector<Element> chosen;
    for (std::int64_t k = 0; k < count; ++k) {
        const std::int64_t turn = k < before_turn ? 0 : -1;
        chosen.push_back(field.power(2 * k + turn + (primed ? 1 : 0)));
    }
    return chosen;
}

/// The Slim Fly of Besta, Hoefler 2014, doi:10.1109/SC.2014.34 (section II-B): 2 q^2 routers (s, x,
/// y). (0, x, y) is linked to (0, x, y') where y - y' is in X, (1, m, c) to (1, m, c') where c - c'
/// is in X', and (0, x, y) to (1, m, c) where y = m x + c. Rack x holds (0, x, .) and (1, x, .), as
/// in section VI-A of that paper.
class SlimFly final : public Fabric {
  public:
    SlimFly(std::int64_t q, std::int64_t p, double survival)
        : Fabric({.switches = 2 * q * q,
                  .edge_switches = 2 * q * q,
                  .hosts_per_switch = p,
                  .cables = q * q * degree(q),
                  .racks = q},
                 survival),
          field_(q),
          offsets_{offsets(field_, false), offsets(field_, true)} {}

    static std::int64_t degree(std::int64_t q) { return (3 * q - delta_of(q)) / 2; }

  private:
    void append_linked(std::int64_t number, std::vector<std::int64_t>& linked) const override {
        const std::int64_t q = field_.size();
        const std::int64_t side = number / (q * q);
        const Element line = number / q % q;
        const Element place = number % q;
        for (const Element offset : offsets_[side]) {
            linked.push_back(number - place + field_.add(place, offset));
        }
        for (Element other = 0; other < q; ++other) {
            const Element step = field_.multiply(line, other);
            const Element there = field_.add(place, side == 0 ? field_.negative(step) : step);
            linked.push_back(((1 - side) * q + other) * q + there);
        }
    }

    std::int64_t rack_of_switch(std::int64_t number) const override {
        return number / field_.size() % field_.size();
    }

    FiniteField field_;
    std::vector<Element> offsets_[2];
};

std::string nearest_sizes(std::int64_t q) {
    std::int64_t below = q - 1;
    while (below > 2 && delta_of(below) == 2) --below;
    std::int64_t above = std::max<std::int64_t>(q + 1, 3);
    while (delta_of(above) == 2) ++above;
    return below > 2 ? fmt::format("nearest to {} are {} and {}", q, below, above)
                     : fmt::format("nearest to {} is {}", q, above);
}

constexpr Parameter parameters_of_slim_fly[] = {
    integer("q", "[3, inf)", "1",
            "a prime power 4 w - 1, 4 w or 4 w + 1; 2 q^2 routers with about 3 q / 2 links"),
};

/// The default of p is half of the network's degree, rounded up, which gives full global bandwidth.
std::unique_ptr<Topology> make_slim_fly(const Arguments& arguments) {
    const std::int64_t q = arguments.count("q", 1);
    if (delta_of(q) == 2) {
        throw arguments.error("q", fmt::format("must be a prime power 4 w - 1, 4 w or 4 w + 1; {}",
                                               nearest_sizes(q)));
    }
    const std::int64_t p = arguments.count_or((SlimFly::degree(q) + 1) / 2, "p", 1);
    const std::int64_t routers = capped_product(2 * q, q);
    arguments.sized("q", fmt::format("{} with p = {}", q, p), capped_product(routers, p), routers);
    return std::make_unique<SlimFly>(q, p, arguments.survival());
}

}  // namespace

extern const Generator slim_fly = {
    .name = "slim-fly",
    .kind = Generator::Kind::fabric,
    .help = "routers two hops apart at most",
    .keys = "q! p agents",
    .parameters = parameters_of_slim_fly,
    .make = make_slim_fly,
};

}  // namespace motley::topology

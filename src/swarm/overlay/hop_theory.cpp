#include "motley/swarm/overlay/hop_theory.hpp"

#include <cmath>
#include <vector>

namespace motley::swarm {
namespace {

/// Chance that none of `contacts` distinct sites out of 2^levels is among the 2^(levels - bits)
/// that share `bits` further bits with the target.
double chance_of_none(int levels, int bits, int contacts) {
    const double all = std::ldexp(1.0, levels), near = std::ldexp(1.0, levels - bits);
    double chance = 1.0;
    for (int i = 0; i < contacts; ++i) chance *= std::max(0.0, (all - near - i) / (all - i));
    return chance;
}

/// Mean hops from outside a subtree of 2^d sites to a target in it, for d = 0 ... levels - 1.
std::vector<double> hops_into_subtrees(int levels, int contacts) {
    std::vector<double> hops(static_cast<std::size_t>(levels), 1.0);
    for (int d = 1; d < levels; ++d) {
        if (std::ldexp(1.0, d) <= contacts) continue;
        double mean = 1.0;
        for (int bits = 0; bits < d; ++bits) {
            const double exactly =
                chance_of_none(d, bits + 1, contacts) - chance_of_none(d, bits, contacts);
            mean += exactly * hops[static_cast<std::size_t>(d - 1 - bits)];
        }
        hops[static_cast<std::size_t>(d)] = mean;
    }
    return hops;
}

}  // namespace

double bits_per_hop(int contacts) {
    constexpr int most_bits = 200;
    double bits = 1.0;
    for (int j = 1; j < most_bits; ++j) {
        bits -= std::expm1(contacts * std::log1p(-std::ldexp(1.0, -j)));
    }
    return bits;
}

double expected_hops(int levels, int contacts) {
    if (levels < 1) return 0.0;
    const std::vector<double> hops = hops_into_subtrees(levels, contacts);
    double mean = 0.0;
    for (int shared = 0; shared < levels; ++shared) {
        mean += std::ldexp(1.0, -shared - 1) * hops[static_cast<std::size_t>(levels - 1 - shared)];
    }
    return mean / -std::expm1(-levels * std::log(2.0));
}

double expected_hops_of(double sites, int contacts) {
    const double levels = std::log2(sites);
    const int below = static_cast<int>(std::floor(levels));
    const double low = expected_hops(below, contacts);
    const double rest = levels - below;
    return rest == 0.0 ? low : low + rest * (expected_hops(below + 1, contacts) - low);
}

}  // namespace motley::swarm

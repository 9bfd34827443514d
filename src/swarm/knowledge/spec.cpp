#include "motley/swarm/knowledge/spec.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace motley::swarm {

const char* name_of(Policy policy) {
    static constexpr std::array<const char*, policy_count> names = {
        "none", "average", "central",   "broadcast",    "gossip",
        "full", "cap",     "aggregate", "hierarchical", "greedy"};
    return names[static_cast<std::size_t>(policy)];
}

std::int64_t Spec::problem_count() const {
    const double count = problems.count * std::pow(static_cast<double>(sites), problems.growth);
    return std::max<std::int64_t>(1, std::llround(count));
}

double Spec::away() const {
    return overlay.session > 0.0 ? -std::expm1(-1.0 / overlay.session) : 0.0;
}

}  // namespace motley::swarm

// The section [attack] of a run: what a solved system loses when agents are taken away.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "motley/topology/living_part.hpp"

namespace motley::job {

/// In which order agents are taken; ties by ascending id.
enum class AttackOrder {
    random,  ///< drawn anew in each replicate
    degree,  ///< most arcs, in and out, first
    value,   ///< highest income first
    type,    ///< by the task of the largest share, the lowest first
    group    ///< whole groups of a level of a nested topology, in a drawn order of groups
};

/// The words of the orders in job files, tables and names of columns, in their order.
inline constexpr std::array<const char*, 5> attack_order_names = {"random", "degree", "value",
                                                                  "type", "group"};
inline const char* name_of(AttackOrder order) {
    return attack_order_names[static_cast<std::size_t>(order)];
}
/// True where every replicate has an order of its own.
inline bool is_drawn(AttackOrder order) {
    return order == AttackOrder::random || order == AttackOrder::group;
}

/// What is taken from an agent.
enum class Taken {
    agent,      ///< all: it makes, passes on and consumes nothing
    production  ///< what it makes: it still passes on and consumes
};

struct Attack {
    std::vector<AttackOrder> orders{AttackOrder::random, AttackOrder::degree, AttackOrder::value,
                                    AttackOrder::type};
    std::int64_t points = 40;     ///< m: agents are taken in m steps, until none is left
    std::int64_t replicates = 5;  ///< drawn orders
    bool recompute = false;  ///< orders by degree, value and type follow the system as it is left
    Taken taken = Taken::agent;
    topology::Senders senders = topology::Senders::reroute;
    std::int64_t level = 1;    ///< order "group": level of the groups, the outermost is 1
    std::int64_t adapt = 300;  ///< steps of adaptation after each point; 0: allocations are frozen
    bool learn = false;        ///< capabilities go on learning then
    bool spectral = false;     ///< the second eigenvalue of the routing matrix of what is left
    std::int64_t singles = 0;  ///< agents that are taken alone, each from the whole
    double fraction = 0.3;     ///< at which share taken the measures in tables are read

    std::int64_t curves(AttackOrder order) const { return is_drawn(order) ? replicates : 1; }
    /// Points of all curves.
    std::int64_t all_points() const {
        std::int64_t all = 0;
        for (const AttackOrder order : orders) all += curves(order) * points;
        return all;
    }
};

}  // namespace motley::job

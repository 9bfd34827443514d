// What changes in a run besides its dynamics: events, failures at random, and arcs that are
// replaced.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "motley/job/attack.hpp"
#include "motley/model/spec.hpp"

namespace motley::job {

/// Which agents, groups or links an event takes.
struct Selection {
    enum class Order { random, degree, value, type, group, list };
    Order order = Order::random;
    double fraction = -1.0;   ///< of those that can be taken; -1: not given
    std::int64_t count = -1;  ///< of agents, groups or links; -1: not given
    std::int64_t level = 1;   ///< order "group": level of the groups, the outermost is 1
    std::string file;         ///< order "list": one name or id of an agent per line
    bool given() const { return fraction >= 0.0 || count >= 0 || order == Order::list; }
};

struct Event {
    enum class Kind {
        remove,   ///< agents are taken away, or what they make
        restore,  ///< agents that events took come back
        scale,    ///< resources of agents are multiplied
        demand,   ///< the demand of all changes
        links     ///< links close
    };
    std::int64_t step = -1;
    Kind kind = Kind::remove;
    Selection select;
    Taken taken = Taken::agent;
    topology::Senders senders = topology::Senders::reroute;
    double factor = 1.0;         ///< scale
    model::Distribution demand;  ///< demand
    std::int64_t over = 0;       ///< demand: steps of a linear course from the one before
    std::int64_t duration = 0;   ///< steps until everything is as before; 0: for good
};

/// Failures at random: each unit that works fails with `rate` per step, each that does not heals
/// with `heal`.
struct Failure {
    enum class Unit { agent, group, link };
    Unit unit = Unit::agent;
    std::int64_t level = 1;  ///< group: level of the groups, the outermost is 1
    double rate = 0.0;
    double heal = 0.0;
    Taken taken = Taken::agent;
    topology::Senders senders = topology::Senders::reroute;
};

}  // namespace motley::job

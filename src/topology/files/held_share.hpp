// A share of the arcs of a topology, in memory, beside what every reader knows of all of it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "motley/topology/shared_file.hpp"

namespace motley::topology {

/// What is known of a topology without its arcs.
struct Description {
    AgentId agents = 0, hosts = 0;
    Traits traits;
    std::vector<std::string> names;
    std::vector<std::string> remarks;
};

/// Arcs, or edges that stand for two arcs each.
struct HeldArcs {
    struct Ends {
        std::uint32_t source, target;
    };

    bool undirected = false;
    std::vector<Ends> ends;
    std::vector<double> weights;    ///< empty: all 1
    std::vector<double> survivals;  ///< empty: all that of the traits
};

std::unique_ptr<Share> make_held_share(Description description, HeldArcs arcs,
                                       const Peers& readers);

}  // namespace motley::topology

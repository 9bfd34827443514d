// Rounds that tests make: all ranks of the program, one policy, some sites and problems.
#pragma once

#include <cmath>

#include "motley/swarm/round/swarm.hpp"

namespace motley::swarm {

inline const mpi::Communicator& world() {
    static const mpi::Communicator comm = mpi::Communicator::world();
    return comm;
}

inline Spec base(Policy policy, std::int64_t sites, double problems) {
    Spec spec;
    spec.policy = policy;
    spec.sites = sites;
    spec.problems.count = problems;
    return spec;
}

inline RoundResult one_round(const Spec& spec) {
    return Swarm(spec, world()).step();
}

}  // namespace motley::swarm

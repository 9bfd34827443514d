// Quick checks of an installation: it finds known optima and gets the same bits as one rank alone.
#pragma once

#include <string>
#include <vector>

#include "motley/mpi/communicator.hpp"

namespace motley::simulation {

struct Check {
    std::string name;
    bool passed = false;
    std::string detail;
};

/// Collective; the same answer on every rank.
std::vector<Check> selftest(const mpi::Communicator& comm);

}  // namespace motley::simulation

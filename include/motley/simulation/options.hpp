// The options that decide how a simulation is solved. A job file or a caller gives them.
#pragma once

#include <cstdint>

#include "motley/mpi/exchange_kind.hpp"

namespace motley::simulation {

enum class Mode {
    optimum,  ///< search for the best allocations until the certificate is tight enough
    dynamics  ///< a given number of steps at a fixed rate
};

/// The keys of [solve] in the job file.
struct SolveOptions {
    Mode mode = Mode::optimum;
    double gap = 1e-6;               ///< optimum: relative tolerance of the certificate
    std::int64_t max_steps = 20000;  ///< optimum: largest number of steps
    std::int64_t steps = 4000;       ///< dynamics: number of steps
    double rate = 0.05;              ///< dynamics: eta
    bool acceleration = true;        ///< optimum: steps look ahead and have momentum
};

/// The keys of [exchange] in the job file.
struct ExchangeOptions {
    mpi::ExchangeKind kind = mpi::ExchangeKind::persistent;
    bool overlap = true;  ///< interior rows are computed while messages travel
    std::int64_t ranks_per_node =
        0;  ///< consecutive ranks that are taken for a node; 0: as MPI says
};

}  // namespace motley::simulation

// How boundary messages are exchanged. This header names no MPI, so that a job file can choose.
#pragma once

namespace motley::mpi {

enum class ExchangeKind {
    persistent,  ///< persistent point-to-point requests
    neighbour,   ///< a neighbourhood collective
    dense        ///< all ranks exchange with all: the oracle of the others
};

}  // namespace motley::mpi

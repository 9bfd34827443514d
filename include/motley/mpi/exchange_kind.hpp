// How boundary messages are exchanged. This header does not include MPI, so the layer of the job
// file can use it.
#pragma once

namespace motley::mpi {

enum class ExchangeKind {
    persistent,  ///< persistent point-to-point requests
    neighbour,   ///< a neighbourhood collective
    dense        ///< all ranks exchange with all; tests compare the others with it
};

}  // namespace motley::mpi

// How boundary messages are exchanged. This header does not include MPI, so the layer of the job
// file can use it.
#pragma once

namespace motley::mpi {

enum class ExchangeKind {
    automatic,   ///< `node` where counts of messages say that it pays, else `persistent`
    persistent,  ///< persistent point-to-point requests, one message to each neighbour
    neighbour,   ///< a neighbourhood collective
    dense,       ///< all ranks exchange with all; tests compare the others with it
    node         ///< ranks of a node gather what another node needs, and it crosses once
};

}  // namespace motley::mpi

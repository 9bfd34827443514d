// How boundary messages are exchanged. This header does not include MPI, so the layer of the job
// file can use it.
#pragma once

#include <array>
#include <string_view>

namespace motley::mpi {

enum class ExchangeKind {
    automatic,   ///< `node` where counts of messages say that it pays, else `persistent`
    persistent,  ///< persistent point-to-point requests, one message to each neighbour
    neighbour,   ///< a neighbourhood collective
    dense,       ///< all ranks exchange with all; tests compare the others with it
    node         ///< ranks of a node share memory; what another node needs crosses once
};

/// The word for each kind in job files and on command lines.
inline constexpr std::array<std::string_view, 5> exchange_words = {"auto", "persistent",
                                                                   "neighbour", "dense", "node"};

}  // namespace motley::mpi

// What a design serves after each single failure of its fabric.
#pragma once

#include "design_fabric.hpp"
#include "motley/mpi/communicator.hpp"
#include "motley/redesign/study/study.hpp"

namespace motley::redesign {

/// Collective: the worst single failure of a node, a link, a switch and a rack, with work,
/// hand-over and routes found anew. Failures that take no device and no flow of `whole` change
/// nothing; those that are alike by symmetry are solved once; of the others those are tried that
/// lose the dearest links, at most `DesignFabric::failures` and fewer in large fabrics. The same on
/// every rank. `theta`: what the whole design serves.
std::vector<FabricLoss> losses_of(const DesignFabric& design, const serving::Outcome& whole,
                                  double theta, const mpi::Communicator& comm);

}  // namespace motley::redesign

// Large graph files that several processes read together. Each parses a slice of the file and keeps
// its edges; or one reads the file, and gives each of the others a share of the arcs.
#pragma once

#include <cstdint>
#include <memory>

#include "motley/topology/peers.hpp"
#include "motley/topology/topology.hpp"

namespace motley::topology {

/// A topology whose arcs are cut into shares. It has one of them, and gives the chunks of this
/// share only; `chunks` must be a multiple of the shares.
class Share : public Topology {
  public:
    virtual std::int64_t shares() const = 0;
};

/// How several readers read what a job asks for.
enum class Reading {
    each,    ///< every one all of it: generators, pipes, and files of less than a megabyte
    slices,  ///< each a part of the file
    one,     ///< the first all of it, for the others
};
/// The first lines of the file decide. Where slices turn out to be wrong, one reads.
Reading reading_of(const Spec& spec);

/// The share of this reader in the graph of a file, where the file is a large plain table of edges
/// or a Matrix Market file, packed or not. Nothing for all of them where it is not, or
/// where anything is wrong with it: then `make` reads it, and says what is wrong. Everything but
/// the arcs is known to each reader.
std::unique_ptr<Share> make_share(const Spec& spec, const Peers& readers);

/// The share of this reader in a topology that the first reader has and the others (nullptr) have
/// not.
std::unique_ptr<Share> give_shares(const Topology* whole, const Peers& readers);

}  // namespace motley::topology

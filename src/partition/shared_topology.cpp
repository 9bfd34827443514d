#include "motley/partition/shared_topology.hpp"

#include "motley/topology/shared_file.hpp"

namespace motley::partition {

std::unique_ptr<topology::Topology> make_topology(const topology::Spec& spec,
                                                  const mpi::Communicator& comm) {
    if (auto share = topology::make_share(spec, Ranks(comm))) return share;
    std::unique_ptr<topology::Topology> topology;
    const auto reading = mpi::on_root(comm, [&] { return topology::reading_of(spec); });
    if (comm.size() == 1 || reading == topology::Reading::each) {
        mpi::together(comm, [&] { topology = topology::make(spec); });
        return topology;
    }
    mpi::on_root(comm, [&] { topology = topology::make(spec); });
    return topology::give_shares(topology.get(), Ranks(comm));
}

}  // namespace motley::partition

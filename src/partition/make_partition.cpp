// The partition that a job asks for, as the same description on every rank.
#include <functional>
#include <optional>

#include "motley/core/expect.hpp"
#include "motley/partition/distributed.hpp"
#include "motley/partition/shared_topology.hpp"
#include "motley/topology/shared_statistics.hpp"

namespace motley::partition {
namespace {

/// Collective. Runs `build` on rank 0 and gives every rank the owners.
Partition build_on_root(AgentId agents, int parts, const mpi::Communicator& comm,
                        const std::function<Partition()>& build) {
    auto owners = mpi::on_root(comm, [&] {
        const Partition partition = build();
        std::vector<std::int32_t> all(static_cast<std::size_t>(agents));
        for (AgentId i = 0; i < agents; ++i) {
            all[static_cast<std::size_t>(i)] = partition.owner(i);
        }
        return all;
    });
    return Partition::from_owners(std::move(owners), parts);
}

/// Whether a graph partitioner can do better than blocks. It cannot with one part, with an agent
/// per part, or on a complete graph, where every agent is a neighbour of all.
bool worth_cutting(const topology::Topology& topology, int parts) {
    return parts > 1 && parts < topology.agents() && !topology.traits().complete;
}

/// Whether each agent is in the list of exactly one part, and that part is its owner.
bool covers_each_agent_once(const Partition& partition) {
    std::vector<bool> covered(static_cast<std::size_t>(partition.agents()), false);
    AgentId count = 0;
    for (int part = 0; part < partition.parts(); ++part) {
        for (const AgentId agent : partition.owned(part)) {
            if (partition.owner(agent) != part || covered[static_cast<std::size_t>(agent)]) {
                return false;
            }
            covered[static_cast<std::size_t>(agent)] = true;
            ++count;
        }
    }
    return count == partition.agents();
}

Partition make_unchecked(const Spec& spec, const topology::Topology& topology,
                         const mpi::Communicator& comm, int parts) {
    const AgentId agents = topology.agents();
    switch (spec.method) {
        case Method::block:
            return Partition::block(agents, parts);
        case Method::random:
            return Partition::random(agents, parts, spec.seed);
        case Method::levels: {
            std::optional<Partition> partition;
            mpi::together(comm, [&] { partition = by_levels(topology, parts); });
            return *partition;
        }
        case Method::metis: {
            if (!worth_cutting(topology, parts)) return Partition::block(agents, parts);
            const topology::Csr rows = topology::undirected_simple(topology, Ranks(comm));
            return build_on_root(agents, parts, comm,
                                 [&] { return by_metis(rows, parts, spec.seed); });
        }
        case Method::scotch:
            if (!worth_cutting(topology, parts)) return Partition::block(agents, parts);
            return by_scotch(topology, comm, parts, spec.seed);
        case Method::file:
            return build_on_root(agents, parts, comm,
                                 [&] { return from_file(spec.file, agents, parts); });
    }
    throw internal_error("unknown partition method");
}

}  // namespace

Partition make(const Spec& spec, const topology::Topology& topology,
               const mpi::Communicator& comm) {
    return make(spec, topology, comm, comm.size());
}

Partition make(const Spec& spec, const topology::Topology& topology, const mpi::Communicator& comm,
               int parts) {
    Partition partition = make_unchecked(spec, topology, comm, parts);
    MOTLEY_EXPECT(partition.agents() == topology.agents() && partition.parts() == parts,
                  "a partition has the agents and the parts that were asked for");
    MOTLEY_EXPECT_STEP(covers_each_agent_once(partition),
                       "a partition gives each agent to one part");
    return partition;
}

}  // namespace motley::partition

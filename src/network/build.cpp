// From a topology and a partition to the rows, ghosts and exchange plan of this rank.
//
//   phase   reads                        writes                           communication
//   gather  arcs of the topology         rows of owned agents by global   the rank that makes an
//                                        id (gather_rows)                 arc sends it to the
//                                                                         owners of its agents
//   order   rows by global id            local order, interior rows,      none
//                                        keys of ghosts (local_order)
//   plan    keys of ghosts               exchange plan, places of ghosts  each rank asks the owners
//                                        (exchange_plan)                  of its ghosts, they
//                                                                         answer
//   fill    rows by global id, local     columns as units of the message  none
//           order, places of ghosts      buffer, weights
//
// Some topologies list the neighbours of any agent directly. Nothing is gathered for them, because
// the phases order and fill ask the topology. A mean field has no rows. Its agents are ordered by
// id, and it exchanges nothing.
// Every phase ends on all ranks, or throws the same error on all of them.
#include <algorithm>

#include "local_order.hpp"
#include "motley/core/machine.hpp"
#include "motley/model/expectations.hpp"
#include "motley/network/distributed_graph.hpp"

namespace motley::network {
namespace {

using model::Coupling;
using model::Rows;

Coupling coupling_of(const topology::Traits& traits, ArcStorage storage) {
    if (traits.pool) return Coupling::pool;
    if (storage == ArcStorage::weighted) return Coupling::weighted;
    if (traits.complete) return Coupling::mean_field;
    return traits.symmetric_uniform ? Coupling::uniform : Coupling::weighted;
}

/// Fills one kind of rows. The columns of a row ascend by the global ids of the neighbours.
template <class Real>
class Fill {
  public:
    Fill(const UnitScheme& scheme, const LocalRows& local, const Ghosts& ghosts,
         std::int64_t first_ghost)
        : scheme_(scheme), local_(local), ghosts_(ghosts), first_ghost_(first_ghost) {}

    Rows<Real> rows(NeighbourRows from, Half half) const {
        const std::size_t count = local_.owned.size();
        Rows<Real> rows;
        rows.offsets = Buffer<std::uint64_t>(count + 1);
        rows.offsets[0] = 0;
        for (std::size_t i = 0; i < count; ++i) rows.offsets[local_.row[i] + 1] = from.size(i);
        for (std::size_t l = 0; l < count; ++l) rows.offsets[l + 1] += rows.offsets[l];
        const std::size_t arcs = rows.offsets[count];
        rows.columns = Buffer<std::uint32_t>(arcs + Rows<Real>::padding);
        std::fill(rows.columns.begin() + arcs, rows.columns.end(), 0U);
        for (std::size_t i = 0; i < count; ++i) {
            std::uint64_t at = rows.offsets[local_.row[i]];
            for (const AgentId neighbour : from.row(i)) rows.columns[at++] = unit(neighbour, half);
        }
        if (scheme_.per_agent == 1) return rows;
        rows.weights = in_local_order(from, from.coefficients(), rows.offsets);
        if (!from.survivals().empty()) {
            rows.survivals = in_local_order(from, from.survivals(), rows.offsets);
        }
        return rows;
    }

  private:
    /// A number per arc, from the order of `from` to that of the local rows.
    Buffer<Real> in_local_order(const NeighbourRows& from, const std::vector<double>& numbers,
                                const Buffer<std::uint64_t>& offsets) const {
        Buffer<Real> ordered(numbers.size());
        for (std::size_t i = 0; i < local_.owned.size(); ++i) {
            const double* number = numbers.data() + from.begin(i);
            const std::uint64_t begin = offsets[local_.row[i]];
            for (std::size_t n = 0; n < from.size(i); ++n) {
                ordered[begin + n] = static_cast<Real>(number[n]);
            }
        }
        return ordered;
    }

    std::uint32_t unit(AgentId agent, Half half) const {
        const std::int64_t i = local_.owned.find(agent);
        if (i >= 0) return scheme_.unit(local_.row[static_cast<std::size_t>(i)], half);
        return static_cast<std::uint32_t>(first_ghost_) +
               ghosts_.place_of(scheme_.key(agent, half));
    }

    const UnitScheme& scheme_;
    const LocalRows& local_;
    const Ghosts& ghosts_;
    std::int64_t first_ghost_;
};

Neighbours gather(const topology::Topology& topology, const partition::Partition& partition,
                  const OwnedAgents& owned, const mpi::Communicator& comm, ArcStorage storage) {
    Neighbours neighbours;
    if (coupling_of(topology.traits(), storage) == Coupling::weighted) {
        GatheredRows rows = gather_weighted_rows(topology, partition, owned, comm, storage);
        neighbours.in.emplace(std::move(rows.in));
        neighbours.out.emplace(std::move(rows.out));
    } else if (!topology.has_rows()) {
        neighbours.in.emplace(gather_uniform_rows(topology, partition, owned, comm));
    } else {
        mpi::together(comm, [&] { neighbours.in.emplace(topology, owned); });
    }
    return neighbours;
}

/// Collective. Checks that the partition gives each agent to one rank.
void expect_partition(const OwnedAgents& owned, const partition::Partition& partition,
                      const mpi::Communicator& comm) {
    if (MOTLEY_ASSERTIONS < 1) return;
    for (const AgentId id : owned.ids()) {
        MOTLEY_EXPECT(partition.owner(id) == comm.rank(), "a rank owns what the partition says");
    }
    MOTLEY_EXPECT(comm.sum(static_cast<std::int64_t>(owned.size())) == partition.agents(),
                  "each agent is owned once");
}

}  // namespace

template <class Real>
DistributedGraph<Real> DistributedGraph<Real>::build(const topology::Topology& topology,
                                                     const partition::Partition& partition,
                                                     const mpi::Communicator& comm,
                                                     ArcStorage storage) {
    const OwnedAgents owned(partition.owned(comm.rank()), topology.agents());
    expect_partition(owned, partition, comm);
    typename model::LocalGraph<Real>::Parts parts;
    parts.agents = topology.agents();
    parts.hosts = topology.hosts();
    parts.coupling = coupling_of(topology.traits(), storage);
    parts.survival = parts.coupling == Coupling::weighted ? 1.0 : topology.traits().survival;
    if (parts.coupling == Coupling::mean_field || parts.coupling == Coupling::pool) {
        mpi::together(comm, [&] {
            parts.ids = Buffer<AgentId>(owned.size());
            std::copy(owned.ids().begin(), owned.ids().end(), parts.ids.begin());
        });
        parts.interior = static_cast<LocalId>(owned.size());
        const std::int64_t arcs = static_cast<std::int64_t>(owned.size()) *
                                  (topology.traits().pool ? 0 : parts.agents - 1);
        return {std::move(parts), arcs, {}, {}};
    }
    Neighbours neighbours = gather(topology, partition, owned, comm, storage);
    DistributedGraph graph = assemble(std::move(parts), owned, neighbours, partition, comm);
    graph.levels_ = topology.levels();
    // What arcs were sorted in is several bytes per agent, and state comes next. Small systems, of
    // which a comparison makes many, take the same memory again.
    constexpr std::size_t large = std::size_t{16} << 20;
    if (graph.bytes() >= large) return_freed_memory();
    return graph;
}

template <class Real>
DistributedGraph<Real> DistributedGraph<Real>::rebuilt(std::span<const RoutedArc> arcs,
                                                       const partition::Partition& partition,
                                                       const mpi::Communicator& comm) const {
    const OwnedAgents owned(partition.owned(comm.rank()), this->agents());
    typename model::LocalGraph<Real>::Parts parts;
    parts.agents = this->agents();
    parts.hosts = this->hosts();
    parts.coupling = Coupling::weighted;
    GatheredRows rows = gather_weighted_rows(arcs, partition, owned, comm);
    Neighbours neighbours;
    neighbours.in.emplace(std::move(rows.in));
    neighbours.out.emplace(std::move(rows.out));
    DistributedGraph graph = assemble(std::move(parts), owned, neighbours, partition, comm);
    graph.levels_ = levels_;
    return graph;
}

/// Collective. The phases that follow `gather`; `parts` lacks what they make.
template <class Real>
DistributedGraph<Real> DistributedGraph<Real>::assemble(
    typename model::LocalGraph<Real>::Parts parts, const OwnedAgents& owned, Neighbours& neighbours,
    const partition::Partition& partition, const mpi::Communicator& comm) {
    const UnitScheme scheme{parts.coupling == Coupling::weighted ? 2 : 1};
    LocalOrder order;
    mpi::together(comm, [&] {
        order = order_rows(scheme, owned, parts.agents, *neighbours.in, neighbours.outgoing());
    });
    parts.ids = std::move(order.ids);
    parts.interior = order.interior;
    parts.ghosts = std::ssize(order.ghosts.keys());

    const LocalRows local{owned, std::move(order.row)};
    Ghosts ghosts{std::move(order.ghosts), {}, {}};
    mpi::HaloPlan plan = plan_exchange(scheme, local, partition, comm, ghosts);

    mpi::together(comm, [&] {
        const Fill<Real> fill(scheme, local, ghosts, plan.first_ghost);
        parts.in = fill.rows(std::move(*neighbours.in), Half::stock);
        if (neighbours.out) parts.out = fill.rows(std::move(*neighbours.out), Half::value);
    });
    DistributedGraph graph(std::move(parts), order.arcs, std::move(plan), std::move(ghosts.ids));
    mpi::together(comm, [&] { model::expect_local_graph(graph); });
    return graph;
}

#define MOTLEY_INSTANTIATE(Real)                                                                  \
    template DistributedGraph<Real> DistributedGraph<Real>::build(                                \
        const topology::Topology&, const partition::Partition&, const mpi::Communicator&,         \
        ArcStorage);                                                                              \
    template DistributedGraph<Real> DistributedGraph<Real>::rebuilt(                              \
        std::span<const RoutedArc>, const partition::Partition&, const mpi::Communicator&) const; \
    template DistributedGraph<Real> DistributedGraph<Real>::assemble(                             \
        model::LocalGraph<Real>::Parts, const OwnedAgents&, Neighbours&,                          \
        const partition::Partition&, const mpi::Communicator&);
MOTLEY_INSTANTIATE(double)
MOTLEY_INSTANTIATE(float)
#undef MOTLEY_INSTANTIATE

}  // namespace motley::network

#include "motley/measure/exchange_load.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace motley::measure {
namespace {

/// Collective. The island of every rank.
std::vector<std::size_t> island_of_ranks(const mpi::Communicator& comm,
                                         const mpi::Communicator& node, const Islands& islands) {
    const std::vector<std::int64_t> lowest = comm.all_gather(node.min(std::int64_t{comm.rank()}));
    std::vector<std::int64_t> nodes = lowest;
    std::ranges::sort(nodes);
    nodes.erase(std::ranges::unique(nodes).begin(), nodes.end());
    std::vector<std::size_t> island;
    for (const std::int64_t rank : lowest) {
        const auto number = std::ranges::lower_bound(nodes, rank) - nodes.begin();
        island.push_back(static_cast<std::size_t>(number / islands.nodes));
    }
    return island;
}

/// Collective. Units on the link from the island of this rank that carries most.
std::int64_t units_crossing(const mpi::HaloPlan& plan, const mpi::Communicator& comm,
                            const mpi::Communicator& node, const Islands& islands) {
    const auto island = island_of_ranks(comm, node, islands);
    const std::size_t own = island[static_cast<std::size_t>(comm.rank())];
    std::vector<std::int64_t> units(std::ranges::max(island) + 1, 0);
    for (std::size_t i = 0; i < plan.send_ranks.size(); ++i) {
        const std::size_t to = island[static_cast<std::size_t>(plan.send_ranks[i])];
        if (to != own) units[to] += plan.send_offsets[i + 1] - plan.send_offsets[i];
    }
    comm.split(static_cast<int>(own), comm.rank()).sum(std::span<std::int64_t>(units));
    if (!islands.shared_link) return std::ranges::max(units);
    return std::accumulate(units.begin(), units.end(), std::int64_t{0});
}

}  // namespace

RankLoad exchange_load(const mpi::HaloPlan& plan, std::size_t unit_bytes,
                       const mpi::Communicator& comm, const mpi::Communicator& node,
                       const Islands& islands) {
    const auto bytes = static_cast<double>(unit_bytes);
    RankLoad load;
    load.messages = static_cast<double>(plan.send_ranks.size());
    load.bytes = static_cast<double>(plan.sent_units()) * bytes;
    load.leaving = static_cast<double>(mpi::units_leaving_node(comm, node, plan)) * bytes;
    if (islands.nodes > 0) {
        load.crossing = static_cast<double>(units_crossing(plan, comm, node, islands)) * bytes;
    }
    return load;
}

}  // namespace motley::measure

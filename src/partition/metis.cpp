// Partitions by METIS (k-way) of a graph that fits in the memory of one rank.
#include <metis.h>

#include <algorithm>
#include <array>
#include <limits>

#include "motley/core/error.hpp"
#include "motley/partition/partition.hpp"

namespace motley::partition {
namespace {

std::int64_t arc_count(const topology::Csr& graph) {
    return graph.offsets.empty() ? 0 : graph.offsets.back();
}

void check_fits(const topology::Csr& graph) {
    constexpr std::int64_t most = std::numeric_limits<idx_t>::max();
    // METIS stores the offset behind the last arc in an id, too.
    const std::int64_t arcs = arc_count(graph);
    if (graph.agents < most && arcs < most) return;
    throw usage_error("the graph of " + std::to_string(graph.agents) + " agents and " +
                      std::to_string(arcs) + " arcs is too large for METIS, whose ids have " +
                      std::to_string(std::numeric_limits<idx_t>::digits + 1) +
                      " bits; use partition method \"scotch\" (where it is built with 64-bit ids), "
                      "\"levels\" or \"block\"");
}

std::array<idx_t, METIS_NOPTIONS> make_options(std::uint64_t seed) {
    std::array<idx_t, METIS_NOPTIONS> options{};
    METIS_SetDefaultOptions(options.data());
    options[METIS_OPTION_NUMBERING] = 0;
    // The volume objective saves 5 to 20 % of the ghosts but gathers hubs: on a
    // Barabasi-Albert graph of 50 000 over 64 parts one part had 13 times the mean arcs (cut: 2.3).
    options[METIS_OPTION_OBJTYPE] = METIS_OBJTYPE_CUT;
    // METIS takes a seed of 31 bits; they depend on all 64 bits of ours.
    constexpr std::uint64_t bound = std::uint64_t{1} << 31;
    options[METIS_OPTION_SEED] =
        static_cast<idx_t>(Random(seed, Stream::partition, 1).below(bound, 0));
    return options;
}

void check_result(int code) {
    if (code == METIS_OK) return;
    if (code == METIS_ERROR_MEMORY) {
        throw storage_error(
            "METIS ran out of memory; use partition method \"scotch\" (distributed), \"levels\" "
            "or \"block\"");
    }
    throw internal_error("METIS_PartGraphKway returned " + std::to_string(code));
}

bool leaves_parts_empty(const std::vector<std::int32_t>& owners, int parts) {
    std::vector<bool> used(static_cast<std::size_t>(parts), false);
    for (const auto owner : owners) used[static_cast<std::size_t>(owner)] = true;
    return std::ranges::find(used, false) != used.end();
}

}  // namespace

Partition by_metis(const topology::Csr& undirected, int parts, std::uint64_t seed) {
    if (parts < 1) throw internal_error("METIS over " + std::to_string(parts) + " parts");
    check_fits(undirected);
    const std::int64_t arcs = arc_count(undirected);
    // Where parts get at most one agent, METIS 5.1 puts all agents into one part, prints, or even
    // divides by zero. Blocks are as good there, because with one agent per part every partition
    // has the same ghosts. Without arcs blocks are best, because they balance best.
    const bool trivial = parts == 1 || parts >= undirected.agents || arcs == 0;
    if (trivial) return Partition::block(undirected.agents, parts);

    std::vector<idx_t> offsets(undirected.offsets.begin(), undirected.offsets.end());
    std::vector<idx_t> targets(undirected.targets.begin(), undirected.targets.end());
    std::vector<std::int32_t> owners(static_cast<std::size_t>(undirected.agents));
    static_assert(sizeof(idx_t) == sizeof(std::int32_t));
    auto options = make_options(seed);
    idx_t vertices = static_cast<idx_t>(undirected.agents);
    idx_t constraints = 1;
    idx_t wanted = parts;
    idx_t cut = 0;
    check_result(METIS_PartGraphKway(&vertices, &constraints, offsets.data(), targets.data(),
                                     nullptr, nullptr, nullptr, &wanted, nullptr, nullptr,
                                     options.data(), &cut, owners.data()));
    // With a few agents per part METIS may leave parts empty; blocks do not.
    if (leaves_parts_empty(owners, parts)) return Partition::block(undirected.agents, parts);
    return Partition::from_owners(std::move(owners), parts);
}

}  // namespace motley::partition

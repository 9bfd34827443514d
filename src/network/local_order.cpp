#include "local_order.hpp"

#include <algorithm>

#include "motley/network/distributed_graph.hpp"

namespace motley::network {
namespace {

enum class Region : char { interior, boundary };

/// Finds, in one pass over all rows, their number of arcs, their region and the ghosts they need.
std::vector<Region> scan(const UnitScheme& scheme, const OwnedAgents& owned, NeighbourRows& in,
                         NeighbourRows* out, LocalOrder& order) {
    std::vector<Region> regions(owned.size(), Region::interior);
    KeySet& keys = order.ghosts;
    const auto note = [&](std::size_t position, AgentId neighbour, Half half) {
        if (owned.find(neighbour) >= 0) return;
        regions[position] = Region::boundary;
        keys.add(scheme.key(neighbour, half));
    };
    for (std::size_t i = 0; i < owned.size(); ++i) {
        const auto row = in.row(i);
        order.arcs += std::ssize(row);
        for (const AgentId neighbour : row) note(i, neighbour, Half::stock);
        if (out == nullptr) continue;
        for (const AgentId neighbour : out->row(i)) note(i, neighbour, Half::value);
    }
    keys.close();
    return regions;
}

}  // namespace

LocalOrder order_rows(const UnitScheme& scheme, const OwnedAgents& owned, AgentId agents,
                      NeighbourRows& in, NeighbourRows* out) {
    LocalOrder order;
    order.ghosts = KeySet(scheme.per_agent * agents, std::ssize(owned.ids()));
    const std::vector<Region> regions = scan(scheme, owned, in, out, order);
    const auto lengths = [&](std::size_t i) {
        return std::pair{in.size(i), out == nullptr ? 0 : out->size(i)};
    };
    std::vector<std::size_t> positions;  // position of each local row
    positions.reserve(owned.size());
    for (const Region region : {Region::interior, Region::boundary}) {
        const std::size_t begin = positions.size();
        for (std::size_t i = 0; i < owned.size(); ++i) {
            if (regions[i] == region) positions.push_back(i);
        }
        // Within a window rows of equal length are adjacent, so that the processor predicts the
        // branches at which the sums of a row end.
        for (std::size_t at = begin; at < positions.size(); at += length_window) {
            const auto end = positions.begin() + std::min(at + length_window, positions.size());
            std::stable_sort(positions.begin() + at, end,
                             [&](std::size_t a, std::size_t b) { return lengths(a) < lengths(b); });
        }
        if (region == Region::interior) order.interior = static_cast<LocalId>(positions.size());
    }
    order.ids = Buffer<AgentId>(owned.size());
    order.row.resize(owned.size());
    for (std::size_t l = 0; l < positions.size(); ++l) {
        order.row[positions[l]] = static_cast<LocalId>(l);
        order.ids[l] = owned[positions[l]];
    }
    return order;
}

}  // namespace motley::network

// Triangles and clustering. Every triangle is found once, at the two of its agents that come first
// by degree, so that hubs cost little (Latapy, doi:10.1016/j.tcs.2008.07.017).
#include <algorithm>
#include <numeric>

#include "topology/statistics/parts.hpp"

namespace motley::topology {
namespace {

std::int64_t degree_of(const Csr& simple, AgentId agent) {
    return std::ssize(row_of(simple, agent));
}

/// Arcs from each agent to its neighbours of higher rank; agents are ranked by (degree, id).
struct Ranked {
    std::vector<std::int64_t> offsets;
    std::vector<std::uint32_t> targets;  ///< ascending in each row
    std::vector<std::uint32_t> agents;   ///< agent of each rank

    std::span<const std::uint32_t> row(std::size_t rank) const {
        return {targets.data() + offsets[rank],
                static_cast<std::size_t>(offsets[rank + 1] - offsets[rank])};
    }
};

Ranked rank_by_degree(const Csr& simple) {
    const auto agents = static_cast<std::size_t>(simple.agents);
    Ranked ranked;
    ranked.agents.resize(agents);
    std::iota(ranked.agents.begin(), ranked.agents.end(), 0U);
    std::ranges::stable_sort(ranked.agents, {},
                             [&](std::uint32_t agent) { return degree_of(simple, agent); });
    std::vector<std::uint32_t> rank(agents);
    for (std::size_t r = 0; r < agents; ++r) rank[ranked.agents[r]] = static_cast<std::uint32_t>(r);
    ranked.offsets.push_back(0);
    ranked.targets.reserve(simple.targets.size() / 2);
    for (std::size_t r = 0; r < agents; ++r) {
        for (const AgentId other : row_of(simple, ranked.agents[r])) {
            const std::uint32_t other_rank = rank[static_cast<std::size_t>(other)];
            if (other_rank > r) ranked.targets.push_back(other_rank);
        }
        std::sort(ranked.targets.begin() + ranked.offsets.back(), ranked.targets.end());
        ranked.offsets.push_back(std::ssize(ranked.targets));
    }
    return ranked;
}

/// Triangles through each rank.
std::vector<std::int64_t> triangles_of(const Ranked& ranked) {
    std::vector<std::int64_t> triangles(ranked.agents.size(), 0);
    for (std::size_t first = 0; first < ranked.agents.size(); ++first) {
        const auto row = ranked.row(first);
        for (const std::uint32_t second : row) {
            const auto other = ranked.row(second);
            auto a = row.begin();
            auto b = other.begin();
            while (a != row.end() && b != other.end()) {
                if (*a < *b) {
                    ++a;
                } else if (*b < *a) {
                    ++b;
                } else {
                    triangles[first] += 1;
                    triangles[second] += 1;
                    triangles[*a] += 1;
                    ++a;
                    ++b;
                }
            }
        }
    }
    return triangles;
}

}  // namespace

Clustering clustering(const Csr& simple) {
    const Ranked ranked = rank_by_degree(simple);
    const std::vector<std::int64_t> triangles = triangles_of(ranked);
    double local = 0.0, closed = 0.0, triples = 0.0;
    for (std::size_t rank = 0; rank < triangles.size(); ++rank) {
        const auto degree = static_cast<double>(degree_of(simple, ranked.agents[rank]));
        const double pairs = degree * (degree - 1.0) / 2.0;
        const auto through = static_cast<double>(triangles[rank]);
        if (pairs > 0.0) local += through / pairs;
        closed += through;
        triples += pairs;
    }
    Clustering result;
    if (simple.agents > 0) result.average = local / static_cast<double>(simple.agents);
    if (triples > 0.0) result.transitivity = closed / triples;
    return result;
}

}  // namespace motley::topology

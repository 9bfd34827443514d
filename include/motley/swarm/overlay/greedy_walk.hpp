// Greedy walks on a graph: each step goes to the neighbour that is most similar to the aim.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "motley/swarm/overlay/overlay.hpp"

namespace motley::swarm {

/// A graph on which walks look for holders, by compressed rows.
struct WalkGraph {
    std::vector<std::int64_t> first;  ///< one for each site, and the end
    std::vector<Site> neighbours;

    std::int64_t sites() const { return std::ssize(first) - 1; }
    std::span<const Site> row(Site site) const;
};

/// Places of sites in the space of similarity: vectors of length 1, row by row.
struct Places {
    std::size_t dimensions = 0;
    std::vector<double> values;

    std::span<const double> of(Site site) const;
    double similarity(Site site, std::span<const double> aim) const;
};

struct GreedyWalk {
    std::int64_t hops = 0;
    Site end = 0;  ///< a site without a neighbour that is more similar to the aim
};

/// `path` gets the sites after `from`.
GreedyWalk walk_greedily(const WalkGraph& graph, const Places& places, Site from,
                         std::span<const double> aim, std::vector<Site>& path);

/// Each site is linked to its `near` most similar sites and to `random` others, in both directions.
/// Compares all pairs of sites.
WalkGraph similar_sites(const Places& places, int near, int random, std::uint64_t seed);

/// The graph of these neighbours of each site; repeated ones count once.
WalkGraph walk_graph_of(std::vector<std::vector<Site>> rows);

}  // namespace motley::swarm

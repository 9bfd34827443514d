#include "motley/swarm/overlay/greedy_walk.hpp"

#include <algorithm>
#include <numeric>

#include "motley/core/random.hpp"

namespace motley::swarm {

std::span<const Site> WalkGraph::row(Site site) const {
    const auto begin = static_cast<std::size_t>(first[site]);
    const auto end = static_cast<std::size_t>(first[site + 1]);
    return std::span<const Site>(neighbours).subspan(begin, end - begin);
}

std::span<const double> Places::of(Site site) const {
    return std::span<const double>(values).subspan(site * dimensions, dimensions);
}

double Places::similarity(Site site, std::span<const double> aim) const {
    const std::span<const double> place = of(site);
    return std::inner_product(place.begin(), place.end(), aim.begin(), 0.0);
}

GreedyWalk walk_greedily(const WalkGraph& graph, const Places& places, Site from,
                         std::span<const double> aim, std::vector<Site>& path) {
    GreedyWalk walk{0, from};
    path.clear();
    double best = places.similarity(from, aim);
    for (;;) {
        Site next = walk.end;
        for (const Site site : graph.row(walk.end)) {
            const double similarity = places.similarity(site, aim);
            if (similarity <= best) continue;
            best = similarity;
            next = site;
        }
        if (next == walk.end) return walk;
        walk.end = next;
        path.push_back(next);
        ++walk.hops;
    }
}

WalkGraph similar_sites(const Places& places, int near, int random, std::uint64_t seed) {
    const std::size_t sites = places.values.size() / places.dimensions;
    const std::size_t close = std::min<std::size_t>(static_cast<std::size_t>(near), sites - 1);
    std::vector<std::vector<Site>> rows(sites);
    std::vector<std::pair<double, Site>> order(sites);
    const auto link = [&](Site a, Site b) {
        if (a == b) return;
        rows[a].push_back(b);
        rows[b].push_back(a);
    };
    for (Site site = 0; site < sites; ++site) {
        if (close > 0) {
            for (Site other = 0; other < sites; ++other) {
                // The site itself comes last.
                const double similarity =
                    other == site ? -2.0 : places.similarity(other, places.of(site));
                order[other] = {-similarity, other};
            }
            std::ranges::nth_element(order, order.begin() + static_cast<std::ptrdiff_t>(close) - 1);
            for (std::size_t i = 0; i < close; ++i) link(site, order[i].second);
        }
        const Random draws(seed, Stream::retrieval, (std::uint64_t{1} << 41) + site);
        for (int i = 0; i < random / 2; ++i) {
            link(site, static_cast<Site>(draws.below(sites, static_cast<std::uint32_t>(i))));
        }
    }
    return walk_graph_of(std::move(rows));
}

WalkGraph walk_graph_of(std::vector<std::vector<Site>> rows) {
    WalkGraph graph;
    graph.first.push_back(0);
    for (std::vector<Site>& row : rows) {
        std::ranges::sort(row);
        const auto repeated = std::ranges::unique(row);
        row.erase(repeated.begin(), repeated.end());
        graph.neighbours.insert(graph.neighbours.end(), row.begin(), row.end());
        graph.first.push_back(std::ssize(graph.neighbours));
    }
    return graph;
}

}  // namespace motley::swarm

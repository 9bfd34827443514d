// Sites that look for the holder of their problem by greedy walks on a given graph.
#include <algorithm>
#include <limits>

#include "motley/swarm/overlay/greedy_walk.hpp"
#include "swarm_impl.hpp"

namespace motley::swarm {
namespace {

Places places_of(const World& world, Site sites) {
    Places places;
    std::vector<double> one;
    for (Site site = 0; site < sites; ++site) {
        world.place(site, one);
        places.dimensions = one.size();
        places.values.insert(places.values.end(), one.begin(), one.end());
    }
    return places;
}

/// By problem: the site of it that is closest to its centre. Collective.
std::vector<std::int64_t> nearest_sites(const World& world, const Places& places,
                                        const SitePart& part, const mpi::Communicator& comm) {
    const auto problems = static_cast<std::size_t>(world.problems());
    std::vector<double> best(problems, -2.0);
    std::vector<double> own(part.own().size());
    std::vector<double> centre;
    for (std::size_t i = 0; i < own.size(); ++i) {
        const Site site = part.own()[i];
        world.centre(world.problem(site), centre);
        own[i] = places.similarity(site, centre);
        double& most = best[world.problem(site)];
        most = std::max(most, own[i]);
    }
    comm.max(std::span<double>(best));
    std::vector<std::int64_t> nearest(problems, std::numeric_limits<std::int64_t>::max());
    for (std::size_t i = 0; i < own.size(); ++i) {
        const Site site = part.own()[i];
        const std::size_t problem = world.problem(site);
        if (own[i] == best[problem])
            nearest[problem] = std::min<std::int64_t>(nearest[problem], site);
    }
    comm.min(std::span<std::int64_t>(nearest));
    return nearest;
}

}  // namespace

void Swarm::Impl::find_greedily() {
    const Places places = places_of(world, overlay.sites());
    const WalkGraph similar =
        graph == nullptr ? similar_sites(places, 8, 8, spec.seed) : WalkGraph{};
    const WalkGraph& walks = graph == nullptr ? similar : *graph;
    const std::vector<std::int64_t> nearest = nearest_sites(world, places, part, comm);
    walk_hops.assign(part.own().size(), -1);
    std::vector<double> centre;
    std::vector<Site> path;
    for (std::size_t i = 0; i < walk_hops.size(); ++i) {
        const Site site = part.own()[i];
        world.centre(world.problem(site), centre);
        const GreedyWalk walk = walk_greedily(walks, places, site, centre, path);
        ++counts.lookups;
        if (static_cast<std::int64_t>(walk.end) != nearest[world.problem(site)]) {
            ++counts.lost_lookups;
            ++counts.unanswered;
            continue;
        }
        walk_hops[i] = walk.hops;
        counts.hops += walk.hops;
        most_hops = std::max(most_hops, walk.hops);
        if (watch == nullptr) continue;
        watch_path(site, path);  // to publish
        watch_path(site, path);  // to ask
        watch_exchange(site, walk.end);
    }
}

}  // namespace motley::swarm

// Graph statistics of a topology, put together from their parts, each of which has its own file.
#include "motley/topology/graph_statistics.hpp"

#include <limits>
#include <utility>

#include "motley/topology/shared_statistics.hpp"
#include "topology/statistics/parts.hpp"

namespace motley::topology {
namespace {

Statistics statistics_of(RowBlock block, std::int64_t max_sources, std::uint64_t seed,
                         const Peers& peers) {
    Statistics result;
    count_arcs(block, peers, result);
    PathLengths along;
    if (!result.symmetric) {
        result.strong_components = count_strong_components(block, peers);
        along = directed_path_lengths(block, max_sources, seed, peers);
    }
    const RowBlock simple = make_simple(std::move(block), result.symmetric, result.loops, peers);
    count_degrees(simple, peers, result);
    const Clustering closed = clustering(simple, peers);
    result.clustering_average = closed.average;
    result.transitivity = closed.transitivity;
    {
        const Components components = connected_components(simple, peers);
        result.components = components.count;
        result.largest_component = components.largest;
        const PathLengths paths = path_lengths(simple, components, max_sources, seed, peers);
        result.path_length_mean = paths.mean;
        result.path_length_error = paths.error;
        result.diameter_lower = paths.diameter_lower;
        result.diameter_upper = paths.diameter_upper;
        result.sources_sampled = paths.sources;
        if (result.symmetric) {
            result.strong_components = components.count;
            along = paths;
        }
    }
    result.directed_path_length_mean = along.mean;
    result.directed_path_length_error = along.error;
    result.directed_diameter_lower = along.diameter_lower;
    result.directed_diameter_upper = along.diameter_upper;
    const SpectralGap gap = spectral_gap(simple, result.components, peers);
    result.spectral_gap = gap.value;
    result.spectral_gap_error = gap.error;
    return result;
}

RowBlock simple_of(RowBlock block, const Peers& peers) {
    const bool symmetric = is_symmetric(block, peers);
    const std::int64_t loops = count_loops(block, peers);
    return make_simple(std::move(block), symmetric, loops, peers);
}

}  // namespace

Statistics statistics(const Topology& topology, const Peers& peers, std::int64_t max_sources,
                      std::uint64_t seed) {
    return statistics_of(block_of(topology, peers), max_sources, seed, peers);
}

Statistics statistics(const Csr& rows, std::int64_t max_sources, std::uint64_t seed) {
    return statistics_of(block_of(rows), max_sources, seed, Alone());
}

Csr undirected_simple(const Topology& topology, const Peers& peers) {
    return collect_rows(simple_of(block_of(topology, peers), peers), peers);
}

Csr undirected_simple(const Csr& rows) {
    return collect_rows(simple_of(block_of(rows), Alone()), Alone());
}

bool is_symmetric(const Csr& rows) {
    return is_symmetric(block_of(rows), Alone());
}

double second_modulus(const Topology& topology, const Peers& peers) {
    constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
    RowBlock block = block_of(topology, peers);
    if (!topology.traits().use_weights) block.weights.clear();
    if (most_of(peers, block.survivals.empty() ? 0 : 1) > 0) return undefined;
    return is_symmetric(block, peers) ? second_modulus(block, peers) : undefined;
}

double second_modulus(const Csr& rows) {
    return second_modulus(block_of(rows), Alone());
}

}  // namespace motley::topology

// Graph statistics of a topology. This file computes counts; components, clustering and paths have
// their own files.
#include "motley/topology/graph_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "motley/core/exact_sum.hpp"
#include "topology/statistics/parts.hpp"

namespace motley::topology {
namespace {

void count_arcs(const Csr& rows, Statistics& result) {
    result.agents = rows.agents;
    result.arcs = std::ssize(rows.targets);
    for (AgentId agent = 0; agent < rows.agents; ++agent) {
        result.loops += std::ranges::binary_search(row_of(rows, agent), agent) ? 1 : 0;
    }
    result.total_weight = static_cast<double>(result.arcs);
    if (rows.weights.empty()) return;
    ExactSum total;
    for (const double weight : rows.weights) total.add(weight);
    result.total_weight = total.value();
}

void count_degrees(const Csr& simple, Statistics& result) {
    result.edges = std::ssize(simple.targets) / 2;
    if (simple.agents == 0) return;
    result.degree_min = std::ssize(row_of(simple, 0));
    for (AgentId agent = 0; agent < simple.agents; ++agent) {
        const std::int64_t degree = std::ssize(row_of(simple, agent));
        result.degree_min = std::min(result.degree_min, degree);
        result.degree_max = std::max(result.degree_max, degree);
    }
    result.degree_mean =
        static_cast<double>(simple.targets.size()) / static_cast<double>(simple.agents);
    double second = 0.0, third = 0.0;
    for (AgentId agent = 0; agent < simple.agents; ++agent) {
        const double d =
            static_cast<double>(std::ssize(row_of(simple, agent))) - result.degree_mean;
        second += d * d;
        third += d * d * d;
    }
    const auto n = static_cast<double>(simple.agents);
    result.degree_deviation = std::sqrt(second / n);
    if (second > 0.0) result.degree_skewness = third / n / std::pow(second / n, 1.5);
}

double assortativity(const Csr& simple) {
    double product = 0.0, sum = 0.0, squares = 0.0;
    for (AgentId agent = 0; agent < simple.agents; ++agent) {
        const auto own = static_cast<double>(std::ssize(row_of(simple, agent)));
        for (const AgentId other : row_of(simple, agent)) {
            product += own * static_cast<double>(std::ssize(row_of(simple, other)));
            sum += own;
            squares += own * own;
        }
    }
    const auto ends = static_cast<double>(simple.targets.size());
    const double mean = sum / ends, variance = squares / ends - mean * mean;
    return variance > 1e-12 * mean * mean ? (product / ends - mean * mean) / variance
                                          : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

bool is_symmetric(const Csr& rows) {
    const Csr turned = transpose(rows);
    return turned.offsets == rows.offsets && turned.targets == rows.targets &&
           turned.weights == rows.weights && turned.survivals == rows.survivals;
}

Statistics statistics(const Csr& rows, std::int64_t max_sources, std::uint64_t seed) {
    Statistics result;
    count_arcs(rows, result);
    result.symmetric = is_symmetric(rows);
    const Csr simple = undirected_simple(rows);
    count_degrees(simple, result);
    const Components components = connected_components(simple);
    result.components = components.count;
    result.largest_component = components.largest;
    result.strong_components = result.symmetric ? components.count : count_strong_components(rows);
    const Clustering closed = clustering(simple);
    result.clustering_average = closed.average;
    result.transitivity = closed.transitivity;
    const PathLengths paths = path_lengths(simple, components, max_sources, seed);
    result.path_length_mean = paths.mean;
    result.path_length_error = paths.error;
    result.diameter_lower = paths.diameter_lower;
    result.diameter_upper = paths.diameter_upper;
    result.sources_sampled = paths.sources;
    result.directed_path_length_mean = paths.mean;
    result.directed_diameter_lower = paths.diameter_lower;
    result.directed_diameter_upper = paths.diameter_upper;
    if (!result.symmetric) {
        const PathLengths along = directed_path_lengths(rows, max_sources, seed);
        result.directed_path_length_mean = along.mean;
        result.directed_path_length_error = along.error;
        result.directed_diameter_lower = along.diameter_lower;
        result.directed_diameter_upper = along.diameter_upper;
    }
    result.assortativity = assortativity(simple);
    const SpectralGap gap = spectral_gap(simple, components.count);
    result.spectral_gap = gap.value;
    result.spectral_gap_error = gap.error;
    return result;
}

}  // namespace motley::topology

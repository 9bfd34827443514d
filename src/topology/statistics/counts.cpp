// Arcs, degrees and their correlation.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "topology/statistics/parts.hpp"

namespace motley::topology {
namespace {

/// Agents of each degree, over all peers.
std::map<std::int64_t, std::int64_t> degree_counts(const RowBlock& simple, const Peers& peers) {
    std::vector<std::int64_t> few;  // of small degrees
    std::map<std::int64_t, std::int64_t> counts;
    constexpr std::int64_t small = 4096;
    few.resize(small, 0);
    for (std::size_t r = 0; r < simple.rows(); ++r) {
        const std::int64_t degree = simple.degree(r);
        (degree < small ? few[static_cast<std::size_t>(degree)] : counts[degree]) += 1;
    }
    Peers::Words own;
    for (std::size_t degree = 0; degree < few.size(); ++degree) {
        if (few[degree] > 0) own.insert(own.end(), {degree, to_word(few[degree])});
    }
    for (const auto& [degree, agents] : counts) {
        own.insert(own.end(), {to_word(degree), to_word(agents)});
    }
    counts.clear();
    const Peers::Words all = peers.gather(own);
    for (std::size_t i = 0; i + 1 < all.size(); i += 2) {
        counts[static_cast<std::int64_t>(all[i])] += static_cast<std::int64_t>(all[i + 1]);
    }
    return counts;
}

/// The sum over all arcs of the product of the degrees at their ends.
double degree_products(const RowBlock& simple, const Peers& peers) {
    std::vector<std::uint32_t> degrees(simple.halo.size());
    for (std::size_t r = 0; r < simple.rows(); ++r) {
        degrees[simple.local(r)] = static_cast<std::uint32_t>(simple.degree(r));
    }
    simple.halo.refresh(degrees, peers);
    ExactSum products;
    for (std::size_t r = 0; r < simple.rows(); ++r) {
        std::int64_t others = 0;
        for (const std::uint32_t other : simple.row(r)) others += degrees[other];
        products.add(static_cast<double>(simple.degree(r)) * static_cast<double>(others));
    }
    return total_of(peers, products);
}

}  // namespace

void count_arcs(const RowBlock& block, const Peers& peers, Statistics& result) {
    result.agents = block.blocks.agents();
    result.arcs = sum_of(peers, block.offsets.back());
    result.loops = count_loops(block, peers);
    result.symmetric = is_symmetric(block, peers);
    result.total_weight = static_cast<double>(result.arcs);
    if (most_of(peers, block.weights.empty() ? 0 : 1) == 0) return;
    ExactSum total;
    for (std::size_t arc = 0; arc < block.targets.size(); ++arc) total.add(block.weight(arc));
    result.total_weight = total_of(peers, total);
}

void count_degrees(const RowBlock& simple, const Peers& peers, Statistics& result) {
    result.assortativity = std::numeric_limits<double>::quiet_NaN();
    if (result.agents == 0) return;
    const auto counts = degree_counts(simple, peers);
    const std::int64_t arcs = sum_of(peers, simple.offsets.back());
    const auto n = static_cast<double>(result.agents), ends = static_cast<double>(arcs);
    result.edges = arcs / 2;
    result.degree_min = counts.begin()->first;
    result.degree_max = counts.rbegin()->first;
    result.degree_mean = ends / n;
    double second = 0.0, third = 0.0, squares = 0.0, cubes = 0.0;
    for (const auto& [value, agents] : counts) {
        const auto degree = static_cast<double>(value), count = static_cast<double>(agents);
        const double d = degree - result.degree_mean;
        second += count * (d * d);
        third += count * (d * d * d);
        squares += count * (degree * degree);
        cubes += count * (degree * degree * degree);
    }
    result.degree_deviation = std::sqrt(second / n);
    if (second > 0.0) result.degree_skewness = third / n / std::pow(second / n, 1.5);
    const double mean = squares / ends, variance = cubes / ends - mean * mean;
    if (variance > 1e-12 * mean * mean) {
        result.assortativity = (degree_products(simple, peers) / ends - mean * mean) / variance;
    }
}

}  // namespace motley::topology

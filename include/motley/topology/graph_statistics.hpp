// Graph statistics of a topology.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "motley/topology/topology.hpp"

namespace motley::topology {

/// Compressed rows of distinct out-neighbours, sorted. Statistics and partitioners read this form.
/// `weights` is empty for uniform graphs.
struct Csr {
    AgentId agents = 0;
    std::vector<std::int64_t> offsets;  ///< agents + 1 entries
    std::vector<AgentId> targets;       ///< offsets.back() entries
    std::vector<double> weights;        ///< same length, or empty
    std::vector<double> survivals;      ///< same length, or empty
};

/// Merged out-rows of the whole topology (parallel arcs as `Traits::sum_parallel` says; loops
/// kept).
Csr gather_rows(const Topology& topology);
/// The undirected simple graph of a topology: loops dropped, both directions present, no weights.
Csr undirected_simple(const Csr& rows);

struct Statistics {
    AgentId agents = 0;
    std::int64_t arcs = 0;   ///< distinct directed arcs, loops included
    std::int64_t edges = 0;  ///< distinct undirected pairs, loops excluded
    std::int64_t loops = 0;
    bool symmetric = false;
    double total_weight = 0.0;
    std::int64_t degree_min = 0, degree_max = 0;  ///< undirected simple degrees
    double degree_mean = 0.0;
    double degree_deviation = 0.0;  ///< standard deviation
    double degree_skewness = 0.0;   ///< third standardised moment; 0 when all degrees are equal
    /// Correlation of the degrees at the ends of an edge (M. Newman, Phys. Rev. Lett. 89, 208701,
    /// 2002); nan when all degrees are equal.
    double assortativity = 0.0;
    std::int64_t components = 0;  ///< weak components
    std::int64_t strong_components = 0;
    std::int64_t largest_component = 0;
    double clustering_average = 0.0;  ///< Watts-Strogatz local average; degree < 2 counts as 0
    double transitivity = 0.0;        ///< 3 triangles / connected triples
    /// On the undirected graph, over reachable pairs of sampled (or all) sources.
    double path_length_mean = 0.0;
    double path_length_error = 0.0;   ///< standard error; 0 when all sources were used
    std::int64_t diameter_lower = 0;  ///< largest eccentricity seen (double sweeps included)
    std::int64_t diameter_upper = 0;  ///< 2 x the smallest eccentricity seen, per component max
    /// The same along the arcs, over the ordered pairs that have a path; equal to those above where
    /// every arc has its opposite. The upper bound is 0 where not all agents were sources.
    double directed_path_length_mean = 0.0, directed_path_length_error = 0.0;
    std::int64_t directed_diameter_lower = 0, directed_diameter_upper = 0;
    std::int64_t sources_sampled = 0;
    /// 1 - second largest eigenvalue of the random walk on the undirected simple graph, which
    /// measures how fast the walk mixes; 0 when the graph is not connected.
    double spectral_gap = 0.0;
    double spectral_gap_error = 0.0;  ///< norm of the residual
};

/// `max_sources` is the number of breadth-first searches for path lengths; all agents are sources
/// when agents <= max_sources. Sampling stops earlier, after a multiple of 64 sources, when 4e8
/// arcs have been followed.
Statistics statistics(const Csr& rows, std::int64_t max_sources = 256, std::uint64_t seed = 1);

/// True where every arc has its opposite with the same weight and survival.
bool is_symmetric(const Csr& rows);

/// The second largest modulus of an eigenvalue of W, w_ij over the sum of row i: 1 where the
/// vertices that have arcs are not connected, or have two colours. `rows` must be symmetric. Within
/// 1e-9, by Lanczos' method.
double second_modulus(const Csr& rows);

/// Writes the arcs as CSV `source,target,weight,survival` with the names where there are any, and a
/// column `capacity` where an arc has another than that of a host port.
void write_csv(const Topology& topology, const std::string& path);

}  // namespace motley::topology

// The parts of the graph statistics, each computed on compressed rows.
#pragma once

#include <cstdint>
#include <vector>

#include "topology/statistics/rows.hpp"

namespace motley::topology {

struct Components {
    std::int64_t count = 0;
    std::int64_t largest = 0;
    std::vector<std::int32_t> of;  ///< component of each agent
};

/// Connected components of an undirected simple graph (both directions present).
Components connected_components(const Csr& simple);
std::int64_t count_strong_components(const Csr& rows);

struct Clustering {
    double average = 0.0;
    double transitivity = 0.0;
};

/// The local average of Watts, Strogatz, doi:10.1038/30918, and the share of closed triples.
Clustering clustering(const Csr& simple);

struct PathLengths {
    double mean = 0.0;
    double error = 0.0;
    std::int64_t diameter_lower = 0;
    std::int64_t diameter_upper = 0;
    std::int64_t sources = 0;
};

struct SpectralGap {
    double value = 0.0;  ///< 1 - second largest eigenvalue of the random walk; 0: not connected
    double error = 0.0;  ///< an eigenvalue lies within this distance (norm of the residual)
};

/// Applies Lanczos' method to D^-1/2 A D^-1/2 without its first eigenvector, to a relative error of
/// 1e-10 or until 2e9 arcs have been followed. Source: G. Golub, C. Van Loan, Matrix Computations,
/// chapter 10.
SpectralGap spectral_gap(const Csr& simple, std::int64_t components);

/// Shortest paths on an undirected simple graph from at most `max_sources` agents.
PathLengths path_lengths(const Csr& simple, const Components& components, std::int64_t max_sources,
                         std::uint64_t seed);
/// Along the arcs, over the ordered pairs that have a path. The upper bound of the diameter is 0
/// where not all agents were sources: there is none.
PathLengths directed_path_lengths(const Csr& rows, std::int64_t max_sources, std::uint64_t seed);

}  // namespace motley::topology

// The parts of the graph statistics, each computed on the rows that the peers have. Every function
// is collective, and all peers get the same result, to the last bit, for any number of them.
#pragma once

#include <cstdint>
#include <vector>

#include "topology/statistics/row_block.hpp"

namespace motley::topology {

/// Sets agents, arcs, loops, symmetric and total_weight.
void count_arcs(const RowBlock& block, const Peers& peers, Statistics& result);
/// Sets edges, the moments of the degrees and the assortativity.
void count_degrees(const RowBlock& simple, const Peers& peers, Statistics& result);

struct Components {
    std::int64_t count = 0;         ///< of all peers
    std::int64_t largest = 0;       ///< agents
    std::vector<std::uint32_t> of;  ///< which of `labels` the component of each own row has
    std::vector<AgentId> labels;    ///< an agent of each component of this peer, the same for all
};

/// Components of rows in which every arc has its opposite.
Components connected_components(const RowBlock& block, const Peers& peers);
std::int64_t count_strong_components(const RowBlock& block, const Peers& peers);

struct Clustering {
    double average = 0.0;
    double transitivity = 0.0;
};

/// The local average of Watts, Strogatz, doi:10.1038/30918, and the share of closed triples.
Clustering clustering(const RowBlock& simple, const Peers& peers);

struct PathLengths {
    double mean = 0.0;
    double error = 0.0;
    std::int64_t diameter_lower = 0;
    std::int64_t diameter_upper = 0;
    std::int64_t sources = 0;
};

/// Shortest paths on an undirected simple graph from at most `max_sources` agents.
PathLengths path_lengths(const RowBlock& simple, const Components& components,
                         std::int64_t max_sources, std::uint64_t seed, const Peers& peers);
/// Along the arcs, over the ordered pairs that have a path. The upper bound of the diameter is 0
/// where not all agents were sources: there is none.
PathLengths directed_path_lengths(const RowBlock& block, std::int64_t max_sources,
                                  std::uint64_t seed, const Peers& peers);

struct SpectralGap {
    double value = 0.0;  ///< 1 - second largest eigenvalue of the random walk; 0: not connected
    double error = 0.0;  ///< an eigenvalue lies within this distance (norm of the residual)
};

/// Applies Lanczos' method to D^-1/2 A D^-1/2 without its first eigenvector, to a relative error of
/// 1e-10 or until 2e9 arcs have been followed. Source: G. Golub, C. Van Loan, Matrix Computations,
/// chapter 10.
SpectralGap spectral_gap(const RowBlock& simple, std::int64_t components, const Peers& peers);
/// The second largest modulus of an eigenvalue, of rows in which every arc has its opposite of the
/// same weight.
double second_modulus(const RowBlock& block, const Peers& peers);

}  // namespace motley::topology

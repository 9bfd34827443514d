#include "graph_properties.hpp"

#include "motley/partition/partition.hpp"
#include "motley/partition/shared_topology.hpp"
#include "motley/topology/shared_statistics.hpp"

namespace motley::experiment {
namespace {

GraphProperties of_complete(double agents) {
    GraphProperties graph;
    graph.degree_mean = agents - 1.0;
    graph.degree_deviation = graph.degree_skewness = 0.0;
    if (agents < 2.0) return graph;
    graph.clustering = agents > 2.0 ? 1.0 : 0.0;
    graph.path_length = 1.0;
    graph.spectral_gap = agents / (agents - 1.0);
    const double half = static_cast<double>(static_cast<std::int64_t>(agents) / 2);
    graph.bisection = half * (agents - half) / agents;
    return graph;
}

/// METIS needs all rows on one rank; everything else is computed where the rows are.
GraphProperties of_rows(const topology::Topology& topology, std::uint64_t seed,
                        const mpi::Communicator& comm) {
    const partition::Ranks ranks(comm);
    const topology::Statistics s = topology::statistics(topology, ranks, 256, seed);
    GraphProperties graph;
    graph.degree_mean = s.degree_mean;
    graph.degree_deviation = s.degree_deviation;
    graph.degree_skewness = s.degree_skewness;
    graph.clustering = s.clustering_average;
    if (s.edges > 0) graph.path_length = s.directed_path_length_mean;
    graph.spectral_gap = s.spectral_gap;
    graph.assortativity = s.assortativity;
    if (s.agents < 2) return graph;
    const topology::Csr simple = topology::undirected_simple(topology, ranks);
    graph.bisection = mpi::on_root(comm, [&] {
        const auto halves = partition::by_metis(simple, 2, seed);
        return static_cast<double>(partition::quality(simple, halves, "metis").edge_cut) /
               static_cast<double>(s.agents);
    });
    return graph;
}

}  // namespace

GraphProperties graph_properties(const topology::Topology& topology, std::uint64_t seed,
                                 const mpi::Communicator& comm) {
    if (topology.traits().complete) return of_complete(static_cast<double>(topology.agents()));
    return of_rows(topology, seed, comm);
}

}  // namespace motley::experiment

#include "graph_properties.hpp"

#include "motley/partition/partition.hpp"
#include "motley/partition/shared_topology.hpp"
#include "motley/topology/graph_statistics.hpp"

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

GraphProperties of_rows(const topology::Topology& topology, std::uint64_t seed) {
    const topology::Csr rows = topology::gather_rows(topology);
    const topology::Statistics s = topology::statistics(rows, 256, seed);
    const topology::Csr simple = topology::undirected_simple(rows);
    GraphProperties graph;
    graph.degree_mean = s.degree_mean;
    graph.degree_deviation = s.degree_deviation;
    graph.degree_skewness = s.degree_skewness;
    graph.clustering = s.clustering_average;
    if (s.edges > 0) graph.path_length = s.directed_path_length_mean;
    graph.spectral_gap = s.spectral_gap;
    graph.assortativity = s.assortativity;
    if (rows.agents < 2) return graph;
    const auto halves = partition::by_metis(simple, 2, seed);
    graph.bisection = static_cast<double>(partition::quality(simple, halves, "metis").edge_cut) /
                      static_cast<double>(rows.agents);
    return graph;
}

}  // namespace

GraphProperties graph_properties(const topology::Topology& topology, std::uint64_t seed,
                                 const mpi::Communicator& comm) {
    if (topology.traits().complete) return of_complete(static_cast<double>(topology.agents()));
    const partition::OnRoot whole(topology, comm);
    return mpi::on_root(comm, [&] { return of_rows(whole.get(), seed); });
}

}  // namespace motley::experiment

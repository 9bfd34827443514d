// The throughput of a fabric, for motley topology NAME --traffic PATTERN.
#pragma once

#include <cstdint>
#include <string>

#include "motley/topology/topology.hpp"

namespace CLI {
class App;
}

namespace motley::cli {

struct TrafficOptions {
    std::string pattern;  ///< empty: no traffic
    int samples = 3;      ///< number of permutations
    std::uint64_t seed = 1;
    double ratio = 0.02;
    std::string failures;  ///< part that fails, one at a time; empty: none
    std::string attack;    ///< order in which more and more of them fail, or "all"; empty: none
    int points = 10;       ///< of an attack curve
    int replicates = 5;    ///< of an attack in random order
};

void add_traffic_options(CLI::App& command, TrafficOptions& options);

/// Returns the throughput of each traffic matrix of the pattern, with bounds, ECMP and bottlenecks,
/// and the throughput of the first matrix after single failures, or under an attack.
std::string traffic_tables(const topology::Topology& topology, const TrafficOptions& options);

}  // namespace motley::cli

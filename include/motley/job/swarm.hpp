// The job of kind = "swarm": which swarms are run, and how they are compared.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "motley/swarm/knowledge/spec.hpp"
#include "motley/topology/topology.hpp"

namespace motley::job {

/// The graph of greedy walks.
struct SwarmGraph {
    topology::Spec topology;
};

/// Hosts on which the sites live: in a random order, or neighbours together.
enum class SwarmPlacement { random, packed };
struct SwarmPlace {
    topology::Spec topology;
    SwarmPlacement placement = SwarmPlacement::random;
};

/// A number of the job that is varied.
struct SwarmSweep {
    std::string key;
    std::vector<double> values;
};

struct Swarm {
    std::string name;
    std::uint64_t seed = 1;
    std::string directory = "results";
    std::int64_t replicates = 5;
    std::vector<std::int64_t> sites = {4096};
    std::vector<std::string> policy_words = {"none", "central", "full", "cap", "aggregate"};
    std::vector<std::string> operator_words = {"shrink"};
    swarm::Spec spec;  ///< what all swarms of the job have
    std::optional<SwarmGraph> graph;
    std::optional<SwarmPlace> place;
    std::optional<SwarmSweep> sweep;

    std::vector<swarm::Policy> policies;
    std::vector<swarm::Operator> operators;
    /// `spec` with each value of the sweep; `spec` itself where there is none.
    std::vector<swarm::Spec> variants;
};

}  // namespace motley::job

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

/// A key of the job whose values are all run.
struct SwarmFactor {
    std::string key;                  ///< "adversaries.share"
    std::vector<std::string> labels;  ///< of its levels
    std::vector<double> numbers;      ///< the same as numbers; empty where they are none
};

/// What the swarms of a job have in common but for policy, operator and sites.
struct SwarmVariant {
    std::vector<std::size_t> levels;  ///< one for each factor
    swarm::Spec spec;
};

/// The choice whose levels are compared with a baseline.
enum class SwarmCompared { nothing, policies, operators, factor };

struct Swarm {
    std::string name;
    std::uint64_t seed = 1;
    std::string directory = "results";
    double checkpoint_minutes = 0.0;  ///< between checkpoints; 0: by what one costs
    std::int64_t replicates = 5;
    std::string baseline;  ///< level with which others are compared; empty where nothing is
    std::vector<std::int64_t> sites = {4096};
    std::vector<std::string> policy_words = {"none", "central", "full", "cap", "aggregate"};
    std::vector<std::string> operator_words = {"shrink"};
    swarm::Spec spec;  ///< what all swarms of the job have
    std::optional<SwarmGraph> graph;
    std::optional<SwarmPlace> place;

    std::vector<swarm::Policy> policies;
    std::vector<swarm::Operator> operators;
    std::vector<SwarmFactor> factors;
    /// `spec` with each combination of levels, the last factor changing fastest; `spec` itself
    /// where there are no factors.
    std::vector<SwarmVariant> variants;
    std::string defining_text;  ///< TOML of the keys on which the results of swarms depend
    SwarmCompared compared = SwarmCompared::nothing;  ///< the first of them with several levels
};

}  // namespace motley::job

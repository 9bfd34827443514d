// A description of which part (rank) owns which agent. Its use needs no communication.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "motley/core/ids.hpp"
#include "motley/core/random.hpp"
#include "motley/topology/graph_statistics.hpp"
#include "motley/topology/topology.hpp"

namespace motley::partition {

enum class Method { block, random, levels, metis, scotch, file };

struct Spec {
    Method method = Method::block;
    std::string file;  ///< METIS .part file: line i holds the part of agent i
    std::uint64_t seed = 1;
};

/// Partition of agents 0..N-1 over `parts`. Empty parts are legal.
class Partition {
  public:
    /// Contiguous blocks of even size.
    static Partition block(AgentId agents, int parts);
    /// Contiguous blocks of whole groups of `group` consecutive agents; `group` divides `agents`.
    static Partition groups(AgentId agents, AgentId group, int parts);
    /// Blocks of a keyed random permutation.
    static Partition random(AgentId agents, int parts, std::uint64_t seed);
    /// owners[i] is the part of agent i, in [0, parts).
    static Partition from_owners(std::vector<std::int32_t> owners, int parts);

    AgentId agents() const { return agents_; }
    int parts() const { return parts_; }
    int owner(AgentId agent) const;
    /// Ids owned by `part`, ascending.
    std::vector<AgentId> owned(int part) const;

  private:
    enum class Kind { block, random, owners };
    Partition(Kind kind, AgentId agents, int parts);
    Kind kind_;
    AgentId agents_;
    int parts_;
    AgentId group_ = 1;                     ///< agents that stay together when kind is block
    std::vector<Permutation> permutation_;  ///< one when kind is random
    std::vector<std::int32_t> owners_;      ///< one per agent when kind is owners
};

/// Measures of how good a partition is.
struct Quality {
    std::string method;
    int parts = 0;
    std::int64_t edge_cut = 0;  ///< undirected pairs that join two parts
    std::int64_t ghosts = 0;    ///< total over parts of distinct remote neighbours
    std::int64_t ghosts_max = 0;
    std::int64_t neighbours_max = 0;  ///< largest number of parts that one part exchanges with
    double neighbours_mean = 0.0;
    double imbalance = 1.0;      ///< largest part / mean part, in agents
    double arc_imbalance = 1.0;  ///< largest part / mean part, in arcs
};

/// Quality of `partition` on the undirected simple graph `rows`.
Quality quality(const topology::Csr& rows, const Partition& partition, const std::string& method);

/// Gives every part whole groups of the outermost level of a nested topology if that balances
/// within 5 %, else groups of the next level, and so on. A usage error when the topology is not
/// nested.
Partition by_levels(const topology::Topology& topology, int parts);
/// METIS k-way partitioning, serial; a usage error when the graph is too large for its 32-bit ids.
/// The same input gives the same partition.
Partition by_metis(const topology::Csr& undirected, int parts, std::uint64_t seed);
/// Reads a METIS .part file. Input errors with file and line: too many or too few lines, a part out
/// of range, not a number.
Partition from_file(const std::string& path, AgentId agents, int parts);

const char* name(Method method);

}  // namespace motley::partition

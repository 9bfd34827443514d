// A topology: a pure description of the communication graph, which answers per chunk or per agent.
// It needs no MPI, holds no state that depends on ranks, and gives the same arcs for any number of
// chunks.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "motley/core/ids.hpp"
#include "motley/topology/spec.hpp"

namespace motley::topology {

/// A directed arc source -> target. Stocks flow along it, and values flow back along it.
struct Arc {
    AgentId source = 0;
    AgentId target = 0;
    double weight = 1.0;    ///< relative routing weight, > 0
    double survival = 1.0;  ///< kappa, (0, 1]
};

using ArcSink = std::function<void(std::span<const Arc>)>;

/// The cables of an arc. Graphs that are not made of cables have the defaults.
struct Link {
    double capacity = 1.0;  ///< 1: one host port; parallel cables between two switches add up
    double length = 1.0;    ///< metres in fabrics with switches, else the graph's own unit
};

/// Properties of the arcs that are known before the arcs are generated.
struct Traits {
    /// For every arc i -> j there is j -> i, and all weights are 1: routing is uniform in both
    /// directions and survival is the constant `survival`. This enables the one-gather kernel.
    bool symmetric_uniform = false;
    /// All pairs are linked, and arcs are never enumerated: this is the mean field 1 / (N - 1).
    bool complete = false;
    /// A pool, which is complete too: every agent gets 1 / N of all that is made, in the same step.
    bool pool = false;
    /// Survival of every arc where it is the same for all; ignored where arcs carry their own.
    double survival = 1.0;
    /// Whether weights of parallel arcs add up (files); else one arc of weight 1 stays
    /// (generators).
    bool sum_parallel = false;
    /// Whether routing is proportional to the arc weights; otherwise it is uniform, 1 / outdegree.
    bool use_weights = true;
    /// Expected number of arcs, for plans and buffers; -1 when unknown before reading.
    std::int64_t expected_arcs = -1;
};

/// One level of a nested topology.
struct Level {
    std::string name;
    AgentId groups = 1;  ///< number of members along this coordinate
    double share = 1.0;  ///< omega: share of the routing
    double survival = 1.0;
};

class Topology {
  public:
    virtual ~Topology() = default;

    /// All vertices: hosts and relays.
    virtual AgentId agents() const = 0;
    /// Vertices 0, ..., hosts() - 1 are hosts; the rest are relays (switches), which have no effort
    /// and no demand of their own and pass everything on.
    virtual AgentId hosts() const { return agents(); }
    virtual Traits traits() const = 0;

    /// Yields every arc of chunk `chunk` of `chunks` in batches. The union over all chunks is the
    /// same multiset for every `chunks` >= 1. Undirected edges come as two arcs. For a complete
    /// topology it enumerates all pairs (small graphs only: statistics and tests).
    virtual void arcs(std::int64_t chunk, std::int64_t chunks, const ArcSink& sink) const = 0;

    /// True where an agent can compute its neighbours alone, so that `row` may be called.
    virtual bool has_rows() const { return false; }
    /// Replaces `neighbours` by the sorted distinct neighbours of `agent` (symmetric uniform
    /// topologies only).
    virtual void row(AgentId agent, std::vector<AgentId>& neighbours) const;

    /// Returns capacity and length of the arc a -> b; `b` must be a neighbour of `a`. They equal
    /// those of b -> a, except for the capacities of directed files. Capacities of files, in host
    /// ports, are those of the column or attribute `capacity`, else, with weights = "edge", the
    /// weights, else 1; those of parallel edges add up.
    virtual Link link(AgentId a, AgentId b) const;
    /// Returns what a vertex can serve, >= 0, in the unit of the file that says so; infinity where
    /// nothing does. Only the stages of pipelines use it.
    virtual double vertex_capacity(AgentId vertex) const;

    /// Names of the agents as the file gave them; empty when agents are numbered only.
    virtual const std::vector<std::string>& names() const;

    /// What a file was taken for, as sentences without a full stop.
    virtual const std::vector<std::string>& remarks() const;

    /// Levels of a nested topology, outermost first; empty when not nested. Agent ids are in mixed
    /// radix; the coordinate of the last level varies fastest.
    virtual const std::vector<Level>& levels() const;
};

/// Range [begin, end) of chunk `chunk` when `total` things are cut into `chunks` even parts.
struct ChunkRange {
    std::int64_t begin = 0;
    std::int64_t end = 0;
};
ChunkRange chunk_range(std::int64_t total, std::int64_t chunk, std::int64_t chunks);

/// Builds the topology. Usage errors name the key and the nearest legal sizes; input errors carry
/// file, line and column. Not collective: every rank builds its own copy of the description.
std::unique_ptr<Topology> make(const Spec& spec);

/// Name of a level of a nested topology: that of its generator, or "level 2" where two levels have
/// the same generator.
std::string level_name(const std::vector<Spec>& levels, std::size_t level);

}  // namespace motley::topology

// The rows of the agents of one peer.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "motley/topology/shared_statistics.hpp"
#include "topology/statistics/halo.hpp"

namespace motley::topology {

/// Compressed rows of distinct out-neighbours, which have the local numbers of `halo`, ascending.
struct RowBlock {
    Blocks blocks;
    Halo halo;
    std::vector<std::int64_t> offsets;   ///< one more than this peer has agents
    std::vector<std::uint32_t> targets;  ///< offsets.back() local numbers
    std::vector<double> weights;         ///< same length, or empty: all are 1
    std::vector<double> survivals;       ///< same length, or empty: all are `survival`
    double survival = 1.0;               ///< that of the graph

    std::size_t rows() const { return offsets.size() - 1; }
    std::span<const std::uint32_t> row(std::size_t r) const {
        return {targets.data() + offsets[r], static_cast<std::size_t>(offsets[r + 1] - offsets[r])};
    }
    std::int64_t degree(std::size_t r) const { return offsets[r + 1] - offsets[r]; }
    double weight(std::size_t arc) const { return weights.empty() ? 1.0 : weights[arc]; }
    double survival_of(std::size_t arc) const {
        return survivals.empty() ? survival : survivals[arc];
    }
    std::uint32_t local(std::size_t r) const {
        return halo.first_own() + static_cast<std::uint32_t>(r);
    }
    AgentId id(std::size_t r) const { return halo.id(local(r)); }
};

/// Collects arcs in any order, sends them to the owners of their sources and makes rows of them.
class BlockBuilder {
  public:
    /// `survival` is that of the graph.
    BlockBuilder(AgentId agents, double survival, const Peers& peers);

    void add(const Arc& arc);
    /// Collective. Sends what was added, so that little waits at a time.
    void pass_on();
    /// Collective. Passes on the rest and merges parallel arcs: with `sum`, weights add up and
    /// survival is the weighted mean; otherwise the first arc in order of (weight, survival) stays.
    /// The order of the arcs and the number of peers do not change a bit of the result.
    RowBlock finish(bool sum);

  private:
    /// Arcs of one owner. Weights and survivals are kept from the first arc on that needs them.
    struct Batch {
        std::vector<std::uint64_t> ends;  ///< row at the owner in the upper half, id of the target
        std::vector<double> weights, survivals;
    };

    void read(std::span<const std::uint64_t> letter);
    RowBlock finish_uniform(bool sum);
    RowBlock finish_valued(bool sum);

    Blocks blocks_;
    double survival_;
    const Peers& peers_;
    std::vector<Batch> to_;        ///< by owner
    std::vector<Batch> received_;  ///< own arcs among them
};

/// Collective. Rows of the topology: parallel arcs are merged as its traits say, loops are kept.
RowBlock block_of(const Topology& topology, const Peers& peers);
/// The rows of a graph that one peer has alone.
RowBlock block_of(const Csr& rows);
/// Collective. True where every arc has its opposite with the same weight and survival.
bool is_symmetric(const RowBlock& block, const Peers& peers);
/// Collective.
std::int64_t count_loops(const RowBlock& block, const Peers& peers);
/// Collective. The undirected simple graph: no loops, both directions, no weights.
RowBlock make_simple(RowBlock block, bool symmetric, std::int64_t loops, const Peers& peers);
/// Collective. The graph with all arcs turned round, without weights.
RowBlock turn(const RowBlock& block, const Peers& peers);
/// Collective. All rows without weights on the first peer, none on the others.
Csr collect_rows(const RowBlock& block, const Peers& peers);

}  // namespace motley::topology

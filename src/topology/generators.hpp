// The parts that all generators share: their checked arguments, their random numbers, batches of
// arcs, and two base classes, one for graphs whose rows can be computed anywhere and one for lists
// of edges.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "motley/core/error.hpp"
#include "motley/core/random.hpp"
#include "motley/topology/generator.hpp"
#include "motley/topology/topology.hpp"

namespace motley::topology {

/// Largest number of agents: all pairs of agents can still be counted in 64 bits.
constexpr AgentId most_agents = AgentId{1} << 31;

/// Returns a b for a, b >= 0, or some number greater than most_agents where a b is greater than
/// that.
constexpr std::int64_t capped_product(std::int64_t a, std::int64_t b) {
    constexpr std::int64_t too_many = most_agents + 1;
    if (a == 0 || b == 0) return 0;
    return a > too_many / b ? too_many : a * b;
}

/// Sorts the neighbours of an agent and removes repeated ones and `without`, the agent itself.
void sort_distinct(std::vector<AgentId>& neighbours, AgentId without);

/// The random numbers of one generator: pure functions of (seed, stream, id, counter).
struct RandomKey {
    std::uint64_t seed = 1;
    Stream stream = Stream::topology;

    Random at(std::uint64_t id) const { return {seed, stream, id}; }
    Permutation permutation(std::int64_t size, std::uint64_t id) const {
        return {static_cast<std::uint64_t>(size), seed, stream, id};
    }
};

/// The arguments that a Spec gives to one generator, checked when they are read. All errors are
/// usage errors that begin with the key as it stands in the job file.
class Arguments {
  public:
    /// `prefix`: "topology", or "topology.level[2]" for the second level of a nested one.
    Arguments(const Spec& given, std::string prefix, RandomKey key)
        : spec(given), random(key), prefix_(std::move(prefix)) {}

    Error error(const std::string& key, const std::string& message) const;
    /// The value of `agents`, which must be given, in [1, most_agents].
    AgentId agents() const;
    /// The value of `survival`, in (0, 1].
    double survival() const;
    /// The number `key`, in [0, 1].
    double probability(const std::string& key) const;
    /// The value of `degree`, even and in [2, agents).
    std::int64_t even_degree(AgentId agents) const;
    /// The value of `degree`, in [1, agents).
    std::int64_t degree_below(AgentId agents) const;
    /// The integer `key`, given or with a default, in [least, most].
    std::int64_t count(const std::string& key, std::int64_t least,
                       std::int64_t most = most_agents) const;
    /// The same, or `otherwise` where the key is not given.
    std::int64_t count_or(std::int64_t otherwise, const std::string& key, std::int64_t least) const;
    /// The number `key`, which is positive.
    double capacity(const std::string& key) const;
    /// Checks and returns the number of vertices of a graph whose parameters determine it. The
    /// number is at most most_agents, and equals `agents` where that is given. `key`, `value`: the
    /// parameter that the error names.
    AgentId sized(const std::string& key, const std::string& value, AgentId hosts,
                  AgentId switches = 0) const;

    const Spec& spec;
    const RandomKey random;

  private:
    std::string prefix_;
};

/// Collects arcs and hands them to the sink a few thousand at a time. Call `finish` at the end.
class ArcBatch {
  public:
    explicit ArcBatch(const ArcSink& sink) : sink_(sink), arcs_(capacity) {}

    void add(const Arc& arc) {
        arcs_[size_] = arc;
        if (++size_ == capacity) finish();
    }
    void finish() {
        if (size_ > 0) sink_(std::span<const Arc>(arcs_.data(), size_));
        size_ = 0;
    }

  private:
    static constexpr std::size_t capacity = 4096;
    const ArcSink& sink_;
    std::vector<Arc> arcs_;
    std::size_t size_ = 0;
};

/// Undirected edges of weight 1 and one survival, each as two arcs.
class EdgeBatch {
  public:
    EdgeBatch(const ArcSink& sink, double survival) : batch_(sink), survival_(survival) {}

    void add(AgentId a, AgentId b) {
        batch_.add({a, b, 1.0, survival_});
        batch_.add({b, a, 1.0, survival_});
    }
    void finish() { batch_.finish(); }

  private:
    ArcBatch batch_;
    double survival_;
};

/// A topology that is symmetric, with all weights 1 and one survival.
class UniformTopology : public Topology {
  public:
    UniformTopology(AgentId agents, double survival, std::int64_t expected_arcs)
        : agents_(agents), survival_(survival), expected_arcs_(expected_arcs) {}

    AgentId agents() const final { return agents_; }
    Traits traits() const override {
        Traits traits;
        traits.symmetric_uniform = true;
        traits.survival = survival_;
        traits.expected_arcs = expected_arcs_;
        return traits;
    }

  protected:
    const AgentId agents_;
    const double survival_;
    std::int64_t expected_arcs_;
};

/// A uniform topology in which every agent computes its own neighbours; chunks are ranges of
/// agents.
class RowTopology : public UniformTopology {
  public:
    using UniformTopology::UniformTopology;

    bool has_rows() const override { return true; }
    void row(AgentId agent, std::vector<AgentId>& neighbours) const final;
    void arcs(std::int64_t chunk, std::int64_t chunks, const ArcSink& sink) const override;

  protected:
    /// Appends the sorted distinct neighbours to the empty `neighbours`.
    virtual void fill(AgentId agent, std::vector<AgentId>& neighbours) const = 0;
};

/// Builds the topology of the generator that `arguments.spec` names (no file).
std::unique_ptr<Topology> make_generator(const Arguments& arguments);

}  // namespace motley::topology

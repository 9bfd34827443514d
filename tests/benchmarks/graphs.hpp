// The graphs of the benchmarks. Every program makes them with motley's own topology library.
#pragma once

#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include "motley/core/error.hpp"
#include "motley/core/random.hpp"
#include "motley/topology/topology.hpp"

namespace motley::benchmarks {

/// A directed graph made from another one: a random half of its arcs is left out, and the others
/// get random weights. It has the locality of the other graph.
class WeightedDirected final : public topology::Topology {
  public:
    WeightedDirected(std::unique_ptr<topology::Topology> base, std::uint64_t seed)
        : base_(std::move(base)), seed_(seed) {}

    AgentId agents() const override { return base_->agents(); }
    topology::Traits traits() const override {
        topology::Traits traits = base_->traits();
        traits.symmetric_uniform = false;
        traits.expected_arcs /= 2;
        return traits;
    }
    void arcs(std::int64_t chunk, std::int64_t chunks,
              const topology::ArcSink& sink) const override {
        std::vector<topology::Arc> kept;
        base_->arcs(chunk, chunks, [&](std::span<const topology::Arc> batch) {
            kept.clear();
            for (topology::Arc arc : batch) {
                const Random random(seed_, Stream::statistics,
                                    static_cast<std::uint64_t>(arc.source * agents() + arc.target));
                if (random.uniform(0) < 0.5) continue;
                arc.weight = 0.5 + random.uniform(1);
                kept.push_back(arc);
            }
            if (!kept.empty()) sink(kept);
        });
    }

  private:
    std::unique_ptr<topology::Topology> base_;
    std::uint64_t seed_;
};

/// `name` is torus (Moore neighbourhood, 8 neighbours), small-world (rewire 0.1), random-regular,
/// weighted (directed, half the arcs of a small world of twice the degree), or complete.
inline std::unique_ptr<topology::Topology> make_graph(const std::string& name, AgentId agents,
                                                      std::int64_t degree, std::uint64_t seed) {
    topology::Spec spec;
    spec.agents = agents;
    spec.set("degree", degree);
    spec.seed = seed;
    if (name == "torus") {
        const auto side =
            static_cast<AgentId>(std::llround(std::sqrt(static_cast<double>(agents))));
        if (side * side != agents) throw usage_error("a torus needs a square number of agents");
        spec.generator = "torus";
        spec.agents.reset();
        spec.set("shape", {side, side});
        spec.set("neighbourhood", "moore");
    } else if (name == "small-world" || name == "weighted") {
        spec.generator = "watts-strogatz";
        spec.set("rewire", 0.1);
        if (name == "weighted") spec.set("degree", 2 * degree);
    } else if (name == "random-regular" || name == "complete") {
        spec.generator = name;
    } else {
        throw usage_error("unknown graph '" + name +
                          "'; one of torus, small-world, random-regular, weighted, complete");
    }
    auto graph = topology::make(spec);
    if (name != "weighted") return graph;
    return std::make_unique<WeightedDirected>(std::move(graph), seed);
}

}  // namespace motley::benchmarks

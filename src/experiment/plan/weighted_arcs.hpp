// A topology as the network stores it where weights may change (network::ArcStorage::weighted).
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "motley/topology/topology.hpp"

namespace motley::experiment {

/// The same arcs, each of which is stored with a weight of its own.
class WeightedArcs final : public topology::Topology {
  public:
    explicit WeightedArcs(std::unique_ptr<topology::Topology> whole) : whole_(std::move(whole)) {}

    AgentId agents() const override { return whole_->agents(); }
    AgentId hosts() const override { return whole_->hosts(); }
    topology::Traits traits() const override {
        topology::Traits traits = whole_->traits();
        traits.symmetric_uniform = traits.complete = false;
        return traits;
    }
    void arcs(std::int64_t chunk, std::int64_t chunks,
              const topology::ArcSink& sink) const override {
        whole_->arcs(chunk, chunks, sink);
    }
    topology::Link link(AgentId a, AgentId b) const override { return whole_->link(a, b); }
    const std::vector<std::string>& names() const override { return whole_->names(); }
    const std::vector<topology::Level>& levels() const override { return whole_->levels(); }

  private:
    std::unique_ptr<topology::Topology> whole_;
};

}  // namespace motley::experiment

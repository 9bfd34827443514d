// The throughput of a model whose layers are spread over unlike devices and links.
#pragma once

#include <vector>

#include "motley/redesign/fabric/fabric_graph.hpp"

namespace motley::serving {

/// A host that holds layers first, ..., last of the model.
struct Stage {
    int vertex = 0;
    int first = 0, last = 0;  ///< counted from 0
    double rate = 0.0;        ///< units/s that it passes through its layers
};

struct Pipeline {
    int layers = 1;
    std::vector<Stage> stages = {};  ///< at most one per vertex
    /// The vertex at which units (requests, tokens) start and end; -1: at any first and last stage,
    /// at no cost.
    int coordinator = -1;
    /// What a unit takes of a channel's capacity, in its unit times seconds: between stages, and
    /// from and to the coordinator.
    double stage_amount = 0.0;
    double coordinator_amount = 0.0;
    /// Whether a unit may enter a stage whose first layers it has already passed elsewhere.
    bool partial = true;
};

struct PipelineOutcome {
    double low = 0.0;                    ///< units/s that the given flows carry
    double high = 0.0;                   ///< no flow carries more: bound by duals
    std::vector<double> channel_units;   ///< per channel of the graph: units/s
    std::vector<double> loads;           ///< per channel: in the unit of capacity
    std::vector<double> stage_units;     ///< per stage: units/s
    std::vector<double> channel_prices;  ///< per channel: d throughput / d capacity
    std::vector<double> stage_prices;    ///< per stage: d throughput / d rate
    /// What limits the throughput: stages and channels with a price. Their prices times rates and
    /// capacities sum to the throughput; where links are direct they are a minimum cut.
    std::vector<int> cut_stages, cut_channels;
};

/// The most units/s. A unit passes all layers in order: it leaves a stage with its last layer done
/// and enters one that holds the next layer. Hosts pass on nothing of others, switches do. Routing
/// is the best one; there is one commodity per number of layers done. With direct links this is the
/// maximum flow of Helix (Y. Mei et al. 2024, arXiv:2406.01566). Usage error: a stage on no vertex,
/// without layers of the model, or with a negative rate; two stages on one vertex; a coordinator on
/// no vertex or on a stage; a negative amount.
PipelineOutcome pipeline_throughput(const fabric::FabricGraph& graph, const Pipeline& pipeline);

}  // namespace motley::serving

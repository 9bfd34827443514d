#include "design_pipeline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "motley/core/index.hpp"

namespace motley::redesign {
namespace {

/// Stages that are alike have one number, from 0 up.
std::vector<int> kinds_of(const job::DesignPipeline& pipeline) {
    std::map<std::tuple<int, int, double>, int> known;
    std::vector<int> kinds;
    for (const serving::Stage& stage : pipeline.model.stages) {
        const auto key = std::tuple(stage.first, stage.last, stage.rate);
        kinds.push_back(known.try_emplace(key, static_cast<int>(known.size())).first->second);
    }
    return kinds;
}

serving::Outcome nothing_served(const fabric::FabricGraph& left) {
    serving::Outcome out;
    out.loads.assign(left.channels().size(), 0.0);
    out.prices.assign(left.channels().size(), 0.0);
    return out;
}

serving::PipelineOutcome throughput_on(const DesignFabric& design,
                                       const fabric::FabricGraph& left) {
    serving::Pipeline pipeline = *design.pipeline;
    std::erase_if(pipeline.stages,
                  [&](const serving::Stage& stage) { return !left.alive(stage.vertex); });
    return serving::pipeline_throughput(left, pipeline);
}

serving::Outcome outcome_of(const serving::PipelineOutcome& found, const fabric::FabricGraph& graph,
                            double demand) {
    serving::Outcome out;
    out.low = std::max(0.0, found.low / demand);
    out.high = std::max(0.0, found.high / demand);
    out.loads = found.loads;
    double dearest = 0.0;
    for (std::size_t c = 0; c < found.channel_prices.size(); ++c) {
        out.prices.push_back(found.channel_prices[c] / demand);
        const double worth = out.prices[c] * graph.channels()[c].capacity;
        if (worth <= dearest) continue;
        dearest = worth;
        out.bottleneck = static_cast<int>(c);
    }
    return out;
}

/// What limits the throughput, and its share in it: prices times rates and capacities sum to it.
std::vector<std::pair<std::string, double>> cut_of(const job::DesignPipeline& stages,
                                                   const DesignFabric& design,
                                                   const serving::PipelineOutcome& found) {
    std::vector<std::pair<std::string, double>> out;
    if (!(found.low > 0.0)) return out;
    for (const int s : found.cut_stages) {
        const double worth = found.stage_prices[at(s)] * design.pipeline->stages[at(s)].rate;
        out.emplace_back("stage " + stages.nodes[at(s)], worth / found.low);
    }
    for (const int c : found.cut_channels) {
        const fabric::Channel& channel = design.graph.channels()[at(c)];
        out.emplace_back(design.graph.name(channel),
                         found.channel_prices[at(c)] * channel.capacity / found.low);
    }
    return out;
}

/// The data that leave stages and coordinator when the demand is served, in GB/s.
double traffic_of(const DesignFabric& design, const serving::PipelineOutcome& found) {
    double sum = 0.0;
    for (std::size_t c = 0; c < found.loads.size(); ++c) {
        if (design.graph.is_host(design.graph.channels()[c].source)) sum += found.loads[c];
    }
    return found.low > 0.0 ? sum * design.link * design.demand / found.low : 0.0;
}

}  // namespace

DesignFabric pipeline_fabric(const job::Redesign& job, const job::DesignSpec& spec) {
    const auto index = static_cast<std::size_t>(&spec - job.designs.data());
    const job::DesignPipeline& stages = job.pipelines[index];
    DesignFabric out(*topology::make(*spec.topology));
    out.name = spec.name;
    out.link = spec.link;
    out.failures = spec.failures;
    out.demand = job.problem.tasks.front().demand;
    out.pipeline = stages.model;
    const auto task =
        std::ranges::find_if(job.tasks, [](const job::TaskClass& each) { return each.layers > 0; });
    const double capacities = job.base_units.front() / (spec.link * 1e9);
    out.pipeline->stage_amount = task->stage_bytes.value_or(0.0) * capacities;
    out.pipeline->coordinator_amount = task->request_bytes.value_or(0.0) * capacities;
    out.system.hosts.resize(at(out.graph.hosts()));
    const std::vector<int> kinds = kinds_of(stages);
    for (std::size_t s = 0; s < kinds.size(); ++s) {
        const int vertex = stages.model.stages[s].vertex;
        out.system.hosts[at(vertex)] = {kinds[s], vertex};
    }
    if (stages.model.coordinator >= 0) {
        const int other = static_cast<int>(kinds.size());
        out.system.hosts[at(stages.model.coordinator)] = {other, stages.model.coordinator};
    }
    const std::string name =
        spec.topology->generator.empty() ? spec.topology->file : spec.topology->generator;
    out.text = fmt::format("{}, {} hosts", name, out.graph.hosts());
    return out;
}

serving::Outcome serve_pipeline(const DesignFabric& design, const fabric::FabricGraph& left) {
    const int coordinator = design.pipeline->coordinator;
    if (coordinator >= 0 && !left.alive(coordinator)) return nothing_served(left);
    return outcome_of(throughput_on(design, left), left, design.demand);
}

PipelineResult pipeline_result(const job::Redesign& job, const DesignFabric& design,
                               serving::Outcome& whole) {
    const serving::PipelineOutcome found = throughput_on(design, design.graph);
    whole = outcome_of(found, design.graph, design.demand);
    PipelineResult out;
    out.throughput = {std::max(0.0, found.low), std::max(0.0, found.high)};
    out.traffic = traffic_of(design, found);
    out.carried = found.channel_units;
    const job::DesignPipeline* stages = nullptr;
    for (std::size_t i = 0; i < job.pipelines.size(); ++i) {
        const auto& given = job.designs[i];
        if (given.name == design.name) stages = &job.pipelines[i];
    }
    out.cut = cut_of(*stages, design, found);
    for (std::size_t s = 0; s < stages->nodes.size(); ++s) {
        const serving::Stage& stage = design.pipeline->stages[s];
        out.stages.push_back({stages->nodes[s], stages->types[s], stage.first + 1, stage.last + 1,
                              stage.rate, found.stage_units[s], found.stage_prices[s]});
    }
    return out;
}

void limit_by_pipeline(const job::Redesign& job, DesignResult& design) {
    if (!design.network.pipeline) return;
    const PipelineResult& pipeline = *design.network.pipeline;
    constexpr double none = fleet::unknown;
    design.gain = {none, none, none, none, none, none, none};
    std::ranges::fill(design.throughput.device_worth, fleet::unknown);
    const double load = design.theta() > 1.0 ? 1.0 / design.theta() : 1.0;
    design.power = 0.0;
    for (const StageResult& stage : pipeline.stages) {
        const fleet::Device& device = job.problem.devices[stage.type];
        const double busy = stage.rate > 0.0 ? load * stage.units / stage.rate : 0.0;
        design.power += device.power_idle + busy * (device.power_busy - device.power_idle);
    }
    design.pooled_wait = fleet::unknown;
    // A device of a pipeline is a node.
    fleet::Loss loss{fleet::unknown, fleet::unknown, -1};
    for (const FabricLoss& each : design.network.losses) {
        if (each.part != "node" || each.tried == 0) continue;
        loss.theta = each.theta;
        for (const StageResult& stage : pipeline.stages) {
            if (each.worst == "node of host " + stage.node)
                loss.type = static_cast<int>(stage.type);
        }
    }
    design.losses = {};
    design.losses.device = design.losses.node = loss;
    std::string text;
    for (const auto& [name, share] : pipeline.cut) text += (text.empty() ? "" : ", ") + name;
    design.network.bottleneck = text;
}

}  // namespace motley::redesign

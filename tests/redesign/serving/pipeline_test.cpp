// Pipelines against an independent maximum flow, closed forms and finite differences.
#include "motley/redesign/serving/pipeline.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <queue>

#include "motley/core/error.hpp"
#include "systems.hpp"

namespace motley::serving {
namespace {

using test::Draws;

/// Maximum flow by shortest augmenting paths (J. Edmonds, R. Karp 1972).
class MaximumFlow {
  public:
    explicit MaximumFlow(std::size_t vertices) : rest_(vertices, std::vector<double>(vertices)) {}
    void add(std::size_t from, std::size_t to, double capacity) { rest_[from][to] += capacity; }

    double run(std::size_t source, std::size_t target) {
        double total = 0.0;
        while (true) {
            std::vector<std::size_t> before(rest_.size(), rest_.size());
            std::queue<std::size_t> open({source});
            before[source] = source;
            while (!open.empty()) {
                const std::size_t v = open.front();
                open.pop();
                for (std::size_t w = 0; w < rest_.size(); ++w) {
                    if (rest_[v][w] <= 1e-13 || before[w] != rest_.size()) continue;
                    before[w] = v;
                    open.push(w);
                }
            }
            if (before[target] == rest_.size()) return total;
            double most = std::numeric_limits<double>::infinity();
            for (auto v = target; v != source; v = before[v]) {
                most = std::min(most, rest_[before[v]][v]);
            }
            for (auto v = target; v != source; v = before[v]) {
                rest_[before[v]][v] -= most;
                rest_[v][before[v]] += most;
            }
            total += most;
        }
    }

  private:
    std::vector<std::vector<double>> rest_;
};

struct PipelineCase {
    fabric::FabricGraph graph;
    Pipeline pipeline;
};

/// Hosts with direct links of unlike capacities and unlike runs of layers; the last host is the
/// coordinator where there is one.
PipelineCase random_case(std::uint64_t id) {
    Draws draws(id);
    const int hosts = 4 + draws.below(9);
    Pipeline pipeline{.layers = 2 + draws.below(5),
                      .stage_amount = draws.between(0.5, 2.0),
                      .coordinator_amount = draws.between(0.05, 0.4),
                      .partial = draws.chance(0.7)};
    if (draws.chance(0.7)) pipeline.coordinator = hosts - 1;
    for (int h = 0; h < hosts; ++h) {
        if (h == pipeline.coordinator) continue;
        const int first = draws.chance(0.4) ? 0 : draws.below(pipeline.layers);
        const int last = first + draws.below(pipeline.layers - first);
        pipeline.stages.push_back({h, first, last, draws.between(0.1, 4.0)});
    }
    std::vector<fabric::Channel> channels;
    for (int a = 0; a < hosts; ++a) {
        for (int b = 0; b < hosts; ++b) {
            if (a != b && draws.chance(0.7)) channels.push_back({a, b, draws.between(0.1, 3.0)});
        }
    }
    return {fabric::FabricGraph(hosts, hosts, channels), pipeline};
}

double by_maximum_flow(const fabric::FabricGraph& graph, const Pipeline& pipeline) {
    const auto hosts = static_cast<std::size_t>(graph.hosts());
    const std::size_t source = 2 * hosts, target = 2 * hosts + 1;
    MaximumFlow flow(2 * hosts + 2);
    std::vector<const Stage*> stage(hosts, nullptr);
    for (const Stage& each : pipeline.stages) stage[static_cast<std::size_t>(each.vertex)] = &each;
    const auto enters = [&](const Stage& to, int next) {
        return pipeline.partial ? to.first <= next && next <= to.last : next == to.first;
    };
    for (std::size_t h = 0; h < hosts; ++h) {
        if (stage[h] == nullptr) continue;
        flow.add(2 * h, 2 * h + 1, stage[h]->rate);
        if (pipeline.coordinator >= 0) continue;
        if (enters(*stage[h], 0)) flow.add(source, 2 * h, 1e3);
        if (stage[h]->last + 1 == pipeline.layers) flow.add(2 * h + 1, target, 1e3);
    }
    for (const auto& channel : graph.channels()) {
        const auto a = static_cast<std::size_t>(channel.source);
        const auto b = static_cast<std::size_t>(channel.target);
        if (channel.source == pipeline.coordinator) {
            const double units = channel.capacity / pipeline.coordinator_amount;
            if (enters(*stage[b], 0)) flow.add(source, 2 * b, units);
        } else if (channel.target == pipeline.coordinator) {
            const double units = channel.capacity / pipeline.coordinator_amount;
            if (stage[a]->last + 1 == pipeline.layers) flow.add(2 * a + 1, target, units);
        } else if (stage[a]->last + 1 < pipeline.layers && enters(*stage[b], stage[a]->last + 1)) {
            flow.add(2 * a + 1, 2 * b, channel.capacity / pipeline.stage_amount);
        }
    }
    return flow.run(source, target);
}

TEST(Pipeline, DirectLinksAreAMaximumFlow) {
    int carried = 0, by_links = 0;
    for (std::uint64_t id = 0; id < 200; ++id) {
        const auto [graph, pipeline] = random_case(id);
        const double most = by_maximum_flow(graph, pipeline);
        const PipelineOutcome outcome = pipeline_throughput(graph, pipeline);
        EXPECT_NEAR(outcome.low, most, 1e-9 * most) << id;
        EXPECT_NEAR(outcome.high, most, 1e-9 * most + 1e-12) << id;
        double cut = 0.0;
        for (const int s : outcome.cut_stages) {
            const auto i = static_cast<std::size_t>(s);
            cut += outcome.stage_prices[i] * pipeline.stages[i].rate;
            EXPECT_NEAR(outcome.stage_units[i], pipeline.stages[i].rate, 1e-9) << id;
        }
        for (const int c : outcome.cut_channels) {
            const auto i = static_cast<std::size_t>(c);
            cut += outcome.channel_prices[i] * graph.channels()[i].capacity;
            EXPECT_NEAR(outcome.loads[i], graph.channels()[i].capacity, 1e-9) << id;
        }
        EXPECT_NEAR(cut, most, 1e-8 * most + 1e-12) << id;
        carried += most > 0.0 ? 1 : 0;
        by_links += outcome.cut_channels.empty() ? 0 : 1;
    }
    EXPECT_GT(carried, 120);
    EXPECT_GT(by_links, 60);
}

/// Coordinator 0, stages 1 and 2, all on switch 3 with ports of capacity 1: the port from the first
/// stage carries the activations, those of the coordinator the tokens.
TEST(Pipeline, SwitchesPassOnAndPortsAreShared) {
    std::vector<fabric::Channel> channels;
    for (int h = 0; h < 3; ++h) {
        channels.push_back({h, 3, 1.0});
        channels.push_back({3, h, 1.0});
    }
    const fabric::FabricGraph graph(3, 4, channels);
    Pipeline pipeline{.layers = 8,
                      .stages = {{1, 0, 3, 10.0}, {2, 4, 7, 10.0}},
                      .coordinator = 0,
                      .stage_amount = 0.25,
                      .coordinator_amount = 0.01};
    auto outcome = pipeline_throughput(graph, pipeline);
    EXPECT_NEAR(outcome.low, 4.0, 1e-12);
    // Either port of the activations is a minimum cut.
    ASSERT_EQ(outcome.cut_channels.size(), 1u);
    const auto& channel = graph.channels()[static_cast<std::size_t>(outcome.cut_channels[0])];
    EXPECT_TRUE((channel.source == 1 && channel.target == 3) ||
                (channel.source == 3 && channel.target == 2));
    pipeline.coordinator_amount = 0.5;
    EXPECT_NEAR(pipeline_throughput(graph, pipeline).low, 2.0, 1e-12);
    pipeline.stages[0].rate = 1.5;
    outcome = pipeline_throughput(graph, pipeline);
    EXPECT_NEAR(outcome.low, 1.5, 1e-12);
    EXPECT_EQ(outcome.cut_stages, std::vector<int>{0});
}

/// Hosts do not pass on the units of others: a line coordinator - A - B where B cannot reach the
/// coordinator back carries nothing.
TEST(Pipeline, HostsPassOnNothing) {
    const fabric::FabricGraph line(3, 3, {{0, 1, 1.0}, {1, 0, 1.0}, {1, 2, 1.0}, {2, 1, 1.0}});
    Pipeline pipeline{.layers = 2,
                      .stages = {{1, 0, 0, 1.0}, {2, 1, 1, 1.0}},
                      .coordinator = 0,
                      .stage_amount = 0.1,
                      .coordinator_amount = 0.1};
    EXPECT_EQ(pipeline_throughput(line, pipeline).low, 0.0);
    pipeline.coordinator = -1;
    EXPECT_NEAR(pipeline_throughput(line, pipeline).low, 1.0, 1e-12);
}

/// A unit that has passed layers 0 to 2 may enter a stage of layers 2 to 5 only where it may skip.
TEST(Pipeline, PartialRuns) {
    const fabric::FabricGraph graph(2, 2, {{0, 1, 1.0}, {1, 0, 1.0}});
    Pipeline pipeline{.layers = 6, .stages = {{0, 0, 2, 3.0}, {1, 2, 5, 2.0}}, .stage_amount = 0.1};
    EXPECT_NEAR(pipeline_throughput(graph, pipeline).low, 2.0, 1e-12);
    pipeline.partial = false;
    EXPECT_EQ(pipeline_throughput(graph, pipeline).low, 0.0);
}

TEST(Pipeline, PricesAreDerivatives) {
    int priced = 0;
    for (std::uint64_t id = 300; id < 330; ++id) {
        auto [graph, pipeline] = random_case(id);
        const PipelineOutcome outcome = pipeline_throughput(graph, pipeline);
        for (std::size_t c = 0; c < graph.channels().size(); ++c) {
            const double step = 1e-5;
            const auto with = [&](double change) {
                auto channels = graph.channels();
                channels[c].capacity += change;
                return pipeline_throughput({graph.hosts(), graph.vertices(), channels}, pipeline)
                    .low;
            };
            const double up = (with(step) - outcome.low) / step;
            const double down = (outcome.low - with(-step)) / step;
            // A price is between the derivatives on both sides, which differ at kinks.
            EXPECT_GE(outcome.channel_prices[c], std::min(up, down) - 1e-6) << id;
            EXPECT_LE(outcome.channel_prices[c], std::max(up, down) + 1e-6) << id;
            priced += outcome.channel_prices[c] > 0.0 ? 1 : 0;
        }
    }
    EXPECT_GT(priced, 10);
}

TEST(Pipeline, RefusesWhatIsNoPipeline) {
    const fabric::FabricGraph graph(2, 2, {{0, 1, 1.0}, {1, 0, 1.0}});
    const auto refuses = [&](const Pipeline& pipeline) {
        EXPECT_THROW(pipeline_throughput(graph, pipeline), Error);
    };
    refuses({.layers = 0});
    refuses({.layers = 2, .stages = {{5, 0, 1, 1.0}}});
    refuses({.layers = 2, .stages = {{0, 0, 2, 1.0}}});
    refuses({.layers = 2, .stages = {{0, 0, 1, 1.0}, {0, 0, 1, 1.0}}});
    refuses({.layers = 2, .stages = {{0, 0, 1, 1.0}}, .coordinator = 0});
    refuses({.layers = 2, .stages = {{0, 0, 1, -1.0}}});
    refuses({.layers = 2, .stages = {}, .stage_amount = -1.0});
}

}  // namespace
}  // namespace motley::serving

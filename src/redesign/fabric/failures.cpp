// Single failures one by one, and random failures of several links.
#include "motley/redesign/fabric/failures.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "motley/core/error.hpp"
#include "motley/core/exact_sum.hpp"
#include "motley/core/random.hpp"

namespace motley::fabric {
namespace {

std::vector<Failure> single_vertices(const FabricGraph& graph, int begin, int end) {
    std::vector<Failure> failures;
    for (int v = begin; v < end; ++v) {
        if (graph.alive(v)) failures.push_back({.vertices = {v}, .name = graph.name(v)});
    }
    return failures;
}

std::vector<Failure> racks(const FabricGraph& graph) {
    std::vector<Failure> failures;
    for (auto& hosts : nodes_of(graph)) {
        const int leaf = leaf_of(graph, hosts.front());
        if (leaf < 0) continue;
        hosts.push_back(leaf);
        failures.push_back(
            {.vertices = std::move(hosts), .name = fmt::format("rack of {}", graph.name(leaf))});
    }
    return failures;
}

Failure of_link(const FabricGraph& graph, std::pair<int, int> link) {
    return {.links = {link},
            .name = fmt::format("link {} - {}", graph.name(link.first), graph.name(link.second))};
}

/// The demands whose target can be reached. Sets `lost` to the number of others.
Traffic reachable(const FabricGraph& graph, const Traffic& traffic, int& lost) {
    std::vector<Demand> kept;
    std::vector<char> seen;
    std::vector<int> open;
    int source = -1;
    for (const Demand& demand : traffic.demands()) {  // sorted by source
        if (demand.source != source) {
            source = demand.source;
            seen.assign(static_cast<std::size_t>(graph.vertices()), 0);
            seen[static_cast<std::size_t>(source)] = 1;
            open = {source};
            while (!open.empty()) {
                const int vertex = open.back();
                open.pop_back();
                for (const Channel& channel : graph.from(vertex)) {
                    char& mark = seen[static_cast<std::size_t>(channel.target)];
                    if (mark == 0) open.push_back(channel.target);
                    mark = 1;
                }
            }
        }
        if (seen[static_cast<std::size_t>(demand.target)] != 0) kept.push_back(demand);
    }
    lost = static_cast<int>(traffic.demands().size() - kept.size());
    return Traffic(std::move(kept));
}

}  // namespace

const char* name_of(FabricPart part) {
    switch (part) {
        case FabricPart::link:
            return "link";
        case FabricPart::switches:
            return "switch";
        case FabricPart::host:
            return "host";
        case FabricPart::rack:
            return "rack";
    }
    throw internal_error("unknown part of a fabric");
}

std::vector<Failure> every(const FabricGraph& graph, FabricPart part) {
    if (part == FabricPart::host) return single_vertices(graph, 0, graph.hosts());
    if (part == FabricPart::switches)
        return single_vertices(graph, graph.hosts(), graph.vertices());
    if (part == FabricPart::rack) return racks(graph);
    std::vector<Failure> failures;
    for (const auto& link : graph.links()) failures.push_back(of_link(graph, link));
    return failures;
}

Failure random_links(const FabricGraph& graph, Links kind, int count, std::uint64_t seed,
                     std::uint64_t number) {
    auto links = graph.links();
    if (kind == Links::between_switches) {
        std::erase_if(links, [&](const auto& link) { return graph.is_host(link.first); });
    }
    if (count < 0 || static_cast<std::size_t>(count) > links.size()) {
        throw usage_error(
            fmt::format("failures: {} links cannot fail together, the fabric has {}{}", count,
                        links.size(), kind == Links::all ? "" : " between switches"));
    }
    const Random random(seed, Stream::outage, number);
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
        const auto draw = random.below(links.size() - i, static_cast<std::uint32_t>(i));
        std::swap(links[i], links[i + static_cast<std::size_t>(draw)]);
    }
    links.resize(static_cast<std::size_t>(count));
    std::sort(links.begin(), links.end());
    return {.links = std::move(links), .name = fmt::format("{} links, sample {}", count, number)};
}

FailureOutcome after(const FabricGraph& graph, const Traffic& traffic, Failure failure,
                     FlowBounds bounds, const FlowOptions& options) {
    FailureOutcome outcome;
    const FabricGraph rest = graph.without(failure);
    const Traffic left = reachable(rest, traffic.between_alive(rest), outcome.disconnected);
    outcome.failure = std::move(failure);
    const double total = traffic.total();
    outcome.served = total > 0.0 ? left.total() / total : 1.0;
    outcome.ecmp = ecmp(rest, left).throughput;
    if (bounds == FlowBounds::computed) outcome.optimum = concurrent_flow(rest, left, options);
    return outcome;
}

Robustness survey(const FabricGraph& graph, const Traffic& traffic,
                  const std::vector<Failure>& failures, FlowBounds bounds,
                  const FlowOptions& options) {
    Robustness result;
    ExactSum sum;
    const auto delivered = [](const FailureOutcome& outcome) {
        return outcome.served > 0.0 ? outcome.served * outcome.ecmp : 0.0;
    };
    for (const Failure& failure : failures) {
        result.outcomes.push_back(after(graph, traffic, failure, bounds, options));
        const FailureOutcome& last = result.outcomes.back();
        sum.add(delivered(last));
        if (last.disconnected > 0) ++result.disconnecting;
        if (delivered(last) < delivered(result.outcomes[result.worst])) {
            result.worst = result.outcomes.size() - 1;
        }
    }
    if (!failures.empty()) result.mean = sum.value() / static_cast<double>(failures.size());
    return result;
}

}  // namespace motley::fabric

// motley topology NAME --traffic PATTERN: prints the throughput of a fabric as tables.
#include "traffic_tables.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <utility>
#include <vector>

#include "motley/core/error.hpp"
#include "motley/redesign/fabric/assessment.hpp"
#include "motley/redesign/fabric/attack.hpp"
#include "output.hpp"

namespace motley::cli {
namespace {

using Named = std::pair<std::string, fabric::Traffic>;

std::vector<Named> all_reduces(const fabric::FabricGraph& graph) {
    using fabric::Collective;
    const auto hosts = fabric::alive_hosts(graph);
    std::vector<Named> all = {
        {"ring", collective(Collective::ring_all_reduce, hosts, 1.0)},
        {"tree", collective(Collective::tree_all_reduce, hosts, 1.0)},
        {"halving-doubling", collective(Collective::halving_doubling_all_reduce, hosts, 1.0)}};
    const auto nodes = fabric::nodes_of(graph);
    const auto same = [&](const auto& node) { return node.size() == nodes.front().size(); };
    if (nodes.size() > 1 && nodes.front().size() > 1 &&
        std::all_of(nodes.begin(), nodes.end(), same)) {
        all.emplace_back(fmt::format("hierarchical, {} x {}", nodes.size(), nodes.front().size()),
                         fabric::hierarchical_all_reduce(nodes, 1.0));
    }
    return all;
}

std::vector<Named> traffics(const fabric::FabricGraph& graph, const TrafficOptions& options) {
    const auto hosts = fabric::alive_hosts(graph);
    if (options.pattern == "all-reduce") return all_reduces(graph);
    if (options.pattern == "all-to-all") return {{"all-to-all", fabric::all_to_all(hosts)}};
    std::vector<Named> all;
    for (int i = 0; i < options.samples; ++i) {
        all.emplace_back(fmt::format("permutation {}", i),
                         fabric::permutation(hosts, options.seed, static_cast<std::uint64_t>(i)));
    }
    return all;
}

std::string channel_name(const fabric::FabricGraph& graph, int channel) {
    if (channel < 0) return "none";
    return graph.name(graph.channels()[static_cast<std::size_t>(channel)]);
}

std::string throughput_table(const fabric::FabricGraph& graph, const std::vector<Named>& all,
                             const fabric::FlowOptions& options) {
    std::vector<std::vector<std::string>> rows = {{"traffic", "at least", "at most", "ECMP",
                                                   "ECMP/at most", "hops", "dearest channel",
                                                   "ECMP's bottleneck"}};
    for (const auto& [name, traffic] : all) {
        const auto result = fabric::assess(graph, traffic, options);
        rows.push_back({name, fmt::format("{:.4f}", result.optimum.low),
                        fmt::format("{:.4f}", result.optimum.high),
                        fmt::format("{:.4f}", result.ecmp.throughput),
                        fmt::format("{:.4f}", result.efficiency()),
                        fmt::format("{:.3f}", result.ecmp.hops),
                        channel_name(graph, result.optimum.bottleneck),
                        channel_name(graph, result.ecmp.bottleneck)});
    }
    return table(rows);
}

fabric::FabricPart part_of(const std::string& name) {
    using fabric::FabricPart;
    for (const FabricPart part :
         {FabricPart::link, FabricPart::switches, FabricPart::host, FabricPart::rack}) {
        if (name == fabric::name_of(part)) return part;
    }
    throw internal_error("unknown part " + name);
}

std::string failure_lines(const fabric::FabricGraph& graph, const Named& first,
                          const std::string& part) {
    const auto failures = fabric::every(graph, part_of(part));
    if (failures.empty()) return fmt::format("\nno {} can fail: there is none\n", part);
    const auto result = fabric::survey(graph, first.second, failures, fabric::FlowBounds::computed);
    const auto& worst = result.outcomes[result.worst];
    return fmt::format(
        "\n{} under each of {} failures of one {} (ECMP throughput of the traffic that is left):\n"
        "  throughput x share served: mean {:.4f}, worst {:.4f}\n"
        "  worst: {}: ECMP {:.4f}, at least {:.4f}, at most {:.4f}, share served {:.4f}\n"
        "  failures that cut hosts in service off from one another: {}\n",
        first.first, failures.size(), part, result.mean, worst.served * worst.ecmp,
        worst.failure.name, worst.ecmp, worst.optimum.low, worst.optimum.high, worst.served,
        result.disconnecting);
}

std::string attack_table(const fabric::FabricGraph& graph, const Named& first,
                         const TrafficOptions& options) {
    using fabric::AttackOrder;
    const auto parts = fabric::every(graph, part_of(options.failures));
    if (parts.empty()) return fmt::format("\nno {} can fail: there is none\n", options.failures);
    std::vector<fabric::AttackCurve> curves;
    for (const AttackOrder order : {AttackOrder::random, AttackOrder::degree, AttackOrder::load}) {
        if (options.attack != "all" && options.attack != fabric::name_of(order)) continue;
        curves.push_back(fabric::attack(
            graph, first.second, parts, order,
            {.points = options.points, .replicates = options.replicates, .seed = options.seed}));
    }
    std::vector<std::vector<std::string>> rows = {{"share taken"}};
    for (const auto& curve : curves) {
        rows.front().push_back(fmt::format("{}: left", fabric::name_of(curve.order)));
        rows.front().push_back("giant");
    }
    for (std::size_t j = 0; j < curves.front().points.size(); ++j) {
        rows.push_back({fmt::format("{:.3f}", curves.front().points[j].share)});
        for (const auto& curve : curves) {
            rows.back().push_back(fmt::format("{:.4f}", curve.points[j].left));
            rows.back().push_back(fmt::format("{:.4f}", curve.points[j].giant));
        }
    }
    rows.push_back({"R-index"});
    rows.push_back({"giant falls at"});
    for (const auto& curve : curves) {
        rows[rows.size() - 2].insert(rows[rows.size() - 2].end(),
                                     {fmt::format("{:.4f}", curve.r_index), ""});
        rows.back().insert(rows.back().end(), {"", fmt::format("{:.3f}", curve.threshold)});
    }
    return fmt::format(
               "\n{} while {} parts of the kind {} are taken away (left: what ECMP "
               "still carries of what it did; giant: hosts in the largest component)\n",
               first.first, parts.size(), options.failures) +
           table(rows);
}

}  // namespace

void add_traffic_options(CLI::App& command, TrafficOptions& options) {
    auto* traffic =
        command
            .add_option("--traffic", options.pattern, "What its hosts send, instead of statistics")
            ->check(CLI::IsMember({"all-to-all", "permutation", "all-reduce"}));
    command.add_option("--samples", options.samples, "Permutations")->check(CLI::Range(1, 10000));
    command.add_option("--seed", options.seed, "Seed of the permutations");
    command.add_option("--ratio", options.ratio, "Relative distance of the bounds to stop at")
        ->check(CLI::Range(1e-4, 1.0));
    command.add_option("--failures", options.failures, "Part that fails, one after the other: N-1")
        ->check(CLI::IsMember({"link", "switch", "host", "rack"}))
        ->needs(traffic);
    auto* failures = command.get_option("--failures");
    command
        .add_option("--attack", options.attack,
                    "Order in which more and more of these parts are taken away, instead of N-1")
        ->check(CLI::IsMember({"random", "degree", "load", "all"}))
        ->needs(failures);
    command.add_option("--points", options.points, "Points of an attack curve")
        ->check(CLI::Range(1, 10000));
    command.add_option("--replicates", options.replicates, "Drawn orders of a random attack")
        ->check(CLI::Range(1, 10000));
}

std::string traffic_tables(const topology::Topology& topology, const TrafficOptions& options) {
    const fabric::FabricGraph graph(topology);
    const auto all = traffics(graph, options);
    fabric::FlowOptions flow;
    flow.ratio = options.ratio;
    std::string text = fmt::format("{} hosts, {} switches, {} links\n", graph.hosts(),
                                   graph.vertices() - graph.hosts(), graph.links().size());
    text += options.pattern == "all-reduce"
                ? "throughput: all-reduces of one vector in the time in which a port of capacity 1 "
                  "sends it\n\n"
                : "throughput: share of what each host sends, 1 in all, that fits at the same "
                  "time\n\n";
    text += throughput_table(graph, all, flow);
    if (!options.attack.empty()) return text + attack_table(graph, all.front(), options);
    if (!options.failures.empty()) text += failure_lines(graph, all.front(), options.failures);
    return text;
}

}  // namespace motley::cli

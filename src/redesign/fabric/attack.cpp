#include "motley/redesign/fabric/attack.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "motley/core/random.hpp"
#include "motley/redesign/fabric/flow.hpp"

namespace motley::fabric {
namespace {

/// Sums a number per channel over the channels of a part, in both directions.
double over_channels(const FabricGraph& graph, const Failure& part,
                     const std::vector<double>& of_channel) {
    double sum = 0.0;
    const auto touches = [&](const Channel& channel) {
        for (const auto& [a, b] : part.links) {
            if (std::minmax(channel.source, channel.target) == std::minmax(a, b)) return true;
        }
        return std::ranges::count(part.vertices, channel.source) > 0 ||
               std::ranges::count(part.vertices, channel.target) > 0;
    };
    for (std::size_t c = 0; c < graph.channels().size(); ++c) {
        if (touches(graph.channels()[c])) sum += of_channel[c];
    }
    return sum;
}

double degree_of(const FabricGraph& graph, const Failure& part) {
    double sum = 0.0;
    for (const int vertex : part.vertices) {
        sum += static_cast<double>(graph.from(vertex).size());
    }
    for (const auto& [a, b] : part.links) {
        sum += static_cast<double>(graph.from(a).size() + graph.from(b).size());
    }
    return sum;
}

/// The numbers of the parts, first taken first.
std::vector<std::size_t> order_of(const FabricGraph& graph, const std::vector<Failure>& parts,
                                  AttackOrder order, const std::vector<double>& loads,
                                  std::uint64_t seed, int replicate) {
    std::vector<double> keys;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        switch (order) {
            case AttackOrder::random:
                keys.push_back(
                    Random(seed, Stream::attack, i).uniform(static_cast<std::uint32_t>(replicate)));
                break;
            case AttackOrder::degree:
                keys.push_back(-degree_of(graph, parts[i]));
                break;
            case AttackOrder::load:
                keys.push_back(-over_channels(graph, parts[i], loads));
                break;
        }
    }
    std::vector<std::size_t> numbers(parts.size());
    std::iota(numbers.begin(), numbers.end(), std::size_t{0});
    std::ranges::stable_sort(numbers, {}, [&](std::size_t i) { return keys[i]; });
    return numbers;
}

double giant_of(const FabricGraph& graph) {
    std::vector<char> seen(static_cast<std::size_t>(graph.vertices()), 0);
    std::vector<std::vector<int>> linked(static_cast<std::size_t>(graph.vertices()));
    for (const Channel& channel : graph.channels()) {
        linked[static_cast<std::size_t>(channel.source)].push_back(channel.target);
        linked[static_cast<std::size_t>(channel.target)].push_back(channel.source);
    }
    int most = 0;
    for (int first = 0; first < graph.hosts(); ++first) {
        if (!graph.alive(first) || seen[static_cast<std::size_t>(first)] != 0) continue;
        seen[static_cast<std::size_t>(first)] = 1;
        int hosts = 0;
        for (std::vector<int> open = {first}; !open.empty();) {
            const int vertex = open.back();
            open.pop_back();
            hosts += graph.is_host(vertex) ? 1 : 0;
            for (const int next : linked[static_cast<std::size_t>(vertex)]) {
                char& mark = seen[static_cast<std::size_t>(next)];
                if (mark == 0) open.push_back(next);
                mark = 1;
            }
        }
        most = std::max(most, hosts);
    }
    return static_cast<double>(most) / static_cast<double>(graph.hosts());
}

}  // namespace

const char* name_of(AttackOrder order) {
    constexpr const char* names[] = {"random", "degree", "load"};
    return names[static_cast<std::size_t>(order)];
}

AttackCurve attack(const FabricGraph& graph, const Traffic& traffic,
                   const std::vector<Failure>& parts, AttackOrder order,
                   const AttackOptions& options) {
    const Routed before = ecmp(graph, traffic);
    AttackCurve curve;
    curve.order = order;
    curve.points.resize(static_cast<std::size_t>(options.points));
    const int replicates = order == AttackOrder::random ? options.replicates : 1;
    const auto count = static_cast<double>(parts.size());
    for (int r = 0; r < replicates; ++r) {
        const auto numbers = order_of(graph, parts, order, before.loads, options.seed, r);
        Failure gone;
        std::size_t taken = 0;
        for (std::size_t j = 0; j < curve.points.size(); ++j) {
            AttackPoint& point = curve.points[j];
            const auto wanted = static_cast<std::size_t>(
                std::llround(static_cast<double>(j + 1) * count / options.points));
            for (; taken < wanted; ++taken) {
                const Failure& part = parts[numbers[taken]];
                gone.vertices.insert(gone.vertices.end(), part.vertices.begin(),
                                     part.vertices.end());
                gone.links.insert(gone.links.end(), part.links.begin(), part.links.end());
            }
            point.taken = static_cast<int>(taken);
            point.share = static_cast<double>(taken) / count;
            const FailureOutcome outcome = after(graph, traffic, gone, FlowBounds::skipped);
            const double rate = std::min(outcome.ecmp / before.throughput, 1.0);
            const double carried = outcome.served > 0.0 ? outcome.served * rate : 0.0;
            point.left += carried / replicates;
            point.giant += giant_of(graph.without(gone)) / replicates;
        }
    }
    double giant = giant_of(graph), steepest = 0.0;
    for (const AttackPoint& point : curve.points) {
        curve.r_index += point.left / options.points;
        if (giant - point.giant > steepest) {
            steepest = giant - point.giant;
            curve.threshold = point.share;
        }
        giant = point.giant;
    }
    return curve;
}

}  // namespace motley::fabric

// Makes capacity graphs from topologies, removes failed parts, and checks connectedness.
#include "motley/redesign/fabric/fabric_graph.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "motley/core/error.hpp"
#include "motley/core/expect.hpp"
#include "motley/core/index.hpp"

namespace motley::fabric {
namespace {

bool in_order(const Channel& a, const Channel& b) {
    return std::pair(a.source, a.target) < std::pair(b.source, b.target);
}

void check(const Channel& channel, int vertices) {
    const auto inside = [&](int vertex) { return vertex >= 0 && vertex < vertices; };
    const bool finite = channel.capacity <= std::numeric_limits<double>::max();
    if (inside(channel.source) && inside(channel.target) && channel.source != channel.target &&
        channel.capacity > 0.0 && finite) {
        return;
    }
    throw usage_error(
        fmt::format("fabric: channel {} -> {} of capacity {}: its ends must be two "
                    "of 0 to {}, and its capacity positive",
                    channel.source, channel.target, channel.capacity, vertices - 1));
}

enum class Direction { along, against };

/// Marks the vertices that `start` reaches along the channels, or against them.
std::vector<char> reached(const FabricGraph& graph, int start, Direction direction) {
    const bool backward = direction == Direction::against;
    std::vector<std::vector<int>> next(at(graph.vertices()));
    for (const Channel& channel : graph.channels()) {
        const auto [tail, head] = backward ? std::pair(channel.target, channel.source)
                                           : std::pair(channel.source, channel.target);
        next[at(tail)].push_back(head);
    }
    std::vector<char> seen(at(graph.vertices()), 0);
    std::vector<int> open = {start};
    seen[at(start)] = 1;
    while (!open.empty()) {
        const int vertex = open.back();
        open.pop_back();
        for (const int head : next[at(vertex)]) {
            if (seen[at(head)] == 0) {
                seen[at(head)] = 1;
                open.push_back(head);
            }
        }
    }
    return seen;
}

}  // namespace

FabricGraph::FabricGraph(const topology::Topology& topology)
    : hosts_(static_cast<int>(topology.hosts())), names_(topology.names()) {
    if (topology.agents() > std::numeric_limits<int>::max()) {
        throw usage_error(fmt::format("fabric: {} vertices are more than this analysis takes, {}",
                                      topology.agents(), std::numeric_limits<int>::max()));
    }
    const auto vertices = static_cast<std::size_t>(topology.agents());
    offsets_.assign(vertices + 1, 0);
    alive_.assign(vertices, 1);
    topology.arcs(0, 1, [&](std::span<const topology::Arc> arcs) {
        for (const auto& arc : arcs) {
            if (arc.source == arc.target) continue;
            channels_.push_back({static_cast<int>(arc.source), static_cast<int>(arc.target),
                                 topology.link(arc.source, arc.target).capacity});
        }
    });
    // A generator gives parallel arcs the capacity of all their cables, so that one of them counts.
    std::sort(channels_.begin(), channels_.end(), in_order);
    const auto same = [](const Channel& a, const Channel& b) {
        return a.source == b.source && a.target == b.target;
    };
    if (!topology.traits().sum_parallel) {
        channels_.erase(std::unique(channels_.begin(), channels_.end(), same), channels_.end());
    }
    sort_and_merge();
}

FabricGraph::FabricGraph(int hosts, int vertices, std::vector<Channel> channels)
    : hosts_(hosts), channels_(std::move(channels)) {
    if (hosts < 1 || vertices < hosts) {
        throw usage_error(
            fmt::format("fabric: {} vertices of which {} are hosts: there must be "
                        "at least one host, and hosts are vertices",
                        vertices, hosts));
    }
    for (const Channel& channel : channels_) check(channel, vertices);
    offsets_.assign(at(vertices) + 1, 0);
    alive_.assign(at(vertices), 1);
    sort_and_merge();
}

void FabricGraph::sort_and_merge() {
    std::stable_sort(channels_.begin(), channels_.end(), in_order);
    std::size_t kept = 0;
    for (const Channel channel : channels_) {
        if (kept > 0 && !in_order(channels_[kept - 1], channel)) {
            channels_[kept - 1].capacity += channel.capacity;
        } else {
            channels_[kept++] = channel;
        }
    }
    channels_.resize(kept);
    MOTLEY_EXPECT(std::ranges::all_of(channels_, [](const Channel& c) { return c.capacity > 0.0; }),
                  "a channel without capacity");
    std::fill(offsets_.begin(), offsets_.end(), 0);
    for (const Channel& channel : channels_) offsets_[at(channel.source) + 1] += 1;
    for (std::size_t v = 1; v < offsets_.size(); ++v) offsets_[v] += offsets_[v - 1];
}

std::span<const Channel> FabricGraph::from(int vertex) const {
    return {channels_.data() + first(vertex), at(first(vertex + 1) - first(vertex))};
}

int FabricGraph::find(int source, int target) const {
    if (source < 0 || source >= vertices()) return -1;
    const auto row = from(source);
    const auto found = std::lower_bound(row.begin(), row.end(), Channel{source, target}, in_order);
    if (found == row.end() || found->target != target) return -1;
    return first(source) + static_cast<int>(found - row.begin());
}

std::vector<std::pair<int, int>> FabricGraph::links() const {
    std::vector<std::pair<int, int>> pairs;
    for (const Channel& channel : channels_) {
        pairs.push_back(std::minmax({channel.source, channel.target}));
    }
    std::sort(pairs.begin(), pairs.end());
    pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
    return pairs;
}

FabricGraph FabricGraph::without(const Failure& failure) const {
    FabricGraph rest = *this;
    for (const int vertex : failure.vertices) {
        if (vertex < 0 || vertex >= vertices()) {
            throw usage_error(fmt::format("fabric: vertex {} cannot fail, there are 0 to {}",
                                          vertex, vertices() - 1));
        }
        rest.alive_[at(vertex)] = 0;
    }
    std::vector<char> cut(channels_.size(), 0);
    for (const auto& [a, b] : failure.links) {
        const int there = find(a, b), back = find(b, a);
        if (there < 0 && back < 0) {
            throw usage_error(
                fmt::format("fabric: link {} - {} cannot fail, it is not there", a, b));
        }
        if (there >= 0) cut[at(there)] = 1;
        if (back >= 0) cut[at(back)] = 1;
    }
    rest.channels_.clear();
    for (std::size_t c = 0; c < channels_.size(); ++c) {
        const Channel& channel = channels_[c];
        if (cut[c] != 0 || !rest.alive(channel.source) || !rest.alive(channel.target)) continue;
        rest.channels_.push_back(channel);
    }
    rest.sort_and_merge();
    return rest;
}

std::string FabricGraph::name(int vertex) const {
    const char* kind = is_host(vertex) ? "host" : "switch";
    if (!names_.empty()) return fmt::format("{} {}", kind, names_[at(vertex)]);
    return fmt::format("{} {}", kind, is_host(vertex) ? vertex : vertex - hosts_);
}

std::string FabricGraph::name(const Channel& channel) const {
    return name(channel.source) + " -> " + name(channel.target);
}

void require_connected(const FabricGraph& graph) {
    int start = 0;
    while (start < graph.hosts() && !graph.alive(start)) ++start;
    if (start == graph.hosts()) throw usage_error("fabric: no host is in service");
    for (const Direction direction : {Direction::along, Direction::against}) {
        const auto seen = reached(graph, start, direction);
        for (int host = start; host < graph.hosts(); ++host) {
            if (!graph.alive(host) || seen[at(host)] != 0) continue;
            const auto [from, to] =
                direction == Direction::against ? std::pair(host, start) : std::pair(start, host);
            throw usage_error(
                fmt::format("fabric: not connected: {} cannot reach {}; link them, or leave one "
                            "of them out",
                            graph.name(from), graph.name(to)));
        }
    }
}

int leaf_of(const FabricGraph& graph, int host) {
    for (const Channel& channel : graph.from(host)) {
        if (!graph.is_host(channel.target)) return channel.target;
    }
    return -1;
}

}  // namespace motley::fabric

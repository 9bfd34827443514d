// The traffic of collective operations between the members of a group.
#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <map>

#include "motley/core/error.hpp"
#include "motley/redesign/fabric/traffic.hpp"

namespace motley::fabric {
namespace {

using HostGroup = std::vector<int>;

std::vector<Demand> ring(const HostGroup& group, double amount) {
    std::vector<Demand> demands;
    for (std::size_t i = 0; i < group.size(); ++i) {
        demands.push_back({group[i], group[(i + 1) % group.size()], amount});
    }
    return demands;
}

/// Demands of a binary tree: member i has the children 2 i + 1 and 2 i + 2.
std::vector<Demand> tree(const HostGroup& group, double bytes) {
    std::vector<Demand> demands;
    for (std::size_t i = 1; i < group.size(); ++i) {
        const int parent = group[(i - 1) / 2];
        demands.push_back({group[i], parent, bytes});
        demands.push_back({parent, group[i], bytes});
    }
    return demands;
}

/// Steps at distance n/2, n/4, ..., 1 exchange halves, quarters, ..., and once more on the way
/// back. Where n is no power of two, the first 2 r members fold in pairs.
std::vector<Demand> halving_doubling(const HostGroup& group, double bytes) {
    std::vector<Demand> demands;
    const std::size_t power = std::bit_floor(group.size());
    const std::size_t rest = group.size() - power;
    HostGroup core;
    for (std::size_t i = 0; i < 2 * rest; i += 2) {
        demands.push_back({group[i], group[i + 1], bytes});
        demands.push_back({group[i + 1], group[i], bytes});
        core.push_back(group[i + 1]);
    }
    core.insert(core.end(), group.begin() + static_cast<std::ptrdiff_t>(2 * rest), group.end());
    double piece = bytes / 2.0;
    for (std::size_t distance = power / 2; distance > 0; distance /= 2, piece /= 2.0) {
        for (std::size_t i = 0; i < power; ++i) {
            demands.push_back({core[i], core[i ^ distance], 2.0 * piece});
        }
    }
    return demands;
}

}  // namespace

Traffic collective(Collective kind, const HostGroup& group, double bytes) {
    if (group.size() < 2) return {};
    const auto n = static_cast<double>(group.size());
    const double share = bytes * (n - 1.0) / n;
    switch (kind) {
        case Collective::ring_all_reduce:
            return Traffic(ring(group, 2.0 * share));
        case Collective::tree_all_reduce:
            return Traffic(tree(group, bytes));
        case Collective::halving_doubling_all_reduce:
            return Traffic(halving_doubling(group, bytes));
        case Collective::ring_all_gather:
        case Collective::ring_reduce_scatter:
            return Traffic(ring(group, share));
        case Collective::all_to_all:
            return all_to_all(group, share);
    }
    throw internal_error("unknown collective");
}

double busiest_port(Collective kind, int members, double bytes) {
    if (members < 2) return 0.0;
    const double share = bytes * (members - 1.0) / members;
    switch (kind) {
        case Collective::ring_all_reduce:
        case Collective::halving_doubling_all_reduce:
            return 2.0 * share;
        case Collective::tree_all_reduce:
            return (members == 2 ? 1.0 : members <= 4 ? 2.0 : 3.0) * bytes;
        case Collective::ring_all_gather:
        case Collective::ring_reduce_scatter:
        case Collective::all_to_all:
            return share;
    }
    throw internal_error("unknown collective");
}

Traffic hierarchical_all_reduce(const std::vector<HostGroup>& nodes, double bytes) {
    if (nodes.empty()) return {};
    const std::size_t devices = nodes.front().size();
    std::vector<Demand> all;
    const auto add = [&](Collective kind, const HostGroup& group, double size) {
        const Traffic traffic = collective(kind, group, size);
        all.insert(all.end(), traffic.demands().begin(), traffic.demands().end());
    };
    for (const HostGroup& node : nodes) {
        if (node.size() != devices) {
            throw usage_error(
                fmt::format("hierarchical all-reduce: a node has {} hosts, the first "
                            "{}; all must have the same number",
                            node.size(), devices));
        }
        add(Collective::ring_reduce_scatter, node, bytes);
        add(Collective::ring_all_gather, node, bytes);
    }
    for (std::size_t d = 0; d < devices; ++d) {
        HostGroup rail;
        for (const HostGroup& node : nodes) rail.push_back(node[d]);
        add(Collective::ring_all_reduce, rail, bytes / static_cast<double>(devices));
    }
    return Traffic(std::move(all));
}

std::vector<HostGroup> nodes_of(const FabricGraph& graph) {
    std::map<int, HostGroup> by_leaf;
    for (const int host : alive_hosts(graph)) {
        const int leaf = leaf_of(graph, host);
        by_leaf[leaf < 0 ? host : leaf].push_back(host);
    }
    std::vector<HostGroup> nodes;
    for (auto& [leaf, group] : by_leaf) nodes.push_back(std::move(group));
    return nodes;
}

}  // namespace motley::fabric

// How much of the traffic between ranks crosses nodes, by the order of the ranks: in the order of
// the partition, at random, after the best swaps of two ranks, and with a partition into nodes that
// are partitioned into ranks. docs/decisions/0029 says what follows.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "motley/core/random.hpp"
#include "motley/partition/partition.hpp"
#include "motley/topology/topology.hpp"

namespace {

using namespace motley;
using topology::Csr;

constexpr std::uint64_t seed = 1;

/// Rows that ranks send to each other in a step.
using Traffic = std::map<std::pair<int, int>, std::int64_t>;

std::vector<int> owners_of(const partition::Partition& partition) {
    std::vector<int> owners;
    for (AgentId i = 0; i < partition.agents(); ++i) owners.push_back(partition.owner(i));
    return owners;
}

Traffic traffic_of(const Csr& graph, const std::vector<int>& owners) {
    Traffic traffic;
    std::set<int> receivers;
    for (AgentId i = 0; i < graph.agents; ++i) {
        const auto row = static_cast<std::size_t>(i);
        receivers.clear();
        for (auto e = graph.offsets[row]; e < graph.offsets[row + 1]; ++e) {
            const AgentId target = graph.targets[static_cast<std::size_t>(e)];
            receivers.insert(owners[static_cast<std::size_t>(target)]);
        }
        receivers.erase(owners[row]);
        for (const int receiver : receivers) traffic[{owners[row], receiver}] += 1;
    }
    return traffic;
}

/// Swaps two ranks of different nodes as long as that takes rows from the links between nodes.
void swap_ranks(const Traffic& traffic, std::vector<int>& node) {
    const auto ranks = node.size();
    std::vector<std::map<int, std::int64_t>> both(ranks);
    for (const auto& [pair, rows] : traffic) {
        both[static_cast<std::size_t>(pair.first)][pair.second] += rows;
        both[static_cast<std::size_t>(pair.second)][pair.first] += rows;
    }
    const auto rows_to = [&](std::size_t rank, int place) {
        std::int64_t rows = 0;
        for (const auto& [other, count] : both[rank]) {
            if (node[static_cast<std::size_t>(other)] == place) rows += count;
        }
        return rows;
    };
    for (bool improved = true; improved;) {
        improved = false;
        for (std::size_t p = 0; p < ranks; ++p) {
            for (std::size_t q = p + 1; q < ranks; ++q) {
                if (node[p] == node[q]) continue;
                const auto pair = both[p].find(static_cast<int>(q));
                const std::int64_t gain = rows_to(p, node[q]) + rows_to(q, node[p]) -
                                          rows_to(p, node[p]) - rows_to(q, node[q]) -
                                          (pair == both[p].end() ? 0 : 2 * pair->second);
                if (gain <= 0) continue;
                std::swap(node[p], node[q]);
                improved = true;
            }
        }
    }
}

/// The graph among some agents, in the order of `ids`.
Csr part_of(const Csr& graph, const std::vector<AgentId>& ids) {
    std::vector<AgentId> local(static_cast<std::size_t>(graph.agents), -1);
    for (std::size_t i = 0; i < ids.size(); ++i) {
        local[static_cast<std::size_t>(ids[i])] = static_cast<AgentId>(i);
    }
    Csr part;
    part.agents = static_cast<AgentId>(ids.size());
    part.offsets.push_back(0);
    for (const AgentId id : ids) {
        const auto row = static_cast<std::size_t>(id);
        for (auto e = graph.offsets[row]; e < graph.offsets[row + 1]; ++e) {
            const AgentId target =
                local[static_cast<std::size_t>(graph.targets[static_cast<std::size_t>(e)])];
            if (target >= 0) part.targets.push_back(target);
        }
        part.offsets.push_back(static_cast<std::int64_t>(part.targets.size()));
    }
    return part;
}

/// Nodes first, then the ranks of each.
std::vector<int> two_levels(const Csr& graph, int nodes, int cores) {
    const auto of_nodes = partition::by_metis(graph, nodes, seed);
    std::vector<int> owners(static_cast<std::size_t>(graph.agents));
    for (int n = 0; n < nodes; ++n) {
        const std::vector<AgentId> ids = of_nodes.owned(n);
        const auto inside = partition::by_metis(part_of(graph, ids), cores, seed);
        for (std::size_t i = 0; i < ids.size(); ++i) {
            owners[static_cast<std::size_t>(ids[i])] =
                n * cores + inside.owner(static_cast<AgentId>(i));
        }
    }
    return owners;
}

void report(const std::string& graph, const char* partition, const char* order,
            const Traffic& traffic, const std::vector<int>& node, int nodes) {
    std::int64_t all = 0, across = 0, messages = 0;
    std::vector<std::int64_t> sent(static_cast<std::size_t>(nodes), 0);
    for (const auto& [pair, rows] : traffic) {
        const int from = node[static_cast<std::size_t>(pair.first)];
        all += rows;
        if (from == node[static_cast<std::size_t>(pair.second)]) continue;
        across += rows;
        messages += 1;
        sent[static_cast<std::size_t>(from)] += rows;
    }
    std::printf(
        "RESULT graph=%s partition=%s order=%s rows=%lld across=%lld share=%.3f busiest_node=%lld "
        "messages_across=%lld\n",
        graph.c_str(), partition, order, static_cast<long long>(all),
        static_cast<long long>(across),
        static_cast<double>(across) / static_cast<double>(std::max<std::int64_t>(all, 1)),
        static_cast<long long>(*std::ranges::max_element(sent)), static_cast<long long>(messages));
}

void compare(const std::string& name, const topology::Spec& spec, int nodes, int cores) {
    const Csr graph = topology::undirected_simple(topology::gather_rows(*topology::make(spec)));
    const int ranks = nodes * cores;
    std::vector<int> in_order;
    for (int r = 0; r < ranks; ++r) in_order.push_back(r / cores);
    std::vector<int> drawn = in_order;
    const Random random(seed, Stream::partition, 2);
    for (std::size_t i = drawn.size(); i > 1; --i) {
        std::swap(drawn[i - 1], drawn[random.below(i, static_cast<std::uint32_t>(i))]);
    }
    const auto orders_of = [&](const char* partition, const std::vector<int>& owners) {
        const Traffic traffic = traffic_of(graph, owners);
        report(name, partition, "partition", traffic, in_order, nodes);
        report(name, partition, "random", traffic, drawn, nodes);
        std::vector<int> swapped = in_order;
        swap_ranks(traffic, swapped);
        report(name, partition, "swapped", traffic, swapped, nodes);
    };
    orders_of("block", owners_of(partition::Partition::block(graph.agents, ranks)));
    orders_of("metis", owners_of(partition::by_metis(graph, ranks, seed)));
    orders_of("metis-two-levels", two_levels(graph, nodes, cores));
}

topology::Spec lattice(const char* neighbourhood, const std::vector<std::int64_t>& shape) {
    topology::Spec spec;
    spec.generator = "torus";
    spec.set("shape", shape);
    spec.set("neighbourhood", neighbourhood);
    return spec;
}

topology::Spec grown(const char* generator, const char* key, double value, double degree) {
    topology::Spec spec;
    spec.generator = generator;
    spec.agents = 65536;
    spec.seed = seed;
    if (degree > 0.0) spec.set("degree", static_cast<std::int64_t>(degree));
    spec.set(key, value);
    return spec;
}

}  // namespace

int main(int argc, char** argv) {
    const int nodes = argc > 1 ? std::atoi(argv[1]) : 16;
    const int cores = argc > 2 ? std::atoi(argv[2]) : 32;
    if (nodes < 1 || cores < 1) {
        std::fprintf(stderr, "rank_order [NODES [CORES]]: both must be at least 1\n");
        return 2;
    }
    compare("torus", lattice("moore", {256, 256}), nodes, cores);
    compare("torus-3d", lattice("von-neumann", {40, 40, 40}), nodes, cores);
    compare("small-world-2%", grown("watts-strogatz", "rewire", 0.02, 8), nodes, cores);
    compare("small-world-10%", grown("watts-strogatz", "rewire", 0.1, 8), nodes, cores);
    return 0;
}

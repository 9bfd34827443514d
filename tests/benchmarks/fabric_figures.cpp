// The tables of docs/network.md: Jellyfish and rails against fat trees, and the time they take.
#include <chrono>
#include <cstdio>
#include <string>

#include "redesign/fabric/graphs.hpp"

namespace {

using namespace motley;
using namespace motley::fabric;

constexpr int seeds = 4;
constexpr int permutations = 3;

void jellyfish(int switches, int ports, const std::vector<int>& servers) {
    FlowOptions options;
    options.ratio = 0.01;
    options.sweeps = 400;
    for (const int count : servers) {
        double low = 0.0, high = 0.0, least = 1.0;
        for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
            const FabricGraph graph = test::jellyfish(switches, ports, count, seed);
            for (std::uint64_t number = 0; number < permutations; ++number) {
                const auto traffic = permutation(alive_hosts(graph), seed, number);
                const auto bound = concurrent_flow(graph, traffic, options);
                low += bound.low / (seeds * permutations);
                high += bound.high / (seeds * permutations);
                least = std::min(least, bound.low);
            }
        }
        std::printf("jellyfish, %d switches of %d ports, %d servers: %.4f to %.4f, least %.4f\n",
                    switches, ports, count, low, high, least);
    }
}

void link_failures() {
    constexpr int samples = 10;
    const FabricGraph tree = test::fat_tree(8), random = test::jellyfish(80, 8, 128, 1);
    for (const double share : {0.05, 0.1, 0.2}) {
        for (const FabricGraph* graph : {&tree, &random}) {
            const auto between = graph->links().size() - 128;
            const int count = static_cast<int>(share * static_cast<double>(between) + 0.5);
            double low = 0.0, high = 0.0;
            for (std::uint64_t number = 0; number < samples; ++number) {
                const auto traffic = permutation(alive_hosts(*graph), 1, number);
                const auto failure =
                    random_links(*graph, Links::between_switches, count, 1, number);
                const auto bound = after(*graph, traffic, failure, FlowBounds::computed).optimum;
                low += bound.low / samples;
                high += bound.high / samples;
            }
            std::printf("%.0f %% of links lost, %s: %.3f to %.3f\n", 100.0 * share,
                        graph == &tree ? "fat tree" : "jellyfish", low, high);
        }
    }
}

void show(const std::string& name, const FabricGraph& graph, const Traffic& traffic) {
    const auto start = std::chrono::steady_clock::now();
    const auto result = assess(graph, traffic);
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    std::printf("%-44s %.4f to %.4f, ECMP %.4f, %.3f s\n", name.c_str(), result.optimum.low,
                result.optimum.high, result.ecmp.throughput, seconds.count());
}

void all_traffics(const std::string& name, const FabricGraph& graph) {
    const auto hosts = alive_hosts(graph);
    show(name + " all-to-all", graph, all_to_all(hosts));
    for (std::uint64_t number = 0; number < permutations; ++number) {
        show(name + " permutation", graph, permutation(hosts, 1, number));
    }
    show(name + " ring", graph, collective(Collective::ring_all_reduce, hosts, 1.0));
    show(name + " tree", graph, collective(Collective::tree_all_reduce, hosts, 1.0));
    show(name + " halving-doubling", graph,
         collective(Collective::halving_doubling_all_reduce, hosts, 1.0));
    show(name + " hierarchical", graph, hierarchical_all_reduce(nodes_of(graph), 1.0));
}

topology::Spec rails(const std::string& generator) {
    topology::Spec spec;
    spec.generator = generator;
    spec.set("nodes", 16);
    spec.set("devices", 8);
    spec.set("spines", 8);
    spec.set("uplink_capacity", 2.0);
    return spec;
}

topology::Spec jellyfish_spec(int switches, int ports, int hosts) {
    topology::Spec spec;
    spec.generator = "jellyfish";
    spec.set("switches", switches);
    spec.set("ports", ports);
    spec.set("hosts_per_switch", hosts);
    return spec;
}

}  // namespace

int main() {
    jellyfish(45, 6, {54, 60, 64, 67});
    jellyfish(80, 8, {128, 144, 152, 160});
    link_failures();
    all_traffics("rail-only", test::fabric_of(rails("rail-only")));
    all_traffics("rail-optimised", test::fabric_of(rails("rail-optimised")));
    all_traffics("fat tree k = 8", test::fat_tree(8));
    all_traffics("jellyfish 80 x 8", test::fabric_of(jellyfish_spec(80, 8, 2)));
    const FabricGraph tree = test::fat_tree(16);
    show("fat tree, 1024 hosts, all-to-all", tree, all_to_all(alive_hosts(tree)));
    const FabricGraph random = test::fabric_of(jellyfish_spec(256, 16, 4));
    show("jellyfish, 1024 hosts, all-to-all", random, all_to_all(alive_hosts(random)));
    return 0;
}

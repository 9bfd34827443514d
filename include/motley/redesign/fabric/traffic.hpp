// Traffic between the hosts of a fabric: patterns, flows between task classes, collectives.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "motley/redesign/fabric/fabric_graph.hpp"

namespace motley::fabric {

/// What one host sends to another: a bandwidth in host ports, or bytes.
struct Demand {
    int source = 0;
    int target = 0;
    double amount = 0.0;
};

/// Demands sorted by (source, target), one per pair, none of a host to itself and none of zero.
class Traffic {
  public:
    Traffic() = default;
    /// Usage error: an amount that is negative or not a number.
    explicit Traffic(std::vector<Demand> demands);

    const std::vector<Demand>& demands() const { return demands_; }
    bool empty() const { return demands_.empty(); }
    double total() const;
    /// The traffic of jobs that share a fabric.
    Traffic operator+(const Traffic& other) const;
    Traffic operator*(double factor) const;
    /// The demands between hosts that are in service.
    Traffic between_alive(const FabricGraph& graph) const;

  private:
    std::vector<Demand> demands_;
};

/// Throws a usage error where an end of a demand is a switch, is not there, or is out of service.
void check(const FabricGraph& graph, const Traffic& traffic);

/// Hosts in service, in order.
std::vector<int> alive_hosts(const FabricGraph& graph);

/// Every host sends `amount` to one other, no two to the same: permutation `number` of `seed`,
/// uniform among those without fixed points. At least two hosts.
Traffic permutation(const std::vector<int>& hosts, std::uint64_t seed, std::uint64_t number,
                    double amount = 1.0);
/// Every host sends `amount` in all, the same share to each other one.
Traffic all_to_all(const std::vector<int>& hosts, double amount = 1.0);

/// The hosts that serve one task class.
struct Pool {
    std::string name;
    std::vector<int> hosts;
};
/// Gives each class in turn the next free hosts of `graph`. Usage error where they do not fit.
std::vector<Pool> place(const FabricGraph& graph,
                        const std::vector<std::pair<std::string, int>>& sizes);
/// Bytes (per second) that one class passes to another, as the KV cache from prefill to decode.
struct ClassFlow {
    int source = 0;  ///< index of the pool
    int target = 0;
    double amount = 0.0;
};
/// Each flow is spread evenly over the pairs of hosts of its two pools; traffic within a host does
/// not enter the fabric.
Traffic between_pools(const std::vector<Pool>& pools, const std::vector<ClassFlow>& flows);

/// Algorithms of collectives over the members of a group, in the order given.
enum class Collective {
    ring_all_reduce,
    tree_all_reduce,              ///< up and down one binary tree
    halving_doubling_all_reduce,  ///< recursive halving, then recursive doubling
    ring_all_gather,
    ring_reduce_scatter,
    all_to_all
};

/// Bytes that members send one another in one operation on a vector of `bytes` (all-gather and
/// reduce-scatter: of the whole vector; all-to-all: what a member holds). Steps follow one another
/// in a pipeline, so that only sums over the whole operation count. R. Thakur, R. Rabenseifner, W.
/// Gropp, "Optimization of Collective Communication Operations in MPICH", 2005,
/// doi:10.1177/1094342005051521; recursive halving where the group is no power of two: section 4.5.
Traffic collective(Collective kind, const std::vector<int>& group, double bytes);
/// Bytes that the busiest port of a member carries in the same operation, by closed form; divided
/// by the bandwidth of a port it is the bandwidth term of its cost. Powers of two for halving.
double busiest_port(Collective kind, int members, double bytes);

/// All-reduce of machines whose nodes have a fast network inside: reduce-scatter within each node,
/// ring all-reduces of the pieces among the devices of one place (a rail), all-gather within each
/// node (as NCCL and BlueConnect: M. Cho et al. 2019, doi:10.1147/JRD.2019.2947013). Nodes must be
/// of one size.
Traffic hierarchical_all_reduce(const std::vector<std::vector<int>>& nodes, double bytes);
/// The hosts grouped by `leaf_of`, in order; hosts without one are alone.
std::vector<std::vector<int>> nodes_of(const FabricGraph& graph);

}  // namespace motley::fabric

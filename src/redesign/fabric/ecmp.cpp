// Shortest-path routing with equal-cost multipath, target by target.
#include <algorithm>
#include <cmath>
#include <limits>

#include "motley/core/expect.hpp"
#include "motley/core/index.hpp"
#include "motley/redesign/fabric/flow.hpp"
#include "solvers.hpp"

namespace motley::fabric {
namespace {

/// Arcs into each vertex.
struct Reverse {
    std::vector<int> offsets, arcs;

    explicit Reverse(const FlowNetwork& network) : offsets(at(network.vertices) + 1, 0) {
        for (const int head : network.heads) offsets[at(head) + 1] += 1;
        for (std::size_t v = 1; v < offsets.size(); ++v) offsets[v] += offsets[v - 1];
        arcs.resize(network.arcs());
        auto fill = offsets;
        for (std::size_t a = 0; a < network.arcs(); ++a) {
            arcs[at(fill[at(network.heads[a])]++)] = static_cast<int>(a);
        }
    }
};

/// Routes everything that goes to one target, farthest vertices first.
class Router {
  public:
    Router(const FlowNetwork& network, Split split)
        : network_(network),
          reverse_(network),
          split_(split),
          hops_(at(network.vertices)),
          inflow_(at(network.vertices)),
          loads_(network.arcs(), 0.0) {}

    void search(int target) {
        std::fill(hops_.begin(), hops_.end(), -1);
        std::fill(inflow_.begin(), inflow_.end(), 0.0);
        order_ = {target};
        hops_[at(target)] = 0;
        for (std::size_t next = 0; next < order_.size(); ++next) {
            const int vertex = order_[next];
            for (int i = reverse_.offsets[at(vertex)]; i < reverse_.offsets[at(vertex) + 1]; ++i) {
                const int tail = network_.tails[at(reverse_.arcs[at(i)])];
                if (hops_[at(tail)] >= 0) continue;
                hops_[at(tail)] = hops_[at(vertex)] + 1;
                order_.push_back(tail);
            }
        }
    }

    /// Hops from `source` to the target; -1 where it does not reach it.
    int hops(int source) const { return hops_[at(source)]; }
    void inject(int source, double amount) { inflow_[at(source)] += amount; }

    void route() {
        for (std::size_t i = order_.size(); i-- > 1;) {
            if (inflow_[at(order_[i])] > 0.0) spread(order_[i]);
        }
    }

    /// The traffic that has arrived at the target.
    double arrived() const { return inflow_[at(order_.front())]; }
    const std::vector<double>& loads() const { return loads_; }

  private:
    double weight(int arc) const {
        if (hops_[at(network_.heads[at(arc)])] + 1 != hops_[at(network_.tails[at(arc)])])
            return 0.0;
        return split_ == Split::even ? 1.0 : network_.capacity[at(arc)];
    }

    void spread(int vertex) {
        const int begin = network_.offsets[at(vertex)], end = network_.offsets[at(vertex) + 1];
        double sum = 0.0;
        for (int a = begin; a < end; ++a) sum += weight(a);
        for (int a = begin; a < end; ++a) {
            const double part = weight(a);
            if (part == 0.0) continue;
            const double flow = inflow_[at(vertex)] * (part / sum);
            loads_[at(a)] += flow;
            inflow_[at(network_.heads[at(a)])] += flow;
        }
    }

    const FlowNetwork& network_;
    Reverse reverse_;
    Split split_;
    std::vector<int> hops_, order_;
    std::vector<double> inflow_, loads_;
};

/// The demands, sorted by target and then by source.
std::vector<Demand> by_target(const FlowNetwork& network) {
    std::vector<Demand> demands;
    for (const Commodity& commodity : network.commodities) {
        for (const Sink& sink : commodity.sinks) {
            demands.push_back({commodity.source, sink.vertex, sink.amount});
        }
    }
    std::stable_sort(demands.begin(), demands.end(),
                     [](const Demand& a, const Demand& b) { return a.target < b.target; });
    return demands;
}

/// Sets throughput and bottleneck from the loads.
void judge(const FabricGraph& graph, Routed& routed) {
    double worst = 0.0;
    for (std::size_t c = 0; c < routed.loads.size(); ++c) {
        const double load = routed.loads[c] / graph.channels()[c].capacity;
        // Sums that differ by rounding only do not move the bottleneck.
        if (load > worst * (1.0 + 1e-12)) {
            worst = load;
            routed.bottleneck = static_cast<int>(c);
        }
    }
    routed.throughput = routed.unreachable > 0 ? 0.0
                        : worst > 0.0          ? 1.0 / worst
                                               : std::numeric_limits<double>::infinity();
}

}  // namespace

Routed route(const FabricGraph& graph, const FlowNetwork& network, double total, Split split) {
    Routed routed;
    Router router(network, split);
    const auto demands = by_target(network);
    double transit = 0.0;
    for (std::size_t i = 0; i < demands.size();) {
        const int target = demands[i].target;
        router.search(target);
        double injected = 0.0;
        for (; i < demands.size() && demands[i].target == target; ++i) {
            const int hops = router.hops(demands[i].source);
            if (hops < 0) {
                routed.unreachable += 1;
                continue;
            }
            router.inject(demands[i].source, demands[i].amount);
            injected += demands[i].amount;
            transit += hops * demands[i].amount;
        }
        router.route();
        MOTLEY_EXPECT(std::abs(router.arrived() - injected) <= 1e-9 * injected,
                      "a flow is lost on its way");
    }
    routed.loads = network.access_loads;
    for (const double load : routed.loads) transit += load;
    for (std::size_t a = 0; a < network.arcs(); ++a) {
        routed.loads[at(network.channel[a])] = router.loads()[a];
    }
    routed.hops = total > 0.0 ? transit / total : 0.0;
    judge(graph, routed);
    return routed;
}

Routed ecmp(const FabricGraph& graph, const Traffic& traffic, Split split) {
    return route(graph, fold(graph, traffic), traffic.total(), split);
}

}  // namespace motley::fabric

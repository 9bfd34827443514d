#include "fleet_traffic.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace motley::redesign {
namespace {

/// Smaller parts of a device are rounding errors.
constexpr double sliver = 1e-9;

/// Devices of one type that are bought together.
struct FleetNode {
    std::vector<Seat> seats;
    std::size_t pool = 0;  ///< nodes of one type that begin with the same class
    double turn = 0.0;     ///< its place in the order of a spread placement
};

/// The devices of one type, each with its share of work on every class.
std::vector<Seat> devices_of(const job::Redesign& job, const fleet::Throughput& throughput,
                             std::size_t type, double count) {
    const std::size_t classes = job.problem.classes();
    std::vector<Seat> devices(static_cast<std::size_t>(std::llround(count)),
                              {type, 0, std::vector<double>(classes, 0.0)});
    double begin = 0.0;
    for (std::size_t k = 0; k < classes; ++k) {
        double end = begin + throughput.allocated(type, k, classes);
        if (std::abs(end - std::round(end)) < sliver * std::max(1.0, end)) end = std::round(end);
        for (auto i = static_cast<std::size_t>(begin);
             i < devices.size() && static_cast<double>(i) < end; ++i) {
            const auto at = static_cast<double>(i);
            const double share = std::min(end, at + 1.0) - std::max(begin, at);
            if (share > sliver) devices[i].work[k] = share * job.problem.rate(type, k);
        }
        begin = end;
    }
    return devices;
}

std::vector<FleetNode> nodes_of(const job::Redesign& job, const fleet::Fleet& fleet,
                                const fleet::Throughput& throughput) {
    std::vector<FleetNode> nodes;
    for (std::size_t d = 0; d < fleet.size(); ++d) {
        const auto size = static_cast<std::size_t>(job.problem.devices[d].node_size);
        const auto devices = devices_of(job, throughput, d, fleet[d]);
        for (std::size_t i = 0; i < devices.size(); ++i) {
            if (i % size == 0) {
                const auto& work = devices[i].work;
                const auto first = std::ranges::find_if(work, [](double w) { return w > 0.0; });
                const auto task = static_cast<std::size_t>(first - work.begin());
                nodes.push_back({{}, d * (work.size() + 1) + task});
            }
            nodes.back().seats.push_back(devices[i]);
        }
    }
    return nodes;
}

/// Spreads every pool in even steps from the first host to the last.
void spread_pools(std::vector<FleetNode>& nodes) {
    std::map<std::size_t, double> sizes, dealt;
    for (const FleetNode& node : nodes) sizes[node.pool] += 1.0;
    for (FleetNode& node : nodes) node.turn = (dealt[node.pool]++ + 0.5) / sizes[node.pool];
    std::ranges::stable_sort(nodes, {}, &FleetNode::turn);
}

/// Scales the work so that it just serves the demand, in base units.
void scale_to_demand(const job::Redesign& job, std::vector<Seat>& seats) {
    for (std::size_t k = 0; k < job.problem.classes(); ++k) {
        double served = 0.0;
        for (const Seat& seat : seats) served += seat.work[k];
        if (served <= 0.0) continue;
        const double factor = job.problem.tasks[k].demand * job.base_units[k] / served;
        for (Seat& seat : seats) seat.work[k] *= factor;
    }
}

fabric::Collective plain(job::CollectiveKind kind) {
    using fabric::Collective;
    using job::CollectiveKind;
    switch (kind) {
        case CollectiveKind::all_reduce_tree:
            return Collective::tree_all_reduce;
        case CollectiveKind::all_reduce_halving_doubling:
            return Collective::halving_doubling_all_reduce;
        case CollectiveKind::all_gather:
            return Collective::ring_all_gather;
        case CollectiveKind::reduce_scatter:
            return Collective::ring_reduce_scatter;
        case CollectiveKind::all_to_all:
            return Collective::all_to_all;
        default:
            return Collective::ring_all_reduce;
    }
}

/// The members of a group by node, or by leaf switch where nodes have one device.
std::vector<std::vector<int>> nodes_in(const std::vector<int>& group,
                                       const std::vector<Seat>& seats,
                                       const fabric::FabricGraph& graph) {
    std::map<std::size_t, std::vector<int>> by_node;
    std::map<int, std::vector<int>> by_leaf;
    for (const int host : group) {
        by_node[seats[static_cast<std::size_t>(host)].node].push_back(host);
        const int leaf = fabric::leaf_of(graph, host);
        by_leaf[leaf < 0 ? host : leaf].push_back(host);
    }
    std::vector<std::vector<int>> nodes;
    if (by_node.size() < group.size()) {
        for (auto& [node, hosts] : by_node) nodes.push_back(std::move(hosts));
    } else {
        for (auto& [leaf, hosts] : by_leaf) nodes.push_back(std::move(hosts));
    }
    return nodes;
}

bool is_even(const std::vector<std::vector<int>>& nodes) {
    return std::ranges::all_of(
        nodes, [&](const auto& node) { return node.size() == nodes.front().size(); });
}

/// Collects the traffic of flows and collectives, in bytes per second.
class Sender {
  public:
    Sender(const job::Redesign& job, const std::vector<Seat>& seats,
           const fabric::FabricGraph& graph)
        : job_(job), seats_(seats), graph_(graph) {}

    void flow(std::size_t from, const job::FlowSpec& flow) {
        const std::size_t to = index_of(flow.to);
        const double all = job_.problem.tasks[to].demand * job_.base_units[to];
        for (const auto& [source, sent] : workers(from)) {
            for (const auto& [target, done] : workers(to)) {
                demands_.push_back({source, target, sent * flow.bytes * (done / all)});
            }
        }
    }

    void collective(std::size_t task, const job::CollectiveSpec& collective) {
        for (std::size_t d = 0; d < job_.problem.types(); ++d) {
            std::vector<int> group;
            double done = 0.0;
            for (const auto& [host, work] : workers(task)) {
                if (seats_[static_cast<std::size_t>(host)].type != d) continue;
                group.push_back(host);
                done += work;
                if (std::ssize(group) < collective.group) continue;
                send(collective.kind, group, collective.bytes * done);
                group.clear();
                done = 0.0;
            }
            send(collective.kind, group, collective.bytes * done);
        }
    }

    FleetTraffic take(double link) {
        return {fabric::Traffic(std::move(demands_)) * (1.0 / (link * 1e9)), uneven_};
    }

  private:
    std::size_t index_of(const std::string& name) const {
        const auto found = std::ranges::find(job_.problem.tasks, name, &fleet::Task::name);
        return static_cast<std::size_t>(found - job_.problem.tasks.begin());
    }

    /// The hosts that work on a class, and the work of each.
    std::vector<std::pair<int, double>> workers(std::size_t task) const {
        std::vector<std::pair<int, double>> all;
        for (std::size_t host = 0; host < seats_.size(); ++host) {
            const double work = seats_[host].work[task];
            if (work > 0.0) all.emplace_back(static_cast<int>(host), work);
        }
        return all;
    }

    void send(job::CollectiveKind kind, const std::vector<int>& group, double bytes) {
        if (group.size() < 2) return;
        if (kind == job::CollectiveKind::all_reduce_hierarchical &&
            !is_even(nodes_in(group, seats_, graph_))) {
            ++uneven_;
        }
        const auto sent = demands_of(kind, group, bytes, seats_, graph_);
        demands_.insert(demands_.end(), sent.begin(), sent.end());
    }

    const job::Redesign& job_;
    const std::vector<Seat>& seats_;
    const fabric::FabricGraph& graph_;
    std::vector<fabric::Demand> demands_;
    int uneven_ = 0;
};

}  // namespace

std::vector<Seat> seats_of(const job::Redesign& job, const fleet::Fleet& fleet,
                           const fleet::Throughput& throughput, job::Placement placement) {
    std::vector<FleetNode> nodes = nodes_of(job, fleet, throughput);
    if (placement == job::Placement::spread) spread_pools(nodes);
    std::vector<Seat> seats;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        for (Seat& seat : nodes[i].seats) {
            seat.node = i;
            seats.push_back(std::move(seat));
        }
    }
    scale_to_demand(job, seats);
    return seats;
}

std::vector<fabric::Demand> demands_of(job::CollectiveKind kind, const std::vector<int>& hosts,
                                       double bytes, const std::vector<Seat>& seats,
                                       const fabric::FabricGraph& graph) {
    if (kind != job::CollectiveKind::all_reduce_hierarchical) {
        return fabric::collective(plain(kind), hosts, bytes).demands();
    }
    const auto nodes = nodes_in(hosts, seats, graph);
    if (is_even(nodes)) return fabric::hierarchical_all_reduce(nodes, bytes).demands();
    return fabric::collective(fabric::Collective::ring_all_reduce, hosts, bytes).demands();
}

FleetTraffic traffic_of(const job::Redesign& job, const std::vector<Seat>& seats,
                        const fabric::FabricGraph& graph, double link) {
    Sender sender(job, seats, graph);
    for (const job::TaskClass& task : job.tasks) {
        const auto found = std::ranges::find(job.problem.tasks, task.name, &fleet::Task::name);
        const auto index = static_cast<std::size_t>(found - job.problem.tasks.begin());
        for (const job::FlowSpec& flow : task.flows) sender.flow(index, flow);
        for (const job::CollectiveSpec& each : task.collectives) sender.collective(index, each);
    }
    return sender.take(link);
}

}  // namespace motley::redesign

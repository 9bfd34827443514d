#include "design_fabric.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "design_pipeline.hpp"
#include "motley/redesign/fabric/template.hpp"
#include "placement_search.hpp"

namespace motley::redesign {
namespace {

/// The description of a fabric, from a design or from the template.
struct FabricPlan {
    topology::Spec topology;
    double link = 0.0;
    job::Placement placement = job::Placement::packed;
    job::HandOver hand_over = job::HandOver::free;
    job::Routing routing = job::Routing::ecmp;
    std::int64_t failures = 1000;
    std::int64_t trials = 200;  ///< of a searched placement
    bool own = false;           ///< the design has its own price
};

std::optional<FabricPlan> plan_of(const job::Redesign& job, const job::DesignSpec* spec,
                                  double devices) {
    FabricPlan plan;
    if (spec != nullptr) {
        plan.placement = spec->placement;
        plan.hand_over = spec->hand_over;
        plan.routing = spec->routing;
        plan.failures = spec->failures;
        plan.trials = spec->placement_trials.value_or(plan.trials);
    } else if (!job.designs.empty()) {  // as the present design routes
        plan.hand_over = job.designs.front().hand_over;
        plan.routing = job.designs.front().routing;
        plan.failures = job.designs.front().failures;
    }
    if (spec != nullptr && spec->topology) {
        plan.topology = *spec->topology;
        plan.link = spec->link;
        plan.own = true;
        return plan;
    }
    if (!job.network.topology || (!job.charged && !has_traffic(job))) return {};
    plan.topology = fabric::sized(*job.network.topology, static_cast<std::int64_t>(devices));
    plan.link = job.network.link;
    return plan;
}

bool has_rails(const topology::Spec& spec) {
    return spec.generator == "rail-only" || spec.generator == "rail-optimised";
}

/// The bandwidth in the node, where the fabric has no switches in its nodes.
double node_bandwidth(const job::Redesign& job, const FabricPlan& plan, std::size_t type) {
    return has_rails(plan.topology) ? 0.0 : job.devices[type].node_bandwidth / plan.link;
}

/// Rails have switches in their nodes, with the bandwidth that the devices state.
void widen_rails(const job::Redesign& job, const fleet::Fleet& fleet, FabricPlan& plan) {
    if (!has_rails(plan.topology)) return;
    double least = fleet::unlimited;
    for (std::size_t d = 0; d < fleet.size(); ++d) {
        const double own = job.devices[d].node_bandwidth;
        if (fleet[d] > 0.0 && own > 0.0) least = std::min(least, own);
    }
    if (least < fleet::unlimited) plan.topology.set("node_capacity", least / plan.link);
}

serving::DeviceType device_type(const job::Redesign& job, const FabricPlan& plan, std::size_t d) {
    serving::DeviceType out;
    for (std::size_t k = 0; k < job.problem.classes(); ++k) {
        out.rates.push_back(job.problem.best_rate(d, k));
    }
    out.node_bandwidth = node_bandwidth(job, plan, d);
    return out;
}

std::size_t task_index(const job::Redesign& job, const std::string& name) {
    const auto found = std::ranges::find(job.problem.tasks, name, &fleet::Task::name);
    return static_cast<std::size_t>(found - job.problem.tasks.begin());
}

void add_flows(const job::Redesign& job, double link, serving::System& system) {
    for (const job::TaskClass& task : job.tasks) {
        const std::size_t from = task_index(job, task.name);
        for (const job::FlowSpec& flow : task.flows) {
            const double amount = flow.bytes * job.base_units[from] / (link * 1e9);
            system.flows.push_back(
                {static_cast<int>(from), static_cast<int>(task_index(job, flow.to)), amount});
        }
    }
}

/// The hosts that form groups of `size` devices of one type which can do a class.
std::vector<std::vector<int>> groups_of(const job::Redesign& job, const std::vector<Seat>& seats,
                                        std::size_t task, std::int64_t size) {
    std::vector<std::vector<int>> groups;
    for (std::size_t d = 0; d < job.problem.types(); ++d) {
        if (job.problem.rate(d, task) <= 0.0) continue;
        std::vector<int> group;
        for (std::size_t host = 0; host < seats.size(); ++host) {
            if (seats[host].type != d) continue;
            group.push_back(static_cast<int>(host));
            if (std::ssize(group) < size) continue;
            groups.push_back(std::move(group));
            group.clear();
        }
    }
    return groups;
}

void add_collectives(const job::Redesign& job, const std::vector<Seat>& seats,
                     const fabric::FabricGraph& graph, double link, serving::System& system) {
    for (const job::TaskClass& task : job.tasks) {
        if (task.collectives.empty()) continue;
        const std::size_t k = task_index(job, task.name);
        serving::Collective out{static_cast<int>(k), {}};
        std::int64_t largest = 0;
        for (const auto& each : task.collectives) largest = std::max(largest, each.group);
        for (const std::vector<int>& hosts : groups_of(job, seats, k, largest)) {
            serving::Group group{hosts, {}};
            for (const job::CollectiveSpec& each : task.collectives) {
                const double amount = each.bytes * job.base_units[k] / (link * 1e9);
                const auto sent = demands_of(each.kind, hosts, amount, seats, graph);
                group.demands.insert(group.demands.end(), sent.begin(), sent.end());
            }
            out.groups.push_back(std::move(group));
        }
        system.collectives.push_back(std::move(out));
    }
}

serving::System system_of(const job::Redesign& job, const FabricPlan& plan,
                          const std::vector<Seat>& seats, const fabric::FabricGraph& graph) {
    serving::System system;
    for (std::size_t d = 0; d < job.problem.types(); ++d) {
        system.types.push_back(device_type(job, plan, d));
    }
    for (const fleet::Task& task : job.problem.tasks) system.demands.push_back(task.demand);
    system.hosts.resize(static_cast<std::size_t>(graph.hosts()));
    for (std::size_t i = 0; i < seats.size(); ++i) {
        system.hosts[i] = {static_cast<int>(seats[i].type), static_cast<int>(seats[i].node)};
    }
    add_flows(job, plan.link, system);
    add_collectives(job, seats, graph, plan.link, system);
    for (std::size_t k = 0; k < job.problem.classes(); ++k) {
        const double most = job.problem.tasks[k].max_devices;
        if (most < fleet::unlimited) system.limits.push_back({static_cast<int>(k), -1, most});
    }
    return system;
}

serving::Options options_for(const job::Redesign& job, const FabricPlan& plan,
                             const std::vector<Seat>& seats, const fabric::FabricGraph& graph) {
    serving::Options options;
    options.hand_over = plan.hand_over;
    options.routing = plan.routing;
    if (options.hand_over != serving::HandOver::even) return options;
    const std::size_t classes = job.problem.classes();
    options.shares.assign(static_cast<std::size_t>(graph.hosts()) * classes, 0.0);
    for (std::size_t i = 0; i < seats.size(); ++i) {
        for (std::size_t k = 0; k < classes; ++k) {
            const double rate = job.problem.rate(seats[i].type, k) * job.base_units[k];
            if (rate > 0.0) options.shares[i * classes + k] = seats[i].work[k] / rate;
        }
    }
    return options;
}

/// A theta that no placement of these nodes exceeds: every host does every class at the rate of the
/// type that is best in it, groups are not needed, and work is handed over as serves most. What any
/// placement does takes no more time and no other links there.
double placement_bound(const job::Redesign& job, const FabricPlan& plan,
                       const std::vector<Seat>& seats, const fabric::FabricGraph& graph,
                       double fleet_theta) {
    serving::System system = system_of(job, plan, seats, graph);
    serving::DeviceType best = system.types[seats.front().type];
    bool alike = true;
    for (const Seat& seat : seats) {
        const serving::DeviceType& type = system.types[seat.type];
        for (std::size_t k = 0; k < best.rates.size(); ++k) {
            best.rates[k] = std::max(best.rates[k], type.rates[k]);
        }
        best.node_bandwidth = std::max(best.node_bandwidth, type.node_bandwidth);
        alike &= job.devices[seat.type].node_size == job.devices[seats.front().type].node_size;
    }
    // Where nodes are of unlike sizes, node mates depend on the placement.
    if (!alike && best.node_bandwidth > 0.0) return fleet_theta;
    system.types = {best};
    system.collectives.clear();
    for (serving::Host& host : system.hosts) host.type = std::min(host.type, 0);
    serving::Options options = options_for(job, plan, seats, graph);
    options.shares.clear();
    if (options.hand_over == serving::HandOver::even) options.hand_over = serving::HandOver::free;
    return std::min(fleet_theta, serving::serve(graph, system, options).high);
}

/// Replaces the seats of a fabric by those that a search finds.
void search_seats(const job::Redesign& job, const FabricPlan& plan, const fleet::Fleet& fleet,
                  const fleet::Throughput& throughput, DesignFabric& out) {
    const double most = throughput.theta;
    const double bound = placement_bound(job, plan, out.seats, out.graph, most);
    const auto theta = [&](const std::vector<Seat>& seats) {
        const auto found = serving::serve(out.graph, system_of(job, plan, seats, out.graph),
                                          options_for(job, plan, seats, out.graph));
        return std::min(most, found.low);
    };
    auto found = search_placement(job, fleet, throughput, out.graph, plan.hand_over, plan.trials,
                                  bound, theta);
    out.seats = std::move(found.seats);
    out.placement = found.result;
}

/// The price of a port where the job has no [fabric]: that of the first design with a network which
/// can grow, because its network is the template.
double port_price_of(const job::Redesign& job) {
    if (job.charged) return job.network.port_price;
    for (const job::DesignSpec& design : job.designs) {
        if (!design.topology || !fabric::can_grow(*design.topology)) continue;
        const fabric::FabricGraph graph(*topology::make(*design.topology));
        const double ports =
            fabric::parts_of(graph, fabric::node_switches_of(*design.topology)).ports;
        return ports > 0.0 ? design.fabric_price / ports : 0.0;
    }
    return 0.0;
}

/// Price, power and height of the switches and cables of a fabric from the template.
void add_parts(const job::Redesign& job, const topology::Spec& topology, DesignFabric& out) {
    const job::FabricSpec& spec = job.network;
    const auto parts = fabric::parts_of(out.graph, fabric::node_switches_of(topology));
    const auto switches = static_cast<double>(parts.switches);
    out.price = switches * spec.switch_price + parts.ports * port_price_of(job) +
                parts.cables * spec.cable_price;
    out.power = switches * spec.switch_power;
    out.rack_units = switches * spec.switch_rack_units;
}

}  // namespace

bool has_traffic(const job::Redesign& job) {
    if (is_pipeline(job)) return true;
    const auto leaves_nodes = [&](const job::TaskClass& task, std::int64_t group) {
        const std::size_t k = task_index(job, task.name);
        for (std::size_t d = 0; d < job.problem.types(); ++d) {
            if (job.problem.rate(d, k) > 0.0 && job.devices[d].node_size < group) return true;
        }
        return false;
    };
    return std::ranges::any_of(job.tasks, [&](const job::TaskClass& task) {
        return !task.flows.empty() ||
               std::ranges::any_of(task.collectives, [&](const job::CollectiveSpec& each) {
                   return leaves_nodes(task, each.group);
               });
    });
}

std::optional<DesignFabric> fabric_of(const job::Redesign& job, const job::DesignSpec* spec,
                                      const fleet::Fleet& fleet,
                                      const fleet::Throughput& throughput) {
    constexpr double most_hosts = 1e6;
    if (is_pipeline(job) && spec != nullptr) return pipeline_fabric(job, *spec);
    double devices = 0.0;
    for (const double count : fleet) devices += std::ceil(count - 1e-9);
    auto plan = plan_of(job, spec, devices);
    if (!plan || !(throughput.theta > 0.0)) return {};
    if (devices > most_hosts) {
        throw usage_error(fmt::format(
            "a fleet of {:g} devices has a network: at most {:g} are computed; leave out its "
            "topology, or judge a part of the fleet",
            devices, most_hosts));
    }
    widen_rails(job, fleet, *plan);
    DesignFabric out(*topology::make(plan->topology));
    out.link = plan->link;
    out.failures = plan->failures;
    out.seats = seats_of(job, fleet, throughput, plan->placement);
    if (plan->placement == job::Placement::search) {
        search_seats(job, *plan, fleet, throughput, out);
    }
    out.system = system_of(job, *plan, out.seats, out.graph);
    out.options = options_for(job, *plan, out.seats, out.graph);
    const std::string name = plan->topology.generator.empty()
                                 ? std::filesystem::path(plan->topology.file).filename().string()
                                 : plan->topology.generator;
    out.text = fmt::format("{}, {} hosts", name, out.graph.hosts());
    if (!plan->own) add_parts(job, plan->topology, out);
    return out;
}

serving::Outcome served_on(const DesignFabric& design, const fabric::FabricGraph& left) {
    if (design.pipeline) return serve_pipeline(design, left);
    return serving::serve(left, after_failure(design.system, left), design.options);
}

serving::System after_failure(const serving::System& system, const fabric::FabricGraph& left) {
    serving::System out = system;
    for (int host = 0; host < left.hosts(); ++host) {
        if (!left.alive(host)) out.hosts[static_cast<std::size_t>(host)].type = -1;
    }
    for (serving::Collective& each : out.collectives) {
        std::erase_if(each.groups, [&](const serving::Group& group) {
            return std::ranges::any_of(group.hosts, [&](int host) { return !left.alive(host); });
        });
    }
    return out;
}

}  // namespace motley::redesign

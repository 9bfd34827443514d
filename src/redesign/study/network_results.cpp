// What each design serves on its fabric, whole and after failures.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "design_fabric.hpp"
#include "design_pipeline.hpp"
#include "fabric_failures.hpp"
#include "fleet_messages.hpp"
#include "motley/core/expect.hpp"
#include "motley/redesign/fabric/flow.hpp"
#include "phases.hpp"

namespace motley::redesign {
namespace {

std::string channel_name(const fabric::FabricGraph& graph, int channel) {
    if (channel < 0) return "";
    return graph.name(graph.channels()[static_cast<std::size_t>(channel)]);
}

const char* routing_name(serving::Routing routing) {
    switch (routing) {
        case serving::Routing::best:
            return "best routing";
        case serving::Routing::ecmp:
            return "ECMP";
        case serving::Routing::adaptive:
            return "adaptive routing";
    }
    return "";
}

const char* hand_over_name(serving::HandOver hand_over) {
    switch (hand_over) {
        case serving::HandOver::free:
            return "to any device";
        case serving::HandOver::rack:
            return "in the rack";
        case serving::HandOver::even:
            return "evenly to all";
    }
    return "";
}

/// The bounds of an outcome; those that agree up to the rounding of the programmes are one number.
Bracket bounds_of(const serving::Outcome& outcome) {
    constexpr double rounding = 1e-8;
    if (outcome.gap() <= rounding) return {outcome.high, outcome.high};
    return {outcome.low, outcome.high};
}

/// The fabric with the loads at theta.
report::FabricPicture picture_of(const DesignFabric& each, const serving::Outcome& outcome) {
    report::FabricPicture picture;
    picture.unit = "GB/s";
    for (int v = 0; v < each.graph.vertices(); ++v) {
        picture.vertices.push_back({each.graph.name(v), each.graph.is_host(v)});
    }
    const auto& channels = each.graph.channels();
    for (std::size_t c = 0; c < channels.size(); ++c) {
        picture.channels.push_back({channels[c].source, channels[c].target,
                                    std::max(0.0, outcome.loads[c]) * each.link,
                                    channels[c].capacity * each.link});
    }
    return picture;
}

/// The same for a pipeline. On return `stated.loads` are the units that channels carry, because
/// units without data need their links too.
NetworkResult pipeline_network(const job::Redesign& job, const DesignFabric& each,
                               serving::Outcome& stated) {
    NetworkResult out;
    out.pipeline = pipeline_result(job, each, stated);
    out.given = true;
    out.fabric = each.text;
    out.routing = routing_name(serving::Routing::best);
    out.hand_over = "to a stage with the next layer";
    out.bound = out.best = bounds_of(stated);
    out.picture = picture_of(each, stated);
    out.traffic = out.pipeline->traffic;
    out.even = out.hops = fleet::unknown;
    stated.loads = out.pipeline->carried;
    return out;
}

/// What a design serves on its fabric, and the channels that limit it.
NetworkResult network_of(const job::Redesign& job, const DesignFabric& each,
                         serving::Outcome& stated) {
    if (each.pipeline) return pipeline_network(job, each, stated);
    NetworkResult out;
    out.given = true;
    out.placement = each.placement;
    out.fabric = each.text;
    out.routing = routing_name(each.options.routing);
    out.hand_over = hand_over_name(each.options.hand_over);
    stated = serving::serve(each.graph, each.system, each.options);
    out.bound = bounds_of(stated);
    out.bottleneck = channel_name(each.graph, stated.bottleneck);
    out.picture = picture_of(each, stated);
    serving::Options best = each.options;
    best.routing = serving::Routing::best;
    const bool same = each.options.routing == serving::Routing::best;
    const auto freest = same ? stated : serving::serve(each.graph, each.system, best);
    out.best = bounds_of(freest);
    const FleetTraffic even = traffic_of(job, each.seats, each.graph, each.link);
    const fabric::Routed routed = fabric::ecmp(each.graph, even.traffic);
    out.traffic = even.traffic.total() * each.link;
    out.even = routed.throughput;
    out.hops = routed.hops;
    out.uneven_groups = even.uneven_groups;
    return out;
}

/// Applies the limit of the network to the results of the fleet.
void limit(const job::Redesign& job, DesignResult& design) {
    const double theta = design.throughput.theta, low = design.network.bound.low;
    if (!design.network_binds()) design.network.bottleneck.clear();
    design.gain.network = design.network_binds() ? low / theta : 1.0;
    design.gain.total *= design.gain.network;
    MOTLEY_EXPECT(design.gain.consistent(), "the factors of a gain do not multiply to the total");
    const double busy = std::min(theta, 1.0);
    double idle = 0.0;
    for (std::size_t d = 0; d < design.fleet.size(); ++d) {
        idle += design.fleet[d] * job.problem.devices[d].power_idle;
    }
    design.power = idle + (design.power - idle) * std::min(1.0, low / busy);
    design.price_to_serve = design.price / served_of(job, design.theta());
    double after_node = low;
    for (const FabricLoss& loss : design.network.losses) {
        if (loss.part == "node" && loss.tried > 0) after_node = loss.theta;
    }
    const auto cap = [](fleet::Loss& loss, double most) {
        loss.theta = std::min(loss.theta, most);
        loss.theta_fixed = std::min(loss.theta_fixed, most);
    };
    cap(design.losses.device, low);
    cap(design.losses.node, after_node);
    for (fleet::Loss& loss : design.losses.devices) cap(loss, low);
    for (fleet::Loss& loss : design.losses.nodes) cap(loss, low);
    limit_by_pipeline(job, design);
}

/// Adds price, power and height of the fabric to those of the devices.
void add_parts(const DesignFabric& each, DesignResult& design) {
    design.fabric_price += each.price;
    design.price += each.price;
    design.power += each.power;
    design.power_peak += each.power;
    design.rack_units += each.rack_units;
}

const job::DesignSpec* spec_of(const job::Redesign& job, std::size_t design) {
    return design < job.designs.size() ? &job.designs[design] : nullptr;
}

struct IndexedFabric {
    std::size_t design = 0;
    DesignFabric fabric;
};

std::vector<IndexedFabric> fabrics_of(const job::Redesign& job,
                                      const std::vector<fleet::Fleet>& fleets) {
    std::vector<IndexedFabric> fabrics;
    for (std::size_t i = 0; i < fleets.size(); ++i) {
        const fleet::Throughput throughput = fleet::best_throughput(job.problem, fleets[i]);
        if (auto fabric = fabric_of(job, spec_of(job, i), fleets[i], throughput)) {
            fabrics.push_back({i, std::move(*fabric)});
        }
    }
    return fabrics;
}

void add_notes(const job::Redesign& job, const std::vector<IndexedFabric>& fabrics,
               RedesignResult& result) {
    for (const DesignResult& design : result.designs) {
        if (!has_traffic(job) || design.network.given || !(design.throughput.theta > 0.0)) continue;
        result.notes.push_back("the traffic of '" + design.name +
                               "' is not charged: it has no fabric. Give [fabric], or the design a "
                               "topology");
    }
    std::set<std::string> said;
    for (const IndexedFabric& each : fabrics) {
        const DesignResult& design = result.designs[each.design];
        for (const std::string& remark : each.fabric.remarks) {
            if (!said.insert(remark).second) continue;
            result.notes.push_back("the topology of '" + design.name + "': " + remark);
        }
        const NetworkResult& network = design.network;
        if (each.fabric.pipeline) {
            if (network.bound.high > 0.0) continue;
            result.notes.push_back("no unit passes all layers of '" + design.name +
                                   "': follow its links from first layers to last ones");
            continue;
        }
        if (each.fabric.system.flows.empty() && each.fabric.system.collectives.empty()) {
            result.notes.push_back("'" + design.name + "' has a topology, but no traffic on it: " +
                                   "give [task.NAME] flows or collectives");
        }
        if (network.bound.low < network.best.low * (1.0 - 1e-6)) {
            result.notes.push_back(fmt::format(
                "by {} '{}' serves {:.3g} of the demand; the best routing serves {:.4g}",
                network.routing, design.name, network.bound.low, network.best.low));
        }
        if (network.uneven_groups > 0) {
            result.notes.push_back(fmt::format(
                "{} hierarchical all-reduces of '{}' go round a ring: their nodes are not alike",
                network.uneven_groups, design.name));
        }
    }
}

}  // namespace

void add_network_alone(const job::Redesign& job, const job::DesignSpec* spec,
                       DesignResult& design) {
    const auto fabric = fabric_of(job, spec, design.fleet, design.throughput);
    if (!fabric) return;
    serving::Outcome whole;
    design.network = network_of(job, *fabric, whole);
    add_parts(*fabric, design);
    using Part = job::Survival::Part;
    const bool survives = std::ranges::any_of(job.proposal.survive, [](const job::Survival& each) {
        return each.part != Part::device && each.part != Part::share;
    });
    if (survives && design.theta() >= 1.0 - 1e-6) {
        design.network.losses =
            losses_of(*fabric, whole, design.theta(), mpi::Communicator::self());
    }
    limit(job, design);
}

std::vector<double> add_network(const job::Redesign& job, const mpi::Communicator& comm,
                                RedesignResult& result) {
    const auto fleets = broadcast_fleets(comm, result, job.problem.types());
    std::vector<double> limits(fleets.size(), fleet::unlimited);
    std::vector<IndexedFabric> fabrics;
    mpi::together(comm, [&] { fabrics = fabrics_of(job, fleets); });
    for (const IndexedFabric& each : fabrics) {
        // Every rank solves the same programme, so that all know the loads and prices of its links.
        NetworkResult network;
        serving::Outcome whole;
        mpi::together(comm, [&] { network = network_of(job, each.fabric, whole); });
        const double theta = std::min(
            network.bound.low, fleet::best_throughput(job.problem, fleets[each.design]).theta);
        limits[each.design] = network.bound.low;
        network.losses = losses_of(each.fabric, whole, theta, comm);
        mpi::on_root(comm, [&] {
            DesignResult& design = result.designs[each.design];
            add_parts(each.fabric, design);
            design.network = network;
            limit(job, design);
            if (network.placement) {
                specialise(job, *spec_of(job, each.design), each.fabric.seats, design);
            }
        });
    }
    if (comm.root()) add_notes(job, fabrics, result);
    return limits;
}

}  // namespace motley::redesign

// The share of the traffic of a fleet that its fabric carries, whole and after failures.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include "fleet_messages.hpp"
#include "fleet_traffic.hpp"
#include "motley/core/expect.hpp"
#include "motley/redesign/fabric/assessment.hpp"
#include "phases.hpp"

namespace motley::redesign {
namespace {

constexpr std::array parts = {fabric::FabricPart::link, fabric::FabricPart::switches,
                              fabric::FabricPart::rack};

/// The fabric of a design, with its traffic and the failures to try; the same on all ranks.
struct DesignFabric {
    std::size_t design = 0;
    fabric::FabricGraph graph;
    FleetTraffic fleet;
    std::array<std::vector<fabric::Failure>, parts.size()> failures = {};
    std::array<std::int64_t, parts.size()> possible = {};
};

/// At most `most` of the failures, evenly spaced.
std::vector<fabric::Failure> thinned(std::vector<fabric::Failure> all, std::int64_t most) {
    const auto count = std::ssize(all);
    if (count <= most) return all;
    std::vector<fabric::Failure> kept;
    for (std::int64_t i = 0; i < most; ++i) {
        kept.push_back(std::move(all[static_cast<std::size_t>(i * count / most)]));
    }
    return kept;
}

DesignFabric fabric_of(const job::Redesign& job, std::size_t design, const fleet::Fleet& fleet,
                       const fleet::Throughput& throughput) {
    const job::DesignSpec& spec = job.designs[design];
    fabric::FabricGraph graph(*topology::make(*spec.topology));
    const auto seats = seats_of(job, fleet, throughput, spec.placement);
    FleetTraffic traffic = traffic_of(job, seats, graph, spec.link);
    DesignFabric out{design, std::move(graph), std::move(traffic)};
    for (std::size_t p = 0; p < parts.size(); ++p) {
        auto all = fabric::every(out.graph, parts[p]);
        out.possible[p] = std::ssize(all);
        out.failures[p] = thinned(std::move(all), spec.failures);
    }
    return out;
}

std::vector<DesignFabric> fabrics_of(const job::Redesign& job,
                                     const std::vector<fleet::Fleet>& fleets) {
    std::vector<DesignFabric> fabrics;
    for (std::size_t i = 0; i < job.designs.size(); ++i) {
        if (!job.designs[i].topology) continue;
        const fleet::Throughput throughput = fleet::best_throughput(job.problem, fleets[i]);
        if (throughput.theta > 0.0) fabrics.push_back(fabric_of(job, i, fleets[i], throughput));
    }
    return fabrics;
}

/// The throughput of one fabric, in the form that ranks send.
struct Carried {
    double low, high, ecmp, hops;
    int channel, ecmp_channel;
};

Carried carried_by(const DesignFabric& each) {
    const fabric::Assessment all = fabric::assess(each.graph, each.fleet.traffic);
    return {all.optimum.low, all.optimum.high,       all.ecmp.throughput,
            all.ecmp.hops,   all.optimum.bottleneck, all.ecmp.bottleneck};
}

/// The ECMP throughput after one failure.
struct TriedFailure {
    double ecmp, served;
    int disconnected;
};

/// Computes `of(i)` for i < count, spread over the ranks. Returns all of them in order on every
/// rank.
template <class Value, class Of>
std::vector<Value> over_ranks(const mpi::Communicator& comm, std::int64_t count, Of of) {
    const std::int64_t first = count * comm.rank() / comm.size();
    const std::int64_t last = count * (comm.rank() + 1) / comm.size();
    std::vector<Value> own;
    mpi::together(comm, [&] {
        for (std::int64_t i = first; i < last; ++i) own.push_back(of(static_cast<std::size_t>(i)));
    });
    return comm.all_gather(own);
}

std::vector<TriedFailure> try_all(const mpi::Communicator& comm, const DesignFabric& each,
                                  const std::vector<fabric::Failure>& failures) {
    return over_ranks<TriedFailure>(comm, std::ssize(failures), [&](std::size_t i) {
        const auto left =
            fabric::after(each.graph, each.fleet.traffic, failures[i], fabric::FlowBounds::skipped);
        return TriedFailure{left.ecmp, left.served, left.disconnected};
    });
}

/// Share of the demand whose traffic ECMP carries, where the fleet serves `theta`.
double kept(const TriedFailure& tried, double theta) {
    return tried.served > 0.0 ? tried.served * std::min(tried.ecmp, theta) : 0.0;
}

FabricLoss loss_of(const DesignFabric& each, std::size_t part,
                   const std::vector<TriedFailure>& tried, double theta) {
    FabricLoss loss;
    loss.part = fabric::name_of(parts[part]);
    loss.tried = std::ssize(tried);
    loss.possible = each.possible[part];
    if (tried.empty()) return loss;
    const auto worst = std::ranges::min_element(
        tried, {}, [&](const TriedFailure& one) { return kept(one, theta); });
    const auto& failure = each.failures[part][static_cast<std::size_t>(worst - tried.begin())];
    loss.worst = failure.name;
    loss.ecmp = worst->ecmp;
    loss.served = worst->served;
    loss.theta = kept(*worst, theta);
    for (const TriedFailure& one : tried) loss.disconnecting += one.disconnected > 0 ? 1 : 0;
    const auto left =
        fabric::after(each.graph, each.fleet.traffic, failure, fabric::FlowBounds::computed);
    loss.bound = {left.optimum.low, left.optimum.high};
    return loss;
}

std::string channel_name(const fabric::FabricGraph& graph, int channel) {
    if (channel < 0) return "";
    return graph.name(graph.channels()[static_cast<std::size_t>(channel)]);
}

NetworkResult network_of(const job::Redesign& job, const DesignFabric& each,
                         const Carried& carried) {
    NetworkResult out;
    out.given = true;
    out.bound = {carried.low, carried.high};
    out.ecmp = carried.ecmp;
    out.hops = carried.hops;
    out.traffic = each.fleet.traffic.total() * job.designs[each.design].link;
    out.bottleneck = channel_name(each.graph, carried.channel);
    out.ecmp_bottleneck = channel_name(each.graph, carried.ecmp_channel);
    return out;
}

/// Applies the limit of the network to the results of the fleet.
void limit(const job::Redesign& job, DesignResult& design) {
    const double theta = design.throughput.theta, low = design.network.bound.low;
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
    for (fleet::Loss* loss : {&design.losses.device, &design.losses.node}) {
        loss->theta = std::min(loss->theta, low);
        loss->theta_fixed = std::min(loss->theta_fixed, low);
    }
    for (auto* losses : {&design.losses.devices, &design.losses.nodes}) {
        for (fleet::Loss& loss : *losses) {
            loss.theta = std::min(loss.theta, low);
            loss.theta_fixed = std::min(loss.theta_fixed, low);
        }
    }
}

void add_notes(const job::Redesign& job, const std::vector<DesignFabric>& fabrics,
               RedesignResult& result) {
    const bool any = std::ranges::any_of(job.tasks, [](const job::TaskClass& task) {
        return !task.flows.empty() || !task.collectives.empty();
    });
    for (const DesignResult& design : result.designs) {
        if (!any || design.network.given || !(design.throughput.theta > 0.0)) continue;
        result.notes.push_back("the traffic of '" + design.name +
                               "' is not charged: it has no topology, and is no proposal to a "
                               "baseline that has one");
    }
    for (const DesignFabric& each : fabrics) {
        const DesignResult& design = result.designs[each.design];
        if (each.fleet.traffic.empty()) {
            result.notes.push_back("'" + design.name + "' has a topology, but no traffic on it: " +
                                   "give [task.NAME] flows or collectives");
        }
        if (design.network.ecmp < design.theta() * (1.0 - 1e-9)) {
            result.notes.push_back(fmt::format(
                "by shortest paths (ECMP) '{}' serves {:.3g} of the demand, not the {:.4g} of the "
                "best routing",
                design.name, design.network.ecmp, design.theta()));
        }
        if (each.fleet.uneven_groups > 0) {
            result.notes.push_back(fmt::format(
                "{} hierarchical all-reduces of '{}' go round a ring: their nodes are not alike",
                each.fleet.uneven_groups, design.name));
        }
        if (design.network_binds() && !design.flips.empty()) {
            result.notes.push_back("the network limits '" + design.name +
                                   "': the flips are those of the fleets alone");
        }
    }
}

}  // namespace

std::vector<double> add_network(const job::Redesign& job, const mpi::Communicator& comm,
                                RedesignResult& result) {
    const auto fleets = broadcast_fleets(comm, result, job.problem.types());
    std::vector<double> limits(fleets.size(), fleet::unlimited);
    std::vector<DesignFabric> fabrics;
    mpi::together(comm, [&] { fabrics = fabrics_of(job, fleets); });
    const auto carried = over_ranks<Carried>(comm, std::ssize(fabrics),
                                             [&](std::size_t i) { return carried_by(fabrics[i]); });
    for (std::size_t i = 0; i < fabrics.size(); ++i) {
        const DesignFabric& each = fabrics[i];
        limits[each.design] = carried[i].low;
        std::array<std::vector<TriedFailure>, parts.size()> tried;
        for (std::size_t p = 0; p < parts.size(); ++p) {
            tried[p] = try_all(comm, each, each.failures[p]);
        }
        mpi::on_root(comm, [&] {
            DesignResult& design = result.designs[each.design];
            design.network = network_of(job, each, carried[i]);
            for (std::size_t p = 0; p < parts.size(); ++p) {
                if (each.failures[p].empty()) continue;
                design.network.losses.push_back(
                    loss_of(each, p, tried[p], design.throughput.theta));
            }
            limit(job, design);
        });
    }
    if (comm.root()) add_notes(job, fabrics, result);
    return limits;
}

}  // namespace motley::redesign

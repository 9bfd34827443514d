// The heterogeneity of an allocation at each level of the machine.
#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <numeric>

#include "fleet_traffic.hpp"
#include "motley/core/expect.hpp"
#include "motley/redesign/fabric/fabric_graph.hpp"
#include "phases.hpp"

namespace motley::redesign {
namespace {

/// Shares of time, devices times classes, up to which the devices are listed one by one.
constexpr double most_shares = 2e6;

/// The group of every seat.
struct Grouping {
    std::string name;
    std::vector<std::size_t> group;
};

/// Seats x K, row by row: the time of a seat on a class.
std::vector<double> times_of(const job::Redesign& job, const std::vector<Seat>& seats) {
    std::vector<double> times;
    for (const Seat& seat : seats) {
        for (std::size_t k = 0; k < seat.work.size(); ++k) {
            const double rate = job.problem.rate(seat.type, k) * job.base_units[k];
            times.push_back(seat.work[k] > 0.0 ? seat.work[k] / rate : 0.0);
        }
    }
    return times;
}

/// Mutual information of class and group: sum p ln(p / (p_group p_class)).
double information(const std::vector<double>& times, const std::vector<std::size_t>& group,
                   std::size_t classes) {
    std::map<std::size_t, std::vector<double>> joint;
    std::vector<double> by_class(classes, 0.0);
    double total = 0.0;
    for (std::size_t i = 0; i < times.size(); ++i) {
        auto& row = joint[group[i / classes]];
        row.resize(classes, 0.0);
        row[i % classes] += times[i];
        by_class[i % classes] += times[i];
        total += times[i];
    }
    double sum = 0.0;
    for (const auto& [id, row] : joint) {
        double all = 0.0;
        for (const double time : row) all += time;
        for (std::size_t k = 0; k < classes; ++k) {
            if (row[k] > 0.0)
                sum += row[k] / total * std::log(row[k] * total / (all * by_class[k]));
        }
    }
    return std::max(0.0, sum);
}

/// The levels of a nested topology: its groups by the leading coordinates of the hosts.
std::vector<Grouping> nested_levels(const std::vector<topology::Level>& levels, std::size_t seats) {
    std::vector<Grouping> out;
    std::size_t inside = 1;
    for (auto level = levels.rbegin(); level != levels.rend(); ++level) {
        Grouping grouping{level->name, {}};
        for (std::size_t host = 0; host < seats; ++host) grouping.group.push_back(host / inside);
        out.insert(out.begin(), std::move(grouping));
        inside *= static_cast<std::size_t>(level->groups);
    }
    return out;
}

/// Racks, where hosts are linked to switches; then nodes and devices.
std::vector<Grouping> plain_levels(const topology::Topology* topology,
                                   const std::vector<Seat>& seats) {
    Grouping rack{"rack", {}}, node{"node", {}}, device{"device", {}};
    for (std::size_t i = 0; i < seats.size(); ++i) {
        node.group.push_back(seats[i].node);
        device.group.push_back(i);
    }
    if (topology == nullptr || topology->hosts() == topology->agents()) return {node, device};
    const fabric::FabricGraph graph(*topology);
    for (std::size_t i = 0; i < seats.size(); ++i) {
        const int host = static_cast<int>(i);
        rack.group.push_back(static_cast<std::size_t>(fabric::leaf_of(graph, host) + 1));
    }
    return {rack, node, device};
}

/// Splits the inner groups, so that each lies within one outer group.
void refine(const Grouping& outer, Grouping& inner) {
    std::map<std::pair<std::size_t, std::size_t>, std::size_t> ids;
    for (std::size_t i = 0; i < inner.group.size(); ++i) {
        const auto key = std::pair(outer.group[i], inner.group[i]);
        inner.group[i] = ids.try_emplace(key, ids.size()).first->second;
    }
}

bool whole(const fleet::Fleet& fleet) {
    return std::ranges::all_of(fleet, [](double n) { return n == std::round(n); });
}

Specialisation specialisation_of(const job::Redesign& job, const DesignResult& design,
                                 const job::DesignSpec* spec, const std::vector<Seat>& seats) {
    const auto times = times_of(job, seats);
    const std::size_t classes = job.problem.classes();
    std::vector<std::size_t> types;
    for (const Seat& seat : seats) types.push_back(seat.type);
    Specialisation out;
    out.types = information(times, types, classes);
    const auto kinds = static_cast<double>(fleet::types_in(design.fleet));
    out.bound = std::log(std::min(kinds, static_cast<double>(classes)));
    std::unique_ptr<topology::Topology> topology;
    if (spec != nullptr && spec->topology) topology = topology::make(*spec->topology);
    const bool nested = topology != nullptr && !topology->levels().empty();
    std::vector<Grouping> levels = nested ? nested_levels(topology->levels(), seats.size())
                                          : plain_levels(topology.get(), seats);
    double outside = 0.0;
    for (std::size_t l = 0; l < levels.size(); ++l) {
        if (l > 0) refine(levels[l - 1], levels[l]);
        const double now = information(times, levels[l].group, classes);
        MOTLEY_EXPECT(now > outside - 1e-9, "an inner level tells the devices apart less");
        out.levels.push_back({levels[l].name, std::max(0.0, now - outside)});
        outside = now;
    }
    return out;
}

/// The mutual information of class and device type alone, for fleets too large to list their
/// devices.
Specialisation of_types(const job::Redesign& job, const DesignResult& design) {
    const std::size_t classes = job.problem.classes();
    std::vector<double> times = design.throughput.allocation;
    std::vector<std::size_t> types;
    for (std::size_t d = 0; d < job.problem.types(); ++d) types.push_back(d);
    for (std::size_t k = 0; k < classes; ++k) {
        double served = 0.0;
        for (const std::size_t d : types) served += times[d * classes + k] * job.problem.rate(d, k);
        if (served <= 0.0) continue;
        for (const std::size_t d : types) {
            times[d * classes + k] *= job.problem.tasks[k].demand / served;
        }
    }
    const auto kinds = static_cast<double>(fleet::types_in(design.fleet));
    return {{},
            information(times, types, classes),
            std::log(std::min(kinds, static_cast<double>(classes)))};
}

}  // namespace

void add_specialisation(const job::Redesign& job, RedesignResult& result) {
    for (std::size_t i = 0; i < result.designs.size(); ++i) {
        DesignResult& design = result.designs[i];
        if (!(design.throughput.theta > 0.0) || !whole(design.fleet)) continue;
        const double devices = std::accumulate(design.fleet.begin(), design.fleet.end(), 0.0);
        if (devices * static_cast<double>(job.problem.classes()) > most_shares) {
            design.specialisation = of_types(job, design);
            continue;
        }
        const job::DesignSpec* spec = i < job.designs.size() ? &job.designs[i] : nullptr;
        const auto placement = spec == nullptr ? job::Placement::packed : spec->placement;
        const auto seats = seats_of(job, design.fleet, design.throughput, placement);
        design.specialisation = specialisation_of(job, design, spec, seats);
    }
}

void specialise(const job::Redesign& job, const job::DesignSpec& spec,
                const std::vector<Seat>& seats, DesignResult& design) {
    if (whole(design.fleet)) design.specialisation = specialisation_of(job, design, &spec, seats);
}

}  // namespace motley::redesign

// kind = "redesign": checks that fleets, topologies and traffic fit together.
#include <fmt/format.h>

#include <algorithm>

#include "job/checks.hpp"
#include "job/reader.hpp"
#include "job/redesign/read_redesign.hpp"
#include "motley/core/error.hpp"
#include "motley/redesign/fabric/fabric_graph.hpp"

namespace motley::job {
namespace {

const Value& named(const Value& root, const char* section, const std::string& name) {
    return root.find(section)->value.find(name)->value;
}

const Value& value_of(const Value& owner, const char* key) {
    const Member* member = owner.find(key);
    return member == nullptr ? owner : member->value;
}

void check_flows(const TaskClass& task, const Value& given, const std::vector<std::string>& tasks,
                 Findings& findings) {
    for (std::size_t i = 0; i < task.flows.size(); ++i) {
        const std::string& to = task.flows[i].to;
        if (to.empty() || std::ranges::find(tasks, to) != tasks.end()) continue;
        findings.add(value_of(value_of(given, "flows").items[i], "to").place,
                     fmt::format("'task.{}.flows[{}].to': [demand] has no '{}'; it has {}",
                                 task.name, i + 1, to, list(tasks)),
                     [to, tasks] { return nearest(to, tasks); });
    }
}

/// The place of the key, because the value may be in another file.
Position place_of_topology(const Value& given) {
    return given.find("topology")->place;
}

/// Checks that there is a host for each device, and that every host reaches every other one.
void check_fabric(const DesignSpec& design, const Value& given, Findings& findings) {
    const Position place = place_of_topology(given);
    double devices = 0.0;
    for (const auto& [name, count] : design.fleet) devices += count.value;
    try {
        const auto topology = topology::make(*design.topology);
        if (devices > static_cast<double>(topology->hosts())) {
            findings.add(place, fmt::format("'design.{}.fleet' has {:.0f} devices, but its "
                                            "topology has {} hosts: take a larger topology or "
                                            "fewer devices",
                                            design.name, devices, topology->hosts()));
        } else {
            fabric::require_connected(fabric::FabricGraph(*topology));
        }
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::usage) throw;
        findings.add(place, fmt::format("'design.{}.topology': {}", design.name, error.what()));
    }
}

void check_design(const DesignSpec& design, const Value& given, Findings& findings) {
    if (given.find("topology") == nullptr) {
        // A resolved text contains these keys with their defaults, which is no mistake.
        const DesignSpec standard;
        const auto refuse = [&](const char* key, bool chosen) {
            if (!chosen) return;
            findings.add(value_of(given, key).place,
                         fmt::format("'design.{}.{}' needs 'design.{}.topology'", design.name, key,
                                     design.name));
        };
        refuse("link_gb_per_s", design.link > 0.0);
        refuse("placement", design.placement != standard.placement);
        refuse("failures", design.failures != standard.failures);
    }
    if (design.placement_trials && design.placement != Placement::search) {
        findings.add(value_of(given, "placement_trials").place,
                     fmt::format("'design.{}.placement_trials' needs 'design.{}.placement' = "
                                 "\"search\"",
                                 design.name, design.name));
    }
    if (!design.topology) return;
    if (given.find("link_gb_per_s") == nullptr) {
        findings.add(place_of_topology(given),
                     fmt::format("'design.{}.topology' needs 'design.{}.link_gb_per_s': GB/s of a "
                                 "host port",
                                 design.name, design.name));
    }
    check_topology(*design.topology, value_of(given, "topology"), findings);
    refuse_dynamic(*design.topology, value_of(given, "topology"), findings);
}

}  // namespace

void check_networks(Redesign& redesign, const Value& root, const std::vector<std::string>& tasks,
                    Findings& findings) {
    for (const TaskClass& task : redesign.tasks) {
        check_flows(task, named(root, "task", task.name), tasks, findings);
    }
    for (DesignSpec& design : redesign.designs) {
        check_design(design, named(root, "design", design.name), findings);
        if (!design.topology) continue;
        design.topology->seed = redesign.seed;
        for (topology::Spec& level : design.topology->levels) level.seed = redesign.seed;
    }
    if (!findings.empty()) return;
    for (const DesignSpec& design : redesign.designs) {
        // Units of a pipeline go one way, so that its hosts need not all reach each other.
        if (!design.topology || !design.stages.empty()) continue;
        check_fabric(design, named(root, "design", design.name), findings);
    }
}

}  // namespace motley::job

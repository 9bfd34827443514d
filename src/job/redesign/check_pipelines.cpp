// kind = "redesign": checks that the keys of a pipeline fit together.
#include <fmt/format.h>

#include <algorithm>

#include "job/redesign/read_redesign.hpp"

namespace motley::job {
namespace {

Position place_of(const Value& root, std::initializer_list<std::string> path) {
    const Value* value = &root;
    for (const std::string& key : path) {
        const Member* member = value->find(key);
        if (member == nullptr) break;
        value = &member->value;
    }
    return value->place;
}

/// The classes that are pipelines.
std::vector<const TaskClass*> pipelines_of(const Redesign& redesign) {
    std::vector<const TaskClass*> out;
    for (const TaskClass& task : redesign.tasks) {
        if (task.layers > 0) out.push_back(&task);
    }
    return out;
}

/// Keys that speak of devices which do a unit alone, or in groups.
void check_class(const TaskClass& task, const Value& root, Findings& findings) {
    const auto refuse = [&](bool given, const char* key) {
        if (!given) return;
        findings.add(place_of(root, {"task", task.name, key}),
                     fmt::format("'task.{}.{}' does not go with 'task.{}.layers': what a stage of "
                                 "a pipeline does is in its file, [design.NAME] stages",
                                 task.name, key, task.name));
    };
    refuse(task.flops > 0.0, "flops");
    refuse(task.bytes > 0.0, "bytes");
    refuse(task.memory > 0.0, "memory_gb");
    refuse(task.parameters > 0.0, "parameters");
    refuse(task.cache > 0.0, "kv_cache_gb");
    refuse(task.group > 1, "group");
    refuse(task.max_devices > 0, "max_devices");
    refuse(task.indivisible, "indivisible");
    refuse(!task.efficiency.empty(), "efficiency");
    refuse(task.least_quality > 0.0, "least_quality");
    refuse(!task.flows.empty(), "flows");
    refuse(!task.collectives.empty(), "collectives");
    if (task.p95_wait) {
        findings.add(place_of(root, {"task", task.name, "p95_wait_s"}),
                     fmt::format("'task.{}.p95_wait_s' is for classes without layers: the waits "
                                 "in a pipeline are not computed",
                                 task.name));
    }
    if (!task.stage_bytes) {
        findings.add(place_of(root, {"task", task.name}),
                     fmt::format("'task.{}.layers' needs 'task.{}.stage_bytes': what a unit "
                                 "carries from stage to stage, in B; 0: nothing",
                                 task.name, task.name));
    }
}

void check_design(const DesignSpec& design, const TaskClass& task, const Value& root,
                  Findings& findings) {
    const auto say = [&](const char* key, const std::string& what) {
        findings.add(place_of(root, {"design", design.name, key}), what);
    };
    const std::string name = "'design." + design.name;
    if (design.stages.empty()) {
        say("stages", fmt::format("{}.stages' is missing: '{}' is a pipeline, so that every design "
                                  "says which machine holds which layers",
                                  name, task.name));
        return;
    }
    if (!design.topology) {
        say("stages", fmt::format("{}.stages' needs {}.topology': the links between the machines",
                                  name, name));
    }
    if (!design.coordinator.empty() && !task.request_bytes) {
        say("coordinator",
            fmt::format("{}.coordinator' needs 'task.{}.request_bytes': what a unit carries from "
                        "the coordinator, and back to it, in B; 0: nothing",
                        name, task.name));
    }
    const DesignSpec standard;
    if (design.placement != standard.placement) {
        say("placement", name + ".placement' is for fleets: stages have their places");
    }
    if (design.hand_over != standard.hand_over) {
        say("hand_over", name +
                             ".hand_over' is for fleets: a unit goes to a stage with its next "
                             "layer, as serves most");
    }
    if (design.routing == Routing::adaptive) {
        say("routing", name + ".routing': units of a pipeline take the best routes; leave it out");
    }
}

/// Sections that a pipeline leaves without a meaning.
void check_rest(const Redesign& redesign, const TaskClass& task, const Value& root,
                Findings& findings) {
    for (const auto& [name, amount] : redesign.wanted) {
        if (name == task.name) continue;
        findings.add(place_of(root, {"demand", name}),
                     fmt::format("'{}' is a pipeline, and '{}' is demanded beside it: a job with a "
                                 "pipeline has one class",
                                 task.name, name));
    }
    for (const DeviceType& device : redesign.devices) {
        if (!device.rate.empty()) {
            findings.add(place_of(root, {"device", device.name, "rate"}),
                         fmt::format("'device.{}.rate': the rates of a pipeline are in the file of "
                                     "its stages",
                                     device.name));
        }
        if (device.node_size > 1) {
            findings.add(place_of(root, {"device", device.name, "node_size"}),
                         fmt::format("'device.{}.node_size': a stage of a pipeline is one machine, "
                                     "with the price and the power of all that is in it; leave "
                                     "node_size out",
                                     device.name));
        }
    }
    if (!redesign.rates_file.empty()) {
        findings.add(place_of(root, {"rates", "file"}),
                     "[rates]: the rates of a pipeline are in the file of its stages");
    }
    if (redesign.fabric) {
        findings.add(place_of(root, {"fabric"}),
                     "[fabric] is for fleets: every design of a pipeline has its own topology");
    }
    if (redesign.search.spare || redesign.search.pareto > 0) {
        findings.add(place_of(root, {"search", redesign.search.spare ? "spare" : "pareto"}),
                     "[search] finds no stages: a job with a pipeline compares the designs that "
                     "are given; leave spare and pareto out");
    }
    const UncertaintySpec& uncertainty = redesign.uncertainty;
    if (uncertainty.failure > 0.0 || uncertainty.straggler_share > 0.0) {
        const bool fails = uncertainty.failure > 0.0;
        findings.add(place_of(root, {"uncertainty", fails ? "node_failure" : "straggler_share"}),
                     "[uncertainty] does not say which stage is down or slow; see what a pipeline "
                     "loses by 'proposal.survive', and leave node_failure and straggler_share out");
    }
    for (const Survival& each : redesign.proposal.survive) {
        if (each.part != Survival::Part::share) continue;
        findings.add(place_of(root, {"proposal", "survive"}),
                     "'proposal.survive': the loss of a share of the devices is not known for a "
                     "pipeline; take \"node\", \"link\", \"switch\" or \"rack\"");
    }
}

/// Keys of pipelines in a job that has none.
void check_absence(const Redesign& redesign, const Value& root, Findings& findings) {
    for (const TaskClass& task : redesign.tasks) {
        if (!task.stage_bytes && !task.request_bytes) continue;
        const char* key = task.stage_bytes ? "stage_bytes" : "request_bytes";
        findings.add(place_of(root, {"task", task.name, key}),
                     fmt::format("'task.{}.{}' needs 'task.{}.layers': the layers of the model",
                                 task.name, key, task.name));
    }
    for (const DesignSpec& design : redesign.designs) {
        const char* key = !design.stages.empty()        ? "stages"
                          : !design.coordinator.empty() ? "coordinator"
                          : design.partial              ? "partial"
                                                        : nullptr;
        if (key == nullptr) continue;
        findings.add(place_of(root, {"design", design.name, key}),
                     fmt::format("'design.{}.{}' needs a class with layers: say how many the model "
                                 "has, as [task.NAME] layers = 32",
                                 design.name, key));
    }
}

}  // namespace

void check_pipelines(const Redesign& redesign, const Value& root, Findings& findings) {
    const auto pipelines = pipelines_of(redesign);
    if (pipelines.empty()) return check_absence(redesign, root, findings);
    if (pipelines.size() > 1) {
        findings.add(place_of(root, {"task", pipelines[1]->name, "layers"}),
                     fmt::format("'{}' and '{}' have layers: a job has one pipeline",
                                 pipelines[0]->name, pipelines[1]->name));
        return;
    }
    check_class(*pipelines[0], root, findings);
    check_rest(redesign, *pipelines[0], root, findings);
    for (const DesignSpec& design : redesign.designs) {
        check_design(design, *pipelines[0], root, findings);
    }
    if (redesign.designs.empty()) {
        findings.add(place_of(root, {"task", pipelines[0]->name, "layers"}),
                     fmt::format("'{}' is a pipeline, and there is no [design.NAME] with stages",
                                 pipelines[0]->name));
    }
}

}  // namespace motley::job

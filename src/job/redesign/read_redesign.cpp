// kind = "redesign": checks that names fit together, and makes the problem.
#include "job/redesign/read_redesign.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "job/keys.hpp"
#include "job/reader.hpp"
#include "job/units.hpp"
#include "motley/redesign/fabric/template.hpp"

namespace motley::job {
namespace {

std::vector<std::string> names_in(const Value& root, const std::string& section) {
    std::vector<std::string> names;
    if (const Member* found = root.find(section)) {
        for (const Member& member : found->value.members) names.push_back(member.key);
    }
    return names;
}

/// Checks that every name under `section.X.key` is one of `known`.
void check_names(const Value& root, const std::string& section, const std::string& key,
                 const std::vector<std::string>& known, const char* what, Findings& findings) {
    const Member* found = root.find(section);
    if (found == nullptr) return;
    for (const Member& owner : found->value.members) {
        const Member* inner = owner.value.find(key);
        if (inner == nullptr || !inner->value.is(Value::Type::table)) continue;
        for (const Member& member : inner->value.members) {
            if (std::ranges::find(known, member.key) != known.end()) continue;
            findings.add(member.place,
                         fmt::format("'{}.{}.{}': unknown {} '{}'; there are {}", section,
                                     owner.key, key, what, member.key, list(known)),
                         [word = member.key, known] { return nearest(word, known); });
        }
    }
}

void check_tasks(const Redesign& redesign, const Value& root, const std::vector<std::string>& tasks,
                 Findings& findings) {
    for (const TaskClass& task : redesign.tasks) {
        const Position place = root.reach({"task", task.name}).place;
        if (std::ranges::find(tasks, task.name) == tasks.end()) {
            findings.add(place,
                         fmt::format("[task.{}]: [demand] has no '{}'; it has {}", task.name,
                                     task.name, list(tasks)),
                         [word = task.name, tasks] { return nearest(word, tasks); });
        }
        if (!task.unit.empty() && !parse_rate_unit(task.unit)) {
            findings.add(root.reach({"task", task.name, "unit"}).place,
                         fmt::format("'task.{}.unit' is \"{}\": write an amount of work per time, "
                                     "as \"tokens/s\"",
                                     task.name, task.unit));
        }
    }
}

void check_devices(const Redesign& redesign, const Value& root, Findings& findings) {
    for (const DeviceType& device : redesign.devices) {
        if (device.power_idle <= device.power_busy) continue;
        findings.add(root.reach({"device", device.name, "power_w"}).place,
                     fmt::format("'device.{}.power_w': idle {:g} W is above busy {:g} W",
                                 device.name, device.power_idle, device.power_busy));
    }
}

void check_designs(const Redesign& redesign, const Value& root, Findings& findings) {
    std::vector<std::string> names;
    for (const DesignSpec& design : redesign.designs) {
        names.push_back(design.name);
        if (design.fleet.empty() && design.stages.empty()) {
            findings.add(root.reach({"design", design.name}).place,
                         fmt::format("missing 'fleet' in [design.{}]", design.name));
        }
        double devices = 0.0;
        for (const auto& [name, count] : design.fleet) {
            devices += count.value;
            if (!count.known() || count.value != std::floor(count.value)) {
                findings.add(root.reach({"design", design.name, "fleet", name}).place,
                             fmt::format("'design.{}.fleet.{}' must be a whole number of devices",
                                         design.name, name));
            }
        }
        if (devices <= 0.0 && !design.fleet.empty()) {
            findings.add(root.reach({"design", design.name}).place,
                         fmt::format("'design.{}.fleet' has no device", design.name));
        }
    }
    const std::string& baseline = redesign.proposal.baseline;
    if (!baseline.empty() && std::ranges::find(names, baseline) == names.end()) {
        findings.add(root.reach({"proposal", "baseline"}).place,
                     fmt::format("'proposal.baseline' is \"{}\", but there is no [design.{}]",
                                 baseline, baseline),
                     [baseline, names] { return nearest(baseline, names); });
    }
    if (redesign.designs.empty() && !redesign.search.given) {
        findings.add(root.place, "nothing to judge: give a [design.NAME] or a [search]");
    }
}

void check_search(const Redesign& redesign, const Value& root, Findings& findings) {
    const SearchSpec& search = redesign.search;
    const fleet::Budget& budget = redesign.limits;
    const bool limited =
        std::isfinite(budget.price) || std::isfinite(budget.power) || std::isfinite(budget.devices);
    if (search.given && search.objective == fleet::Objective::throughput && !limited) {
        findings.add(root.reach({"search"}).place,
                     "objective = \"throughput\" needs a 'search.budget': price_per_hour, power_w "
                     "or devices");
    }
}

void check(Redesign& redesign, const Value& root, Findings& findings) {
    std::vector<std::string> tasks;
    for (const auto& [name, amount] : redesign.wanted) tasks.push_back(name);
    const std::vector<std::string> devices = names_in(root, "device");
    check_names(root, "device", "rate", tasks, "task", findings);
    check_names(root, "device", "calibration", tasks, "task", findings);
    check_names(root, "device", "quality", tasks, "task", findings);
    check_names(root, "device", "latency_s", tasks, "task", findings);
    check_names(root, "design", "fleet", devices, "device", findings);
    check_tasks(redesign, root, tasks, findings);
    check_devices(redesign, root, findings);
    check_designs(redesign, root, findings);
    check_search(redesign, root, findings);
    check_numbers(redesign, root, findings);
    check_pipelines(redesign, root, findings);
    check_networks(redesign, root, tasks, findings);
    check_workflows(redesign, root, findings);
}

/// Checks, after all rates were read, that every class has a device and every device has a class.
void check_rates(const Redesign& redesign, const Value& root, Findings& findings) {
    const fleet::Problem& problem = redesign.problem;
    if (!redesign.pipelines.empty()) return;  // the file of stages has a rate for each of them
    for (std::size_t k = 0; k < problem.classes(); ++k) {
        bool done = false;
        for (std::size_t d = 0; d < problem.types(); ++d) done |= problem.rate(d, k) > 0.0;
        if (done) continue;
        const std::string& name = problem.tasks[k].name;
        const std::string memory = memory_advice(redesign, name);
        if (!memory.empty()) {
            findings.add(root.reach({"task", name}).place, memory);
            continue;
        }
        findings.add(
            root.reach({"demand", name}).place,
            fmt::format("no device can do '{}': give a rate in {}, in [device.NAME.rate], "
                        "or [task.{}] with flops or bytes for a roofline",
                        name,
                        redesign.rates_file.empty() ? "a table [rates] file" : redesign.rates_file,
                        name));
    }
    for (std::size_t d = 0; d < problem.types(); ++d) {
        bool any = false;
        for (std::size_t k = 0; k < problem.classes(); ++k) {
            any |=
                problem.rate(d, k) > 0.0 || !memory_advice(redesign, problem.tasks[k].name).empty();
        }
        if (any) continue;
        const std::string& name = problem.devices[d].name;
        findings.add(
            root.reach({"device", name}).place,
            fmt::format("[device.{}] can do none of the demanded tasks: it has no rate", name));
    }
}

const TaskClass* class_of(const Redesign& redesign, const std::string& name) {
    const auto found = std::ranges::find(redesign.tasks, name, &TaskClass::name);
    return found == redesign.tasks.end() ? nullptr : &*found;
}

/// The limits of a class: how many devices, in which groups, of which quality.
fleet::Task task_of(const TaskClass* spec, const std::string& name, double demand) {
    fleet::Task task{.name = name, .demand = demand};
    if (spec == nullptr) return task;
    if (spec->max_devices > 0) task.max_devices = static_cast<double>(spec->max_devices);
    task.indivisible = spec->indivisible;
    task.least_quality = spec->least_quality;
    for (const auto& [size, efficiency] : spec->efficiency) {
        task.sizes.push_back({std::stod(size), efficiency.value});
    }
    if (task.sizes.empty() && spec->group > 1) {
        task.sizes.push_back({static_cast<double>(spec->group), 1.0});
    }
    if (task.sizes.empty() && spec->indivisible) {
        task.sizes.push_back({std::max(1.0, static_cast<double>(spec->max_devices)), 1.0});
    }
    return task;
}

/// The demand of the job and of the steps of its workflows, per second, in the order of the job.
Amounts wanted_by(const Redesign& redesign) {
    Amounts wanted = redesign.demand;
    for (const WorkflowSpec& workflow : redesign.workflows) {
        for (const StepSpec& step : workflow.steps) {
            auto found =
                std::ranges::find(wanted, step.task, [](const auto& each) { return each.first; });
            if (found == wanted.end()) {
                wanted.emplace_back(step.task, fleet::exactly(0.0));
                found = wanted.end() - 1;
                found->second.shape = workflow.demand.shape;
            }
            found->second.value += step.count * workflow.demand.value;
            found->second.low += step.count * workflow.demand.low;
            found->second.high += step.count * workflow.demand.high;
        }
    }
    const double period = redesign.period_hours > 0.0 ? 3600.0 * redesign.period_hours : 1.0;
    for (auto& [name, amount] : wanted) {
        for (double* each : {&amount.value, &amount.low, &amount.high}) *each /= period;
    }
    return wanted;
}

void add_qualities(Redesign& redesign) {
    fleet::Problem& problem = redesign.problem;
    problem.qualities.assign(problem.types() * problem.classes(), 1.0);
    bool any = false;
    for (std::size_t d = 0; d < problem.types(); ++d) {
        for (const auto& [task, quality] : redesign.devices[d].quality) {
            const auto found = std::ranges::find(problem.tasks, task, &fleet::Task::name);
            const auto k = static_cast<std::size_t>(found - problem.tasks.begin());
            problem.qualities[d * problem.classes() + k] = quality.value;
            any = true;
        }
    }
    for (std::size_t i = 0; i < redesign.origins.size(); ++i) {
        if (!redesign.origins[i].quality) continue;
        problem.qualities[i] = *redesign.origins[i].quality;
        any = true;
    }
    if (!any) problem.qualities.clear();
}

/// The share of its rate that a group keeps over so many nodes: that of the least number given that
/// is not below. Nothing where the numbers end before.
std::optional<double> kept_over(const Amounts& efficiencies, double nodes) {
    if (nodes <= 1.0 || efficiencies.empty()) return 1.0;
    std::optional<double> kept;
    double least = fleet::unlimited;
    for (const auto& [count, efficiency] : efficiencies) {
        const double given = std::stod(count);
        if (given < nodes || given >= least) continue;
        least = given;
        kept = efficiency.value;
    }
    return kept;
}

/// Efficiencies of groups by size, type and class: those of the class, times what they keep over
/// the nodes of the type. A size that spreads over more nodes than were measured cannot be formed.
void add_node_efficiencies(Redesign& redesign) {
    fleet::Problem& problem = redesign.problem;
    const auto spreads = [](const TaskClass& task) { return !task.node_efficiency.empty(); };
    if (std::ranges::none_of(redesign.tasks, spreads)) return;
    problem.efficiencies.assign(problem.types() * problem.classes(), {});
    for (std::size_t k = 0; k < problem.classes(); ++k) {
        const TaskClass* spec = class_of(redesign, problem.tasks[k].name);
        if (spec == nullptr || !spreads(*spec)) continue;
        for (std::size_t d = 0; d < problem.types(); ++d) {
            const auto node = static_cast<double>(problem.devices[d].node_size);
            for (const fleet::GroupSize& size : problem.tasks[k].sizes) {
                const auto kept = kept_over(spec->node_efficiency, std::ceil(size.devices / node));
                problem.efficiencies[d * problem.classes() + k].push_back(size.efficiency *
                                                                          kept.value_or(0.0));
                if (kept) continue;
                redesign.suspicions.push_back(
                    fmt::format("groups of {:g} '{}' spread over more nodes of {:g} than "
                                "'task.{}.node_efficiency' was measured for: they are not formed",
                                size.devices, problem.devices[d].name, node, spec->name));
            }
        }
    }
}

fleet::Device device_of(const DeviceType& type) {
    fleet::Device device{.name = type.name, .price = type.price.value};
    device.power_idle = type.power_idle;
    device.power_busy = type.power_busy;
    device.node_size = type.node_size;
    if (type.available > 0) device.available = static_cast<double>(type.available);
    device.rack_units = type.rack_units;
    device.owned = static_cast<double>(type.owned);
    device.resale = type.resale;
    device.keep = static_cast<double>(type.keep);
    return device;
}

void make_problem(Redesign& redesign) {
    for (const auto& [name, demand] : redesign.wanted) {
        redesign.problem.tasks.push_back(task_of(class_of(redesign, name), name, demand.value));
        redesign.uncertain.demands.push_back(demand);
    }
    for (const DeviceType& type : redesign.devices) {
        redesign.problem.devices.push_back(device_of(type));
        redesign.uncertain.prices.push_back(type.price);
    }
    const UncertaintySpec& spec = redesign.uncertainty;
    redesign.uncertain.drift = spec.drift;
    redesign.uncertain.failure = spec.failure;
    redesign.uncertain.straggler_share = spec.straggler_share;
    redesign.uncertain.straggler_speed = spec.straggler_speed;
    for (std::size_t i = 0; i < redesign.designs.size(); ++i) {
        redesign.fleets.push_back(fleet_of(redesign, i));
    }
    add_rates(redesign);
    add_qualities(redesign);
    add_workflows(redesign);
    add_node_efficiencies(redesign);
    suspect_rates(redesign);
    suspect_conditions(redesign);
}

/// The network of the first design that has a generator stands for those of other fleets, where
/// the job gives none; budgets of [budget] and of [search] are one.
void complete_sections(Redesign& redesign, const Value& root, Findings& findings) {
    redesign.charged = redesign.fabric.has_value();
    if (redesign.fabric) redesign.network = *redesign.fabric;
    for (const DesignSpec& design : redesign.designs) {
        const bool grows = design.topology && fabric::can_grow(*design.topology);
        if (redesign.network.topology || !grows) continue;
        redesign.network.topology = design.topology;
        redesign.network.link = design.link;
    }
    if (redesign.fabric && !fabric::can_grow(*redesign.network.topology)) {
        findings.add(root.reach({"fabric", "topology"}).place,
                     "'fabric.topology' must grow with the fleet: fat-tree, leaf-spine, rail-only, "
                     "rail-optimised, dragonfly, jellyfish or slim-fly");
    }
    if (redesign.network.topology) redesign.network.topology->seed = redesign.seed;
    const auto merge = [&](double fleet::Budget::*member, const char* key) {
        const double all = redesign.budget.*member, own = redesign.search.budget.*member;
        if (std::isfinite(all) && std::isfinite(own)) {
            findings.add(root.reach({"budget", key}).place,
                         fmt::format("'budget.{}' and 'search.budget.{}' give the same limit: keep "
                                     "one",
                                     key, key));
        }
        redesign.limits.*member = std::min(all, own);
    };
    merge(&fleet::Budget::price, "price_per_hour");
    merge(&fleet::Budget::power, "power_w");
    merge(&fleet::Budget::devices, "devices");
    merge(&fleet::Budget::rack_units, "rack_units");
}

}  // namespace

Redesign read_redesign(Value& root, Findings& findings) {
    Redesign redesign;
    redesign.search.given = root.find("search") != nullptr;
    if (root.find("demand") == nullptr && root.find("workflow") == nullptr) {
        findings.add(root.place,
                     "missing [demand]: say how much of each task class is wanted per "
                     "second, as [demand] with a line x = 100");
        findings.throw_if_any();
    }
    Reader(redesign_table(), findings).read(redesign_table(), root, &redesign, "");
    findings.throw_if_any();
    redesign.wanted = wanted_by(redesign);
    complete_sections(redesign, root, findings);
    check(redesign, root, findings);
    findings.throw_if_any();
    const Position place = root.reach({"search"}).place;
    redesign.search_place = {place.source == nullptr ? "" : place.source->name, place.line,
                             place.column};
    read_pipelines(redesign, root, findings);
    findings.throw_if_any();
    make_problem(redesign);
    check_rates(redesign, root, findings);
    check_sizes(redesign, root, findings);
    check_latencies(redesign, root, findings);
    findings.throw_if_any();
    return redesign;
}

}  // namespace motley::job

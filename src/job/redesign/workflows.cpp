// kind = "redesign": workflows, whose steps make a graph, and the times of units on devices.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "job/key_table.hpp"
#include "job/redesign/read_redesign.hpp"

namespace motley::job {
namespace {

constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

std::string name_of(const StepSpec& step) {
    return step.name.empty() ? step.task : step.name;
}

std::vector<std::string> names_of(const WorkflowSpec& workflow) {
    std::vector<std::string> names;
    for (const StepSpec& step : workflow.steps) names.push_back(name_of(step));
    return names;
}

std::size_t place_of(const std::vector<std::string>& names, const std::string& name) {
    const auto found = std::ranges::find(names, name);
    return found == names.end() ? nowhere : static_cast<std::size_t>(found - names.begin());
}

/// The steps that each step follows, as numbers in the list of the file.
std::vector<std::vector<std::size_t>> predecessors_of(const WorkflowSpec& workflow) {
    const std::vector<std::string> names = names_of(workflow);
    std::vector<std::vector<std::size_t>> out(names.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto& after = workflow.steps[i].after;
        if (!after) {
            if (i > 0) out[i].push_back(i - 1);
            continue;
        }
        for (const std::string& name : *after) out[i].push_back(place_of(names, name));
    }
    return out;
}

/// The steps in an order in which each comes after those that it follows, the first of the list
/// first. Steps that wait for each other are left out.
std::vector<std::size_t> order_of(const std::vector<std::vector<std::size_t>>& predecessors) {
    std::vector<std::size_t> order;
    std::vector<bool> done(predecessors.size(), false);
    for (bool any = true; any;) {
        any = false;
        for (std::size_t i = 0; i < done.size() && !any; ++i) {
            const auto ready = [&](std::size_t other) { return done[other]; };
            if (done[i] || !std::ranges::all_of(predecessors[i], ready)) continue;
            done[i] = true;
            order.push_back(i);
            any = true;
        }
    }
    return order;
}

/// The value of the step in the file, or of one of its keys.
const Value& value_of(const Value& root, const std::string& workflow, std::size_t step,
                      const std::string& key = "") {
    const Value& owner = root.find("workflow")->value.find(workflow)->value;
    const Value& value = owner.find("steps")->value.items[step];
    const Member* member = key.empty() ? nullptr : value.find(key);
    return member == nullptr ? value : member->value;
}

void check_step_names(const WorkflowSpec& workflow, const Value& root, Findings& findings) {
    const std::vector<std::string> names = names_of(workflow);
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (place_of(names, names[i]) != i) {
            findings.add(value_of(root, workflow.name, i).place,
                         fmt::format("'workflow.{}.steps[{}]': there is a step '{}' already: give "
                                     "one of them another `name`",
                                     workflow.name, i + 1, names[i]));
        }
        if (!workflow.steps[i].after) continue;
        for (std::size_t j = 0; j < workflow.steps[i].after->size(); ++j) {
            const std::string& other = (*workflow.steps[i].after)[j];
            if (place_of(names, other) != nowhere) continue;
            findings.add(value_of(root, workflow.name, i, "after").items[j].place,
                         fmt::format("'workflow.{}.steps[{}].after': there is no step '{}'; there "
                                     "are {}",
                                     workflow.name, i + 1, other, list(names)),
                         [other, names] { return nearest(other, names); });
        }
    }
}

/// The names of steps that wait for each other, "a, b, a"; `start` waits for one of them.
std::string circle_from(std::size_t start, const std::vector<std::string>& names,
                        const std::vector<std::vector<std::size_t>>& predecessors,
                        const std::vector<std::size_t>& order) {
    std::vector<std::size_t> visited;
    std::size_t at = start;
    while (std::ranges::find(visited, at) == visited.end()) {
        visited.push_back(at);
        at = *std::ranges::find_if(predecessors[at], [&](std::size_t other) {
            return std::ranges::find(order, other) == order.end();
        });
    }
    std::vector<std::string> circle;
    for (auto each = std::ranges::find(visited, at); each != visited.end(); ++each) {
        circle.push_back(names[*each]);
    }
    circle.push_back(names[at]);
    return list(circle);
}

void check_order(const WorkflowSpec& workflow, const Value& root, Findings& findings) {
    const auto predecessors = predecessors_of(workflow);
    const std::vector<std::size_t> order = order_of(predecessors);
    for (std::size_t i = 0; i < predecessors.size(); ++i) {
        if (std::ranges::find(order, i) != order.end()) continue;
        findings.add(value_of(root, workflow.name, i, "after").place,
                     fmt::format("'workflow.{}.steps[{}].after': no step can be the first, because "
                                 "each waits for the next: {}; leave one of them out of `after`",
                                 workflow.name, i + 1,
                                 circle_from(i, names_of(workflow), predecessors, order)));
        return;
    }
}

fleet::Workflow workflow_of(const WorkflowSpec& spec, const fleet::Problem& problem) {
    fleet::Workflow workflow{std::vector<double>(problem.classes(), 0.0), spec.quality,
                             spec.least_quality};
    workflow.name = spec.name;
    if (spec.latency) workflow.most_latency = *spec.latency;
    const auto predecessors = predecessors_of(spec);
    const std::vector<std::size_t> order = order_of(predecessors);
    std::vector<std::size_t> number(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) number[order[i]] = i;
    for (const std::size_t i : order) {
        const StepSpec& from = spec.steps[i];
        const auto found = std::ranges::find(problem.tasks, from.task, &fleet::Task::name);
        fleet::Step step{.task = static_cast<std::size_t>(found - problem.tasks.begin())};
        const auto parallel = static_cast<double>(from.parallel.value_or(1));
        step.rounds = std::ceil(from.count / parallel * (1.0 - 1e-12));
        step.at_once = std::min(parallel, std::ceil(from.count));
        for (const std::size_t other : predecessors[i]) step.after.push_back(number[other]);
        workflow.counts[step.task] += from.count;
        workflow.steps.push_back(std::move(step));
    }
    return workflow;
}

void add_times(Redesign& redesign) {
    fleet::Problem& problem = redesign.problem;
    bool any = false;
    std::vector<double> latencies(problem.types() * problem.classes(),
                                  std::numeric_limits<double>::quiet_NaN());
    for (std::size_t d = 0; d < problem.types(); ++d) {
        for (const auto& [task, seconds] : redesign.devices[d].latency) {
            const auto found = std::ranges::find(problem.tasks, task, &fleet::Task::name);
            const auto k = static_cast<std::size_t>(found - problem.tasks.begin());
            latencies[d * problem.classes() + k] = seconds.value;
            any = true;
        }
    }
    for (std::size_t i = 0; i < redesign.origins.size(); ++i) {
        if (!redesign.origins[i].latency) continue;
        latencies[i] = *redesign.origins[i].latency;
        any = true;
    }
    if (any) problem.latencies = std::move(latencies);
}

}  // namespace

void check_workflows(const Redesign& redesign, const Value& root, Findings& findings) {
    for (const WorkflowSpec& workflow : redesign.workflows) {
        if (workflow.steps.empty()) {
            findings.add(root.find("workflow")->value.find(workflow.name)->place,
                         fmt::format("[workflow.{}] has no steps: say which classes a request "
                                     "needs, as steps = [{{ task = \"read\", count = 3 }}]",
                                     workflow.name));
            continue;
        }
        const std::size_t before = findings.size();
        check_step_names(workflow, root, findings);
        if (findings.size() == before) check_order(workflow, root, findings);
    }
    for (const DeviceType& device : redesign.devices) {
        for (const auto& [task, seconds] : device.latency) {
            if (seconds.known()) continue;
            const Value& owner = root.find("device")->value.find(device.name)->value;
            const Member* times = owner.find("latency_s");
            const Member* own = times == nullptr ? nullptr : times->value.find(task);
            findings.add(own == nullptr ? owner.place : own->value.place,
                         fmt::format("'device.{}.latency_s.{}' must be one number, the mean time "
                                     "of a unit, not an interval",
                                     device.name, task));
        }
    }
}

void add_workflows(Redesign& redesign) {
    add_times(redesign);
    for (const WorkflowSpec& spec : redesign.workflows) {
        redesign.problem.workflows.push_back(workflow_of(spec, redesign.problem));
    }
}

void check_latencies(const Redesign& redesign, const Value& root, Findings& findings) {
    const fleet::Problem& problem = redesign.problem;
    for (const fleet::Workflow& workflow : problem.workflows) {
        if (!(workflow.most_latency < fleet::unlimited)) continue;
        const Value& owner = root.find("workflow")->value.find(workflow.name)->value;
        for (std::size_t k = 0; k < problem.classes(); ++k) {
            if (workflow.counts[k] <= 0.0) continue;
            for (std::size_t d = 0; d < problem.types(); ++d) {
                if (problem.best_rate(d, k) <= 0.0 || !std::isnan(problem.latency(d, k))) continue;
                findings.add(
                    owner.find("latency_s")->value.place,
                    fmt::format("'workflow.{}.latency_s' needs the time of a unit of '{}' "
                                "on '{}': give 'device.{}.latency_s.{}' in seconds, or "
                                "leave the condition out",
                                workflow.name, problem.tasks[k].name, problem.devices[d].name,
                                problem.devices[d].name, problem.tasks[k].name));
            }
        }
    }
}

}  // namespace motley::job

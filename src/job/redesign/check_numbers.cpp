// kind = "redesign": numbers that cannot be meant, and numbers that may not be.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "job/redesign/read_redesign.hpp"

namespace motley::job {
namespace {

/// Whole nodes are bought and fail, so that a fleet has no part of one.
void check_nodes(const Redesign& redesign, const Value& root, Findings& findings) {
    for (const DesignSpec& design : redesign.designs) {
        for (const auto& [name, count] : design.fleet) {
            const auto device = std::ranges::find(redesign.devices, name, &DeviceType::name);
            if (device == redesign.devices.end() || device->node_size < 2) continue;
            const auto node = static_cast<double>(device->node_size);
            if (std::fmod(count.value, node) == 0.0 || count.value != std::floor(count.value))
                continue;
            const double below = std::floor(count.value / node) * node;
            const std::string either = below > 0.0
                                           ? fmt::format("{:g} or {:g}", below, below + node)
                                           : fmt::format("{:g}", below + node);
            findings.add(
                root.reach({"design", design.name, "fleet", name}).place,
                fmt::format("'design.{}.fleet.{}' is {:g}, but '{}' comes in nodes of {:g} "
                            "(device.{}.node_size): write {}",
                            design.name, name, count.value, name, node, name, either));
        }
    }
}

std::int64_t largest_group(const TaskClass& task) {
    std::int64_t most = task.group;
    for (const CollectiveSpec& each : task.collectives) most = std::max(most, each.group);
    return most;
}

/// A group has devices of one type: some type of each fleet must have as many.
void check_groups(const Redesign& redesign, const Value& root, Findings& findings) {
    for (const TaskClass& task : redesign.tasks) {
        const std::int64_t group = largest_group(task);
        for (const DesignSpec& design : redesign.designs) {
            double most = 0.0;
            std::string fleet;
            for (const auto& [name, count] : design.fleet) {
                most = std::max(most, count.value);
                fleet += fmt::format("{}{:g} {}", fleet.empty() ? "" : " + ", count.value, name);
            }
            if (group < 2 || most >= static_cast<double>(group)) continue;
            findings.add(root.reach({"design", design.name, "fleet"}).place,
                         fmt::format("class '{}' works in groups of {} devices of one type, but "
                                     "'{}' has {}: no group can be formed; make the group smaller, "
                                     "or give one type {} devices",
                                     task.name, group, design.name, fleet, group));
        }
    }
}

void check_counts(const TaskClass& task, const char* key, const Amounts& amounts, const char* what,
                  const Value& root, Findings& findings) {
    for (const auto& [size, efficiency] : amounts) {
        const bool whole = !size.empty() && size.size() < 10 && size != "0" &&
                           size.find_first_not_of("0123456789") == std::string::npos;
        if (whole) continue;
        findings.add(root.reach({"task", task.name, key, size}).place,
                     fmt::format("'task.{}.{}': '{}' is no number of {}; write it as {{ 8 = 0.97, "
                                 "16 = 0.93 }}",
                                 task.name, key, size, what));
    }
}

void check_efficiencies(const Redesign& redesign, const Value& root, Findings& findings) {
    for (const TaskClass& task : redesign.tasks) {
        check_counts(task, "efficiency", task.efficiency, "devices", root, findings);
        check_counts(task, "node_efficiency", task.node_efficiency, "nodes", root, findings);
    }
}

void check_owned(const Redesign& redesign, const Value& root, Findings& findings) {
    for (const DeviceType& device : redesign.devices) {
        if (device.resale <= device.price.value) continue;
        findings.add(root.reach({"device", device.name, "resale_per_hour"}).place,
                     fmt::format("'device.{}.resale_per_hour' is above its price, {:g} $/h",
                                 device.name, device.price.value));
    }
}

/// Powers and prices that look as if they were in other units.
void suspect_units(Redesign& redesign) {
    constexpr double least_power = 5.0, most_price = 200.0;
    for (const DeviceType& device : redesign.devices) {
        if (device.power_busy > 0.0 && device.power_busy < least_power) {
            redesign.suspicions.push_back(
                fmt::format("'device.{}.power_w' is {:g} W when busy: if that is kW, write {:g}",
                            device.name, device.power_busy, 1000.0 * device.power_busy));
        }
        if (device.price.value > most_price) {
            redesign.suspicions.push_back(fmt::format(
                "'device.{}.price_per_hour' is {:g} $/h: if that is the rent of a month, "
                "write {:.3g}",
                device.name, device.price.value, device.price.value / 730.0));
        }
    }
}

/// Peaks that only sparse arithmetic reaches. Of the accelerators of 2020 to 2026 dense peaks are
/// 150 to 600 FLOP per byte of memory traffic, the highest those of 8-bit arithmetic.
void suspect_peaks(Redesign& redesign) {
    constexpr double most_intensity = 700.0;
    for (const DeviceType& device : redesign.devices) {
        if (device.peak <= 0.0 || device.bandwidth <= 0.0) continue;
        const double intensity = device.peak * 1e12 / (device.bandwidth * 1e9);
        if (intensity <= most_intensity) continue;
        redesign.suspicions.push_back(fmt::format(
            "'device.{}.peak_tflops' is {:g}, {:.0f} FLOP per byte of its memory bandwidth: dense "
            "peaks are below {:g}; if it is the peak of sparse arithmetic, write {:g}",
            device.name, device.peak, intensity, most_intensity, device.peak / 2.0));
    }
}

/// Groups that do not fit in a node send their data through a network.
void suspect_groups(Redesign& redesign) {
    for (const TaskClass& task : redesign.tasks) {
        const std::int64_t group = largest_group(task);
        for (const DeviceType& device : redesign.devices) {
            if (group < 2 || group <= device.node_size) continue;
            redesign.suspicions.push_back(fmt::format(
                "the groups of {} devices of class '{}' leave the nodes of {} '{}': what "
                "they send is charged to the network",
                group, task.name, device.node_size, device.name));
        }
    }
}

}  // namespace

void check_numbers(Redesign& redesign, const Value& root, Findings& findings) {
    check_nodes(redesign, root, findings);
    check_groups(redesign, root, findings);
    check_efficiencies(redesign, root, findings);
    check_owned(redesign, root, findings);
    suspect_units(redesign);
    suspect_groups(redesign);
    suspect_peaks(redesign);
}

void suspect_rates(Redesign& redesign) {
    constexpr double rounding = 1e-9;
    const fleet::Problem& problem = redesign.problem;
    for (std::size_t d = 0; d < problem.types(); ++d) {
        for (std::size_t k = 0; k < problem.classes(); ++k) {
            const std::size_t at = d * problem.classes() + k;
            const double roof = redesign.roofline[at], rate = problem.rates[at];
            if (roof <= 0.0 || rate <= roof * (1.0 + rounding)) continue;
            redesign.suspicions.push_back(
                fmt::format("the rate of '{}' for '{}' is {:.3g} times what its dense peak and "
                            "bandwidth allow: "
                            "check the units, flops and bytes per unit, and the peak",
                            problem.devices[d].name, problem.tasks[k].name, rate / roof));
        }
    }
}

namespace {

/// "8 (l4), 64 (h100)": what the measurements of a class say in one column; empty where they agree.
std::string unlike(const Redesign& redesign, std::size_t task, const std::string& column) {
    const std::size_t classes = redesign.problem.classes();
    std::vector<std::pair<std::string, std::string>> all;
    for (std::size_t d = 0; d < redesign.problem.types(); ++d) {
        const RateOrigin& origin = redesign.origins[d * classes + task];
        if (!origin.measured || redesign.problem.rate(d, task) <= 0.0) continue;
        std::string value = "not given";
        for (const auto& [name, text] : origin.conditions) {
            if (name == column) value = text;
        }
        const auto found =
            std::ranges::find(all, value, [](const auto& each) { return each.first; });
        const std::string& device = redesign.problem.devices[d].name;
        if (found == all.end()) {
            all.emplace_back(value, device);
        } else {
            found->second += ", " + device;
        }
    }
    std::string text;
    for (const auto& [value, devices] : all) {
        text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", value, devices);
    }
    return all.size() > 1 ? text : "";
}

}  // namespace

void suspect_conditions(Redesign& redesign) {
    for (std::size_t k = 0; k < redesign.problem.classes(); ++k) {
        std::string text;
        for (const char* column : {"batch", "context", "latency_s", "precision", "software"}) {
            const std::string values = unlike(redesign, k, column);
            if (!values.empty())
                text += fmt::format("{}{} {}", text.empty() ? "" : "; ", column, values);
        }
        if (text.empty()) continue;
        redesign.suspicions.push_back(
            fmt::format("the rates of '{}' were measured under unlike conditions, so that not all "
                        "of their difference is the devices': {}",
                        redesign.problem.tasks[k].name, text));
    }
}

void check_sizes(const Redesign& redesign, const Value& root, Findings& findings) {
    constexpr double most_devices = 1e12;
    const fleet::Problem& problem = redesign.problem;
    for (std::size_t k = 0; k < problem.classes(); ++k) {
        double fastest = 0.0;
        for (std::size_t d = 0; d < problem.types(); ++d) {
            fastest = std::max(fastest, problem.rate(d, k));
        }
        const fleet::Task& task = problem.tasks[k];
        if (!(fastest > 0.0) || task.demand / fastest <= most_devices) continue;
        findings.add(root.reach({"demand", task.name}).place,
                     fmt::format("the demand of '{}', {:g}, at the best rate of one device, {:g}, "
                                 "needs {:.2g} devices: check the units of both",
                                 task.name, task.demand, fastest, task.demand / fastest));
    }
}

std::string memory_advice(const Redesign& redesign, const std::string& name) {
    const auto task = std::ranges::find(redesign.tasks, name, &TaskClass::name);
    if (task == redesign.tasks.end()) return "";
    double largest = 0.0;
    for (const DeviceType& device : redesign.devices) largest = std::max(largest, device.memory);
    const double needed = memory_of(*task);
    if (largest <= 0.0 || needed <= largest * static_cast<double>(task->group)) return "";
    return fmt::format(
        "'{}' needs {:g} GB, and {} of the largest device {} {:g} GB: let more devices hold it "
        "together, as 'task.{}.group = {:g}'",
        name, needed, task->group > 1 ? fmt::format("a group of {}", task->group) : "one", "has",
        largest * static_cast<double>(task->group), name, std::ceil(needed / largest));
}

}  // namespace motley::job

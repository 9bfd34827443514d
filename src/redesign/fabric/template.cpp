#include "motley/redesign/fabric/template.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "motley/core/error.hpp"
#include "motley/topology/topology.hpp"

namespace motley::fabric {
namespace {

/// The parameter by which a generator grows, the value to begin with, and the step.
struct Growth {
    std::string_view generator;
    const char* parameter;
    std::int64_t first, step;
    const char* hosts_each = nullptr;  ///< parameter: hosts that one more step brings
};

constexpr std::array growths = {
    Growth{"fat-tree", "arity", 2, 2},
    Growth{"leaf-spine", "leaves", 1, 1, "hosts_per_leaf"},
    Growth{"rail-only", "nodes", 1, 1, "devices"},
    Growth{"rail-optimised", "nodes", 1, 1, "devices"},
    Growth{"dragonfly", "h", 1, 1},
    Growth{"jellyfish", "switches", 2, 1, "hosts_per_switch"},
    Growth{"slim-fly", "q", 3, 1},
};

bool is_rails(const topology::Spec& spec) {
    return spec.generator == "rail-only" || spec.generator == "rail-optimised";
}

/// The number of hosts; 0 where there is no such topology.
std::int64_t hosts_of(const topology::Spec& spec) {
    try {
        return topology::make(spec)->hosts();
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::usage) throw;
        return 0;
    }
}

}  // namespace

bool can_grow(const topology::Spec& spec) {
    return std::ranges::find(growths, spec.generator, &Growth::generator) != growths.end();
}

topology::Spec sized(const topology::Spec& spec, std::int64_t hosts) {
    constexpr std::int64_t most_tries = 2000;
    const auto found = std::ranges::find(growths, spec.generator, &Growth::generator);
    if (found == growths.end()) {
        std::string names;
        for (const Growth& each : growths) {
            names += (names.empty() ? "" : ", ") + std::string(each.generator);
        }
        throw usage_error("the network of fleets of any size must be one of " + names);
    }
    topology::Spec out = spec;
    out.agents.reset();
    std::int64_t value = found->first;
    if (found->hosts_each != nullptr) {
        const std::int64_t each = spec.integer(found->hosts_each);
        value = std::max(value, (hosts + each - 1) / each);
    }
    for (std::int64_t tried = 0; tried < most_tries; ++tried, value += found->step) {
        out.set(found->parameter, value);
        if (hosts_of(out) >= hosts) return out;
    }
    throw usage_error(
        fmt::format("no '{}' with its parameters has {} hosts: give others, or another generator",
                    spec.generator, hosts));
}

std::int64_t node_switches_of(const topology::Spec& spec) {
    return is_rails(spec) ? spec.integer("nodes") : 0;
}

Parts parts_of(const FabricGraph& graph, std::int64_t node_switches) {
    const int bought_from = graph.hosts() + static_cast<int>(node_switches);
    Parts parts;
    parts.switches = graph.vertices() - bought_from;
    for (const Channel& channel : graph.channels()) {
        const bool inside = std::max(channel.source, channel.target) < bought_from;
        if (inside) continue;
        if (channel.source >= bought_from) parts.ports += channel.capacity;
        if (channel.source < channel.target) parts.cables += channel.capacity;
    }
    return parts;
}

}  // namespace motley::fabric

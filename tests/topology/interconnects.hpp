// Specs of the graphs whose parameters say how many vertices they have, and small cases of each.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "collect.hpp"

namespace motley::topology::test {

struct Case {
    std::string name;
    Spec spec;
};

inline Spec fat_tree_of(std::int64_t arity, double oversubscription = 1.0) {
    Spec spec = spec_of("fat-tree", absent);
    spec.set("arity", arity);
    spec.set("oversubscription", oversubscription);
    return spec;
}

inline Spec leaf_spine_of(std::int64_t leaves, std::int64_t spines, std::int64_t hosts_per_leaf,
                          double uplink_capacity = 1.0) {
    Spec spec = spec_of("leaf-spine", absent);
    spec.set("leaves", leaves);
    spec.set("spines", spines);
    spec.set("hosts_per_leaf", hosts_per_leaf);
    spec.set("uplink_capacity", uplink_capacity);
    return spec;
}

inline Spec dragonfly_of(std::int64_t h, std::int64_t a = absent, std::int64_t p = absent) {
    Spec spec = spec_of("dragonfly", absent);
    spec.set("h", h);
    set_given(spec, "a", a);
    set_given(spec, "p", p);
    return spec;
}

inline Spec hyperx_of(std::vector<std::int64_t> shape, std::int64_t hosts_per_switch) {
    Spec spec = spec_of("hyperx", absent);
    spec.set("shape", std::move(shape));
    set_given(spec, "hosts_per_switch", hosts_per_switch);
    return spec;
}

inline Spec slim_fly_of(std::int64_t q, std::int64_t p = absent) {
    Spec spec = spec_of("slim-fly", absent);
    spec.set("q", q);
    set_given(spec, "p", p);
    return spec;
}

inline Spec jellyfish_of(std::int64_t switches, std::int64_t ports, std::int64_t hosts_per_switch) {
    Spec spec = spec_of("jellyfish", absent);
    spec.set("switches", switches);
    spec.set("ports", ports);
    spec.set("hosts_per_switch", hosts_per_switch);
    return spec;
}

/// Rail-only where there are no spines.
inline Spec rails_of(std::int64_t nodes, std::int64_t devices, std::int64_t spines = 0) {
    Spec spec = spec_of(spines == 0 ? "rail-only" : "rail-optimised", absent);
    spec.set("nodes", nodes);
    spec.set("devices", devices);
    if (spines != 0) spec.set("spines", spines);
    return spec;
}

inline Spec de_bruijn_of(std::int64_t base, std::int64_t length) {
    Spec spec = spec_of("de-bruijn", absent);
    spec.set("base", base);
    spec.set("length", length);
    return spec;
}

inline Spec kleinberg_of(std::int64_t side, std::int64_t contacts, double exponent = 2.0) {
    Spec spec = spec_of("kleinberg", absent);
    spec.set("side", side);
    spec.set("contacts", contacts);
    spec.set("exponent", exponent);
    return spec;
}

inline Spec random_geometric_of(AgentId agents, double radius, std::uint64_t seed = 1) {
    Spec spec = spec_of("random-geometric", agents);
    spec.set("radius", radius);
    spec.seed = seed;
    return spec;
}

/// Every graph of this kind once or more.
inline std::vector<Case> interconnect_cases() {
    Spec even_rails = rails_of(5, 3, 2);
    even_rails.set("node_capacity", 1.0);
    return {
        {"fat_tree", fat_tree_of(4)},
        {"fat_tree_oversubscribed", fat_tree_of(4, 1.5)},
        {"leaf_spine", leaf_spine_of(5, 3, 4)},
        {"leaf_spine_weighted", leaf_spine_of(5, 3, 4, 2.5)},
        {"dragonfly", dragonfly_of(2)},
        {"hyperx", hyperx_of({3, 4, 2}, 3)},
        {"slim_fly", slim_fly_of(4)},
        {"jellyfish", jellyfish_of(30, 7, 3)},
        {"rail_only_weighted", rails_of(6, 4)},
        {"rail_optimised_weighted", rails_of(6, 4, 3)},
        {"rail_optimised", even_rails},
        {"de_bruijn", de_bruijn_of(3, 4)},
        {"exponential", spec_of("exponential", 100)},
        {"kleinberg", kleinberg_of(12, 2)},
        {"random_geometric", random_geometric_of(500, 0.1)},
    };
}

/// The names of those cases above that have nothing random.
inline std::set<std::string> fixed_interconnects() {
    return {"fat_tree",       "fat_tree_oversubscribed",
            "leaf_spine",     "leaf_spine_weighted",
            "dragonfly",      "hyperx",
            "slim_fly",       "rail_only_weighted",
            "rail_optimised", "rail_optimised_weighted",
            "de_bruijn",      "exponential"};
}

/// Generators that need no `agents`.
inline std::set<std::string> sized_by_parameters() {
    return {"fat-tree",  "leaf-spine",     "dragonfly", "hyperx",    "slim-fly",
            "jellyfish", "rail-optimised", "rail-only", "de-bruijn", "kleinberg"};
}

}  // namespace motley::topology::test

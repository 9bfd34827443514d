// Small specs of the graphs whose parameters say how many vertices they have.
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
    Spec spec = spec_of("fat-tree", -1);
    spec.arity = arity;
    spec.oversubscription = oversubscription;
    return spec;
}

/// Every graph of this kind once or more.
inline std::vector<Case> interconnect_cases() {
    return {
        {"fat_tree", fat_tree_of(4)},
        {"fat_tree_oversubscribed", fat_tree_of(4, 1.5)},
    };
}

/// Of the cases above: those that chance has no part in.
inline std::set<std::string> fixed_interconnects() {
    return {"fat_tree", "fat_tree_oversubscribed"};
}

/// Those whose capacities differ.
inline std::set<std::string> weighted_cases() {
    return {};
}

/// Those that cannot compute a row alone, though they are uniform.
inline std::set<std::string> rowless_cases() {
    return {};
}

/// Generators that need no `agents`.
inline std::set<std::string> sized_by_parameters() {
    return {"fat-tree"};
}

}  // namespace motley::topology::test

// Routes as flows on arcs: one commodity per flow with the best routing, one per target otherwise.
#pragma once

#include "skeleton.hpp"

namespace motley::serving {

/// Variables that `add_targets` would add.
std::size_t target_variables(const Skeleton& skeleton, const CoreGraph& core, Routing routing);

/// Adds the best routing of all flows. Where they share sources and sinks does not matter.
void add_merged(Skeleton& skeleton, const CoreGraph& core);

/// Adds one commodity per target for flows (but not with the best routing, where `add_merged` has
/// them) and the traffic of groups.
void add_targets(Skeleton& skeleton, const CoreGraph& core, Routing routing);

}  // namespace motley::serving

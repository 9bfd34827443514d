// The two kinds of agent ids: global in the whole system, local on one rank.
#pragma once

#include <cstdint>

namespace motley {

/// Global id of an agent: 0..N-1 over the whole system.
using AgentId = std::int64_t;

/// Index of a row (owned agents first, then ghosts) on one rank.
using LocalId = std::uint32_t;

}  // namespace motley

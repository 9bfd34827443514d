// Routes as columns, for programmes that symmetry does not make small.
#pragma once

#include "bound.hpp"

namespace motley::serving {

/// Generates routes by the prices of channels until the bounds meet `Options::gap`. With the best
/// routing `skeleton` must have its flows (`add_merged`). Fills the outcome.
void generate_columns(Outcome& outcome, const System& system, const Layout& layout,
                      Skeleton skeleton, const CoreGraph& core, const Options& options);

}  // namespace motley::serving

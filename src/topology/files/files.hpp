// Readers of graph files, as `make` calls them.
#pragma once

#include <memory>

#include "motley/topology/topology.hpp"

namespace motley::topology {

/// Reads `spec.file`. Input errors carry file, line and column.
std::unique_ptr<Topology> read_file(const Spec& spec);

}  // namespace motley::topology

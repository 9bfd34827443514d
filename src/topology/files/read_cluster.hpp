// Topologies of clusters for ns-3.
#pragma once

#include "motley/core/text.hpp"

namespace motley::topology {

/// Whether the file describes a cluster: counts in its first line, rates in its links.
bool is_cluster(const TextFile& file);

}  // namespace motley::topology

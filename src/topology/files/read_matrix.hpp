// Dense adjacency matrices.
#pragma once

#include "motley/core/text.hpp"

namespace motley::topology {

/// Whether the table in the file is a matrix. Where 3 to 5 rows of as many numbers could be edges
/// as well, they are edges.
bool is_matrix(const TextFile& file);

}  // namespace motley::topology

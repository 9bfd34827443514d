// Matrices: dense ones as tables, and Matrix Market files.
#pragma once

#include "motley/core/text.hpp"
#include "motley/topology/spec.hpp"

namespace motley::topology {

/// Whether the table in the file is a matrix. Where 3 to 5 rows of as many numbers could be edges
/// as well, they are edges.
bool is_matrix(const TextFile& file);

/// What the first lines of a Matrix Market file say.
struct MatrixHeader {
    bool array = false;
    bool pattern = false;
    bool symmetric = false;
    std::int64_t rows = 0, columns = 0;
    std::int64_t entries = 0;
    Where size_line;
};

/// Reads them; `line` is at the last one then.
MatrixHeader read_matrix_header(const Spec& spec, LineReader& line, const TextFile& file);

}  // namespace motley::topology

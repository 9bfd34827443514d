// Exact reduction of linear programmes whose variables and rows are alike in groups.
#pragma once

#include <vector>

#include "motley/redesign/programme/programme.hpp"

namespace motley::programme {

/// A linear programme with one variable per class of alike variables and one row per class of alike
/// rows. The classes are an equitable partition, found by colour refinement: every row of a class
/// has the same sum of coefficients over each class of variables, and the other way round. The
/// optimum is that of the full programme (M. Grohe, K. Kersting, M. Mladenov, E. Selman,
/// "Dimension Reduction via Colour Refinement", 2014, arXiv:1307.5697).
struct Reduction {
    Programme programme;
    std::vector<int> variable_class;  ///< per variable of the full programme
    std::vector<int> row_class;       ///< per row of the full programme
    std::vector<double> class_sizes;  ///< variables in each class
    std::vector<double> row_sizes;    ///< rows in each class

    /// The solution of the full programme that belongs to one of the reduced programme. Alike
    /// variables have one value, alike rows one dual.
    ProgrammeSolution lift(const ProgrammeSolution& reduced) const;
};

/// Coefficients, costs and limits that differ by less than 1e-11 of their size count as equal.
/// Integer marks are not allowed (internal error). Where the refinement does not come to rest in
/// 400 rounds, every variable and row stays by itself.
Reduction reduce(const Programme& programme);

/// Solves `programme` by its reduction.
ProgrammeSolution solve_by_symmetry(const Programme& programme, const SolverOptions& options = {});

}  // namespace motley::programme

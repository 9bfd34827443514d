// Bounds by duals, and what a solution means for hosts and channels.
#pragma once

#include "skeleton.hpp"

namespace motley::serving {

/// No point of the maximum `programme` is better: the Lagrangian bound of any numbers `duals`, one
/// per row. Parts of the wrong sign count as 0.
double dual_bound(const programme::Programme& programme, const std::vector<double>& duals);

/// The largest theta of the same shares and routes that keeps all capacities and times, which the
/// solver keeps up to its tolerance only.
double kept_theta(const Skeleton& skeleton, const programme::Programme& programme,
                  const std::vector<double>& values);

/// Fills the outcome from a solution of a programme that begins with the skeleton's variables and
/// rows. `high` is the bound in the programme's units.
void fill(Outcome& outcome, const System& system, const Layout& layout, const Skeleton& skeleton,
          const programme::Programme& programme, const programme::ProgrammeSolution& solution,
          double high);

}  // namespace motley::serving

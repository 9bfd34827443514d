// The part of a programme that allocates the demand, where the programme also chooses the fleet.
#pragma once

#include <optional>
#include <vector>

#include "allocation.hpp"
#include "motley/redesign/fleet/fleet.hpp"
#include "motley/redesign/programme/programme.hpp"

namespace motley::fleet {

/// The variables of one allocation.
struct ShareColumns {
    std::vector<Option> options;
    std::vector<int> variables;  ///< of each option: the share of the demand that it serves

    std::vector<double> shares(const std::vector<double>& values) const;
};

/// Adds a variable for each share z of a class's demand that an option can serve, a row per class
/// (the shares sum to at least 1, or to the value of the variable `served`; exactly where a
/// workflow has a condition), the rows `capacity`, one per type, to which the shares' loads in
/// devices are added, and the rows of limits. Where the fleet has whole nodes (`integer`) and a
/// node is no multiple of a group, a variable counts the whole groups.
ShareColumns add_shares(programme::Programme& programme, const Problem& problem,
                        std::vector<programme::Row> capacity, bool integer,
                        std::optional<int> served = std::nullopt);

/// Adds the rows of the qualities that the solution breaks. False: there are none.
bool add_qualities(programme::Programme& programme, const Problem& problem,
                   const std::vector<ShareColumns>& allocations, const std::vector<double>& values,
                   Rows rows);

/// Solves with the conditions of workflows, whose rows are added until all conditions hold: first
/// without integers, then with them, then with rows that are not proved, where these are needed.
/// The bound is that without the last ones.
programme::ProgrammeSolution solve_with_qualities(programme::Programme& programme,
                                                  const Problem& problem,
                                                  const std::vector<ShareColumns>& allocations,
                                                  double seconds);

}  // namespace motley::fleet

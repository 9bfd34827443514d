// The part of a programme that allocates the demand, where the programme also chooses the fleet.
#pragma once

#include <optional>
#include <vector>

#include "motley/redesign/fleet/fleet.hpp"
#include "motley/redesign/programme/programme.hpp"

namespace motley::fleet {

/// Adds a variable for each share z_dk of class k's demand that type d can serve, a row per class
/// (the shares sum to at least 1, or to the value of the variable `served`), and the rows
/// `capacity`, one per type, to which the shares' loads in devices are added.
void add_shares(programme::Programme& programme, const Problem& problem,
                std::vector<programme::Row> capacity, std::optional<int> served = std::nullopt);

}  // namespace motley::fleet

// The throughput of a fleet after the failure of one device or node, and fleets with a spare node.
#pragma once

#include <vector>

#include "motley/redesign/fleet/fleet.hpp"

namespace motley::fleet {

/// The theta that an allocation reaches when no work moves between devices.
double theta_of(const Problem& problem, std::span<const double> allocation);

/// The theta of the groups of `whole` on the devices that are left: of each size as many as are
/// still whole, at other rates (D x K) and demands (K).
double theta_of_groups(const Problem& problem, std::span<const double> fleet,
                       const Throughput& whole, std::span<const double> left,
                       std::span<const double> rates, std::span<const double> demands);

/// The throughput after a single loss.
struct Loss {
    double theta = 0.0;  ///< share of the demand, with work moved to the devices that are left
    double theta_fixed = 0.0;  ///< the same with the old allocation on the devices that are left
    int type = -1;             ///< type of the lost device or node; -1: nothing can be lost
};
struct NMinusOne {
    Loss device;                       ///< the worst loss of one device
    Loss node;                         ///< the worst loss of one node
    std::vector<Loss> devices, nodes;  ///< for each type of the fleet
};
/// Every loss of one device and of one node. Devices of a type are alike, so that one loss per type
/// stands for all.
NMinusOne n_minus_1(const Problem& problem, std::span<const double> fleet, const Throughput& whole);

/// The throughput after the worst loss of a share of all devices.
struct ShareLoss : Loss {
    Fleet lost;         ///< devices of each type; `type` is the one that loses most
    bool exact = true;  ///< false: found by taking the worst type first, worse losses may be missed
};
/// The worst loss of ceil(share N) of the N devices. Without its rows of whole groups theta is
/// concave in the fleet, so that the worst loss is a vertex: types that are lost as a whole, and
/// one in part. All vertices are tried up to 6 types; beyond, and with groups, the loss may not be
/// the worst.
ShareLoss worst_share(const Problem& problem, std::span<const double> fleet,
                      const Throughput& whole, double share);

/// The cheapest fleet of whole nodes that serves the demand after the loss of any one node.
Purchase search_with_spare(const Problem& problem, const SearchOptions& options);

}  // namespace motley::fleet

#include "motley/redesign/fleet/losses.hpp"

#include <algorithm>
#include <cmath>

#include "allocation.hpp"

namespace motley::fleet {
namespace {

/// The theta of the old groups on the devices that are left: of each size as many as are still
/// whole.
double theta_of_groups(const Problem& problem, std::span<const double> fleet,
                       const Throughput& whole, std::span<const double> left) {
    std::vector<double> served(problem.classes(), 0.0);
    for (const GroupedDevices& group : whole.groups) {
        const double before = groups_in(fleet[group.type], group.size);
        const double now = groups_in(left[group.type], group.size);
        const double share = std::min(left[group.type] / fleet[group.type], now / before);
        served[group.task] += group.rate * group.devices * share;
    }
    double theta = unlimited;
    for (std::size_t k = 0; k < problem.classes(); ++k) {
        theta = std::min(theta, served[k] / problem.tasks[k].demand);
    }
    return theta;
}

/// The throughput after the loss of `lost` devices of a type, with and without moving work.
Loss loss_of(const Problem& problem, std::span<const double> fleet, const Throughput& whole,
             std::size_t type, double lost) {
    Fleet left(fleet.begin(), fleet.end());
    left[type] = std::max(0.0, left[type] - lost);
    std::vector<double> allocation = whole.allocation;
    for (std::size_t k = 0; k < problem.classes(); ++k) {
        allocation[type * problem.classes() + k] *= left[type] / fleet[type];
    }
    Loss out{.type = static_cast<int>(type)};
    out.theta = best_throughput(problem, left).theta;
    out.theta_fixed = whole.groups.empty() ? theta_of(problem, allocation)
                                           : theta_of_groups(problem, fleet, whole, left);
    return out;
}

const Loss& worst_of(const std::vector<Loss>& losses) {
    return *std::ranges::min_element(losses, {}, &Loss::theta);
}

}  // namespace

double theta_of(const Problem& problem, std::span<const double> allocation) {
    double theta = unlimited;
    for (std::size_t k = 0; k < problem.classes(); ++k) {
        double served = 0.0;
        for (std::size_t d = 0; d < problem.types(); ++d) {
            served += problem.rate(d, k) * allocation[d * problem.classes() + k];
        }
        theta = std::min(theta, served / problem.tasks[k].demand);
    }
    return theta;
}

NMinusOne n_minus_1(const Problem& problem, std::span<const double> fleet,
                    const Throughput& whole) {
    NMinusOne out;
    for (std::size_t d = 0; d < problem.types(); ++d) {
        if (fleet[d] <= 0.0) continue;
        const auto node = static_cast<double>(problem.devices[d].node_size);
        out.devices.push_back(loss_of(problem, fleet, whole, d, 1.0));
        out.nodes.push_back(loss_of(problem, fleet, whole, d, node));
    }
    if (out.devices.empty()) return out;
    out.device = worst_of(out.devices);
    out.node = worst_of(out.nodes);
    return out;
}

}  // namespace motley::fleet

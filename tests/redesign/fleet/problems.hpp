// Fleets to test with.
#pragma once

#include <cmath>
#include <string>

#include "motley/core/random.hpp"
#include "motley/redesign/fleet/fleet.hpp"

namespace motley::fleet {

/// Log-normal rates, prices and demands over some orders of magnitude.
inline Problem random_problem(std::size_t types, std::size_t classes, std::uint64_t id,
                              double demand = 100.0) {
    const Random random(21, Stream::test, id);
    std::uint32_t counter = 0;
    Problem problem;
    for (std::size_t k = 0; k < classes; ++k) {
        problem.tasks.push_back(
            {"t" + std::to_string(k), demand * std::exp(random.normal(counter++))});
    }
    for (std::size_t d = 0; d < types; ++d) {
        Device device{
            .name = "d" + std::to_string(d),
            .price = std::round(100.0 * std::exp(random.normal(counter++))) / 100.0 + 0.01};
        device.power_idle = 50.0;
        device.power_busy = 200.0 + 500.0 * random.uniform(counter++);
        device.node_size = std::int64_t{1} << random.below(4, counter++);
        problem.devices.push_back(device);
    }
    for (std::size_t d = 0; d < types; ++d) {
        for (std::size_t k = 0; k < classes; ++k) {
            problem.rates.push_back(problem.devices[d].price *
                                    std::exp(0.5 * random.normal(counter++)));
        }
    }
    return problem;
}

/// Calls `visit` with every fleet of up to `most` nodes per type.
void every_fleet(const Problem& problem, int most, const auto& visit) {
    Fleet fleet(problem.types(), 0.0);
    for (;;) {
        visit(fleet);
        std::size_t d = 0;
        for (; d < fleet.size(); ++d) {
            const auto node = static_cast<double>(problem.devices[d].node_size);
            fleet[d] += node;
            if (fleet[d] <= node * most) break;
            fleet[d] = 0.0;
        }
        if (d == fleet.size()) return;
    }
}

/// A fleet of `count` nodes of each type.
inline Fleet nodes(const Problem& problem, double count) {
    Fleet fleet;
    for (const Device& device : problem.devices) {
        fleet.push_back(count * static_cast<double>(device.node_size));
    }
    return fleet;
}

}  // namespace motley::fleet

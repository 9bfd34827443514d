// A fixture that compares the distributed simulation with the dense reference, step by step.
#pragma once

#include <gtest/gtest.h>

#include <cmath>

#include "support/simulations.hpp"

namespace motley::test {

class AgainstReference : public testing::Test {
  protected:
    const mpi::Communicator world = mpi::Communicator::world();

    /// Steps of the distributed simulation and of the reference from the same start.
    void expect_same_as_reference(const ArcTopology& topology, const model::Spec& spec,
                                  bool accelerated = false) {
        const auto self = mpi::Communicator::self();
        const AgentId agents = topology.agents();
        const auto start =
            simulation_of<double>(topology, partition::Partition::block(agents, 1), spec, 7, self);
        Reference reference =
            reference_of(start, spec, transfer_of(agents, topology.list(), topology.traits()));
        reference.migration_routes = routes_of(reference.transfer);
        if (spec.growth_conserve) reference.growth_group = reference.agents;
        auto simulation = simulation_of<double>(
            topology, partition::Partition::random(agents, world.size(), 2), spec, 7, world);
        if (accelerated) {
            const bool sums = topology.traits().complete;
            simulation.accelerate();
            reference.span = sums ? 1 : 2;
            reference.ahead = spec.openness / (1 - spec.openness) / (sums ? 1 : 2);
            reference.momentum = true;
        }
        for (int step = 1; step <= 12; ++step) {
            simulation.step(0.1, nullptr);
            reference.step(0.1, spec.learning_rate, spec.growth_rate);
            // All ranks take the same decision; a rank that stopped alone would leave the others
            // waiting.
            const double worst = world.max(worst_difference(simulation, reference));
            ASSERT_LE(worst, 1e-11) << "after step " << step;
        }
        const auto m = simulation.measured_step(0.1);
        reference.step(0.1, spec.learning_rate, spec.growth_rate);
        EXPECT_NEAR(m.productivity, static_cast<double>(reference.productivity()),
                    1e-11 * m.productivity);
    }

    static double worst_difference(const simulation::Simulation<double>& simulation,
                                   const Reference& reference) {
        double worst = 0.0;
        const auto note = [&](double found, Wide expected) {
            const auto d =
                static_cast<double>(std::abs(Wide(found) - expected) / std::abs(expected));
            worst = d <= worst ? worst : std::isnan(d) ? INFINITY : d;
        };
        for (const auto& row : rows_of(simulation)) {
            const auto i = static_cast<std::size_t>(row.agent);
            note(row.utility, reference.utility[i]);
            note(row.resource, reference.resource[i]);
            for (std::size_t k = 0; k < reference.tasks; ++k) {
                note(row.allocation[k], reference.allocation[i][k]);
                note(row.capability[k], reference.capability[i][k]);
                note(row.consumption[k], reference.consumption[i][k]);
                note(row.value[k], reference.value[i][k]);
            }
        }
        return worst;
    }

    /// The share of what arrives from j that arrives at i.
    static Matrix routes_of(const Matrix& transfer) {
        Matrix routes = transfer;
        for (std::size_t j = 0; j < transfer.size(); ++j) {
            Wide total = 0;
            for (std::size_t i = 0; i < transfer.size(); ++i) total += transfer[i][j];
            for (std::size_t i = 0; i < transfer.size(); ++i) routes[i][j] /= total > 0 ? total : 1;
        }
        return routes;
    }
};

/// Arcs without loops.
inline ArcTopology without_loops(const ArcTopology& topology) {
    std::vector<topology::Arc> arcs;
    for (const auto& arc : topology.list()) {
        if (arc.source != arc.target) arcs.push_back(arc);
    }
    return {topology.agents(), std::move(arcs), topology.traits()};
}

}  // namespace motley::test

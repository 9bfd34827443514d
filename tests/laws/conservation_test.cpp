// Facts 1 and 2 of docs/model.md, section 4: nothing is lost on edges that lose nothing, and values
// are the adjoint of flows.
#include <gtest/gtest.h>

#include "support/simulations.hpp"

namespace motley::test {
namespace {

model::Spec mixed_model(double elasticity) {
    model::Spec spec;
    spec.tasks = 5;
    spec.openness = 0.85;
    spec.elasticity = elasticity;
    spec.noise = 0.2;
    spec.resource.kind = model::Distribution::Kind::lognormal;
    spec.demand.kind = model::Distribution::Kind::dirichlet;
    return spec;
}

/// Weighted arcs with loops. Some agents only send, some only receive, and some have no arc. Unless
/// `lossless`, each arc keeps its own survival.
ArcTopology weighted(bool lossless) {
    auto arcs = random_weighted(31, 100, 4).list();
    if (lossless) {
        for (auto& arc : arcs) arc.survival = 1.0;
    }
    return {31, std::move(arcs), weighted_traits()};
}

std::vector<std::unique_ptr<topology::Topology>> topologies(bool lossless) {
    const double survival = lossless ? 1.0 : 0.8;
    std::vector<std::unique_ptr<topology::Topology>> list;
    list.push_back(std::make_unique<ArcTopology>(weighted(lossless)));
    list.push_back(std::make_unique<ArcTopology>(random_uniform(31, 60, 4, survival)));
    list.push_back(
        std::make_unique<ArcTopology>(31, std::vector<topology::Arc>{}, complete_traits(survival)));
    return list;
}

TEST(Fact1Conservation, ConsumptionAndStockInTransitAreWhatIsProducedInEveryStep) {
    for (const auto& topology : topologies(true)) {
        const auto spec = mixed_model(0.7);
        auto simulation = serial_simulation(*topology, spec);
        double in_transit = 0.0;
        for (int step = 0; step < 60; ++step) {
            const auto m = simulation.measured_step(0.1);
            const double scale = m.consumed + m.traffic;
            EXPECT_NEAR(m.received, in_transit, 1e-13 * scale) << "step " << step;
            EXPECT_NEAR(m.consumed + m.traffic - in_transit, m.produced, 1e-13 * scale)
                << "step " << step;
            in_transit = m.traffic;
        }
    }
}

TEST(Fact1Conservation, WhatIsLostIsWhatDidNotSurviveTheEdges) {
    const ArcTopology lossy = random_uniform(31, 60, 4, 0.8);
    const auto spec = mixed_model(0.7);
    auto simulation = serial_simulation(lossy, spec);
    double in_transit = 0.0;
    for (int step = 0; step < 60; ++step) {
        const auto m = simulation.measured_step(0.1);
        EXPECT_NEAR(m.received, 0.8 * in_transit, 1e-13 * (m.consumed + m.traffic));
        in_transit = m.traffic;
    }
}

TEST(Fact2Adjoint, ExpenditureEqualsValueTaskByTaskAtAStationaryState) {
    for (const bool lossless : {true, false}) {
        for (const auto& topology : topologies(lossless)) {
            for (const double elasticity : {0.5, 1.0, 3.0}) {
                const auto spec = mixed_model(elasticity);
                auto simulation = serial_simulation(*topology, spec);
                for (int step = 0; step < 30; ++step) simulation.step(0.05, nullptr);
                const auto m = simulation.settle(1e-16, 2000);
                for (std::size_t k = 0; k < 5; ++k) {
                    EXPECT_NEAR(m.expenditure_by_task[k], m.value_by_task[k],
                                1e-12 * m.productivity);
                }
            }
        }
    }
}

TEST(Fact2Adjoint, ValuesAddUpToProductivityAtAStationaryState) {
    for (const bool lossless : {true, false}) {
        for (const auto& topology : topologies(lossless)) {
            for (const double elasticity : {0.5, 1.0, 3.0}) {
                const auto spec = mixed_model(elasticity);
                auto simulation = serial_simulation(*topology, spec);
                for (int step = 0; step < 30; ++step) simulation.step(0.05, nullptr);
                const auto m = simulation.settle(1e-16, 2000);
                EXPECT_NEAR(m.value, m.productivity, 1e-12 * m.productivity);
                double utilities = 0.0;
                for (const auto& row : rows_of(simulation)) utilities += row.utility;
                EXPECT_NEAR(utilities, m.productivity, 1e-12 * m.productivity);
            }
        }
    }
}

}  // namespace
}  // namespace motley::test

// The distributed simulation against the dense reference, growth and schedules included, and the
// errors of its inputs, which reach all ranks.
#include <gtest/gtest.h>

#include <cmath>

#include "simulation/against_reference.hpp"

namespace motley::test {
namespace {

class SimulationTest : public AgainstReference {
  protected:
    /// The error that building a simulation throws on every rank.
    Error refused(const model::Spec& spec, const Tables& tables = {}) {
        const ArcTopology topology(6, {}, uniform_traits());
        try {
            simulation_of<double>(topology, partition::Partition::block(6, world.size()), spec, 1,
                                  world, tables);
        } catch (const Error& error) {
            EXPECT_TRUE(error.everywhere());
            return error;
        }
        ADD_FAILURE() << "nothing was thrown on rank " << world.rank();
        return internal_error("none");
    }
};

model::Spec growing(double global_rate, bool local) {
    model::Spec spec;
    spec.tasks = 5;
    spec.elasticity = 0.8;
    spec.noise = 0.3;
    spec.growth_rate = global_rate;
    spec.growth_scope = local ? model::GrowthScope::local : model::GrowthScope::global;
    spec.resource.kind = model::Distribution::Kind::lognormal;
    spec.demand.kind = model::Distribution::Kind::dirichlet;
    spec.demand.concentration = 3.0;
    return spec;
}

TEST_F(SimulationTest, StepsOfEveryCouplingMatchTheReferenceOnAnyNumberOfRanks) {
    model::Spec spec = growing(0.0, false);
    for (const double learning : {0.0, 0.1}) {
        spec.learning_rate = learning;
        expect_same_as_reference(random_weighted(23, 70, 6), spec);
        expect_same_as_reference(random_uniform(23, 50, 6, 0.9), spec);
        expect_same_as_reference({23, {}, complete_traits()}, spec);
    }
}

TEST_F(SimulationTest, GlobalGrowthMatchesTheReference) {
    const auto spec = growing(0.1, false);
    expect_same_as_reference(random_weighted(23, 70, 6), spec);
    expect_same_as_reference(random_uniform(23, 50, 6, 0.9), spec);
    expect_same_as_reference({23, {}, complete_traits()}, spec);
}

TEST_F(SimulationTest, LocalGrowthMatchesTheReference) {
    const auto spec = growing(0.1, true);
    expect_same_as_reference(without_loops(random_weighted(23, 70, 6)), spec);
    expect_same_as_reference(without_loops(random_uniform(23, 50, 6, 0.9)), spec);
    expect_same_as_reference({23, {}, complete_traits()}, spec);
}

TEST_F(SimulationTest, LocalGrowthCountsAnAgentWithALoopOnce) {
    const auto spec = growing(0.1, true);
    expect_same_as_reference(random_weighted(23, 70, 6), spec);
    expect_same_as_reference(random_uniform(23, 50, 6, 0.9), spec);
}

TEST_F(SimulationTest, DemandChangesAtItsStep) {
    model::Spec spec;
    spec.tasks = 3;
    spec.demand.kind = model::Distribution::Kind::uniform;
    model::DemandChange change;
    change.step = 5;
    change.demand.kind = model::Distribution::Kind::weights;
    change.demand.weights = {1.0, 3.0, 0.0};
    spec.schedule.push_back(change);
    auto simulation =
        simulation_of<double>(ArcTopology(9, ring_arcs(9, 2), uniform_traits()),
                              partition::Partition::block(9, world.size()), spec, 1, world);
    simulation::SolveOptions solve;
    solve.steps = 10;
    std::vector<double> entropies;
    std::vector<std::int64_t> seen;
    int finals = 0;
    simulation::solve_dynamics<double>(
        simulation, spec, solve, 1,
        [&](std::int64_t step, const measure::Measures* measures, bool last) {
            ASSERT_NE(measures, nullptr);
            seen.push_back(step);
            entropies.push_back(measures->demand_entropy);
            finals += last ? 1 : 0;
        });
    ASSERT_EQ(seen.size(), 11U);
    EXPECT_EQ(seen.back(), 10);
    EXPECT_EQ(finals, 1);
    const double after = std::log(4.0) - 0.75 * std::log(3.0);
    for (std::size_t i = 0; i < seen.size(); ++i) {
        EXPECT_NEAR(entropies[i], i < 5 ? std::log(3.0) : after, 1e-14) << "step " << i;
    }
}

TEST_F(SimulationTest, MeasuresOnlyTheStepsThatAreAskedFor) {
    model::Spec spec;
    auto simulation =
        simulation_of<double>(ArcTopology(9, ring_arcs(9, 2), uniform_traits()),
                              partition::Partition::block(9, world.size()), spec, 1, world);
    simulation::SolveOptions solve;
    solve.steps = 10;
    int measured = 0, all = 0;
    simulation::solve_dynamics<double>(
        simulation, spec, solve, 4,
        [&](std::int64_t step, const measure::Measures* measures, bool last) {
            all += 1;
            measured += measures != nullptr ? 1 : 0;
            EXPECT_EQ(measures != nullptr, step % 4 == 0 || last) << "step " << step;
        });
    EXPECT_EQ(all, 11);
    EXPECT_EQ(measured, 4);
    EXPECT_EQ(simulation.steps(), 11);
}

TEST_F(SimulationTest, RefusesResourcesThatAreNotPositive) {
    model::Spec spec;
    spec.resource = from_table("resource.csv");
    const Error error = refused(spec, {{"resource.csv", {1, 1, 1, 1, 0, 1}}});
    EXPECT_EQ(error.kind(), ErrorKind::input);
    EXPECT_EQ(std::string(error.what()),
              "resource.csv: the resource of agent 4 is 0.000000; it must be positive");
}

TEST_F(SimulationTest, RefusesAnAgentThatNeedsNothing) {
    model::Spec spec;
    spec.tasks = 2;
    spec.demand = from_table("demand.csv");
    const Error error = refused(spec, {{"demand.csv", {1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 0, 0}}});
    EXPECT_EQ(error.kind(), ErrorKind::input);
    EXPECT_EQ(error.agent(), 5);
    EXPECT_EQ(std::string(error.what()),
              "demand.csv: the demand of agent 5 sums to zero; every agent must need something");
}

TEST_F(SimulationTest, TheErrorOfATableReachesAllRanks) {
    model::Spec spec;
    spec.capability = from_table("missing.csv");
    const Error error = refused(spec);
    EXPECT_EQ(error.kind(), ErrorKind::input);
    EXPECT_STREQ(error.what(), "no table missing.csv");
}

TEST_F(SimulationTest, NamesTheAgentWhoseStateLeavesTheRangeOfNumbers) {
    model::Spec spec;
    spec.tasks = 2;
    spec.elasticity = 1.0;
    spec.capability = from_table("able");
    // 1e300 times 1e300 is beyond double.
    spec.resource = from_table("resource");
    const Tables tables{{"able", {1, 1, 1, 1, 1, 1, 1e300, 1e300, 1, 1, 1, 1}},
                        {"resource", {1, 1, 1, 1e300, 1, 1}}};
    auto simulation =
        simulation_of<double>(ArcTopology(6, {}, uniform_traits()),
                              partition::Partition::block(6, world.size()), spec, 1, world, tables);
    try {
        simulation.measured_step(0.0);
        FAIL() << "nothing was thrown on rank " << world.rank();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::internal);
        EXPECT_TRUE(error.everywhere());
        EXPECT_EQ(error.agent(), 3);
        EXPECT_EQ(std::string(error.what()),
                  "step 1: the state of agent 3 is no longer finite; its inputs exceed the range "
                  "of the chosen precision");
    }
}

}  // namespace
}  // namespace motley::test

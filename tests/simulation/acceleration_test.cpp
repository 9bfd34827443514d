// The acceleration of the search for the optimum: its step against the dense reference, the same
// bits on any number of ranks, at most half the steps of the common search, and its end where it
// does not help.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "motley/partition/distributed.hpp"
#include "simulation/against_reference.hpp"
#include "systems.hpp"

namespace motley::test {
namespace {

class AccelerationTest : public AgainstReference {
  protected:
    template <class Real>
    std::pair<std::uint64_t, double> run(const System& system,
                                         const partition::Partition& partition,
                                         const mpi::Communicator& comm,
                                         const simulation::ExchangeOptions& exchange) {
        auto simulation =
            simulation_of<Real>(*system.topology, partition, system.model, 5, comm, {}, exchange);
        simulation.accelerate();
        for (int step = 1; step < 30; ++step) simulation.step(0.05, nullptr);
        const auto m = simulation.measured_step(0.05);
        return {simulation.state_hash(), m.productivity};
    }

    template <class Real>
    void expect_same_bits() {
        const auto self = mpi::Communicator::self();
        for (const auto& system : systems(world.rank())) {
            const auto alone = run<Real>(
                system, partition::Partition::block(system.topology->agents(), 1), self, {});
            for (const auto method : {partition::Method::block, partition::Method::random}) {
                partition::Spec spec;
                spec.method = method;
                const auto partition = partition::make(spec, *system.topology, world);
                for (const auto kind : {mpi::ExchangeKind::persistent, mpi::ExchangeKind::dense}) {
                    EXPECT_EQ(run<Real>(system, partition, world, {kind, true}), alone)
                        << system.name << ", " << partition::name(method) << ", exchange "
                        << static_cast<int>(kind);
                }
            }
        }
    }

    struct Search {
        simulation::Solution solution;
        bool accelerates = false;  ///< at its end
    };

    /// The search of a system of 256 agents, each of which does 8 tasks, on this rank alone.
    static Search search(const std::string& generator, const model::Spec& spec, double gap,
                         bool acceleration, std::int64_t max_steps = 20000) {
        const auto topology = generated(generator, 256, 8);
        auto simulation = serial_simulation(*topology, spec);
        simulation::SolveOptions solve;
        solve.gap = gap;
        solve.max_steps = max_steps;
        solve.acceleration = acceleration;
        const auto solution =
            simulation::solve_optimum<double>(simulation, spec, solve, max_steps,
                                              [](std::int64_t, const measure::Measures*, bool) {});
        return {solution, simulation.accelerates()};
    }

    static model::Spec model_of(double elasticity) {
        model::Spec spec;
        spec.tasks = 8;
        spec.elasticity = elasticity;
        spec.capability.kind = model::Distribution::Kind::lognormal;
        spec.capability.sigma = 0.3;
        return spec;
    }
};

TEST_F(AccelerationTest, ItsStepIsThatOfTheReferenceForEveryCoupling) {
    model::Spec spec;
    spec.tasks = 5;
    spec.noise = 0.3;
    spec.demand.kind = model::Distribution::Kind::dirichlet;
    spec.demand.concentration = 3.0;
    for (const double elasticity : {0.3, 1.0, 3.0}) {
        spec.elasticity = elasticity;
        spec.returns = elasticity == 3.0 ? 0.8 : 1.0;
        expect_same_as_reference(random_weighted(23, 70, 6), spec, true);
        expect_same_as_reference(random_uniform(23, 50, 6, 0.9), spec, true);
        expect_same_as_reference({23, {}, complete_traits()}, spec, true);
    }
}

TEST_F(AccelerationTest, EverySystemHasTheSameBitsOnAnyNumberOfRanks) {
    expect_same_bits<double>();
    expect_same_bits<float>();
}

TEST_F(AccelerationTest, AFrozenStepIsTheCommonOne) {
    const auto system = std::move(systems(world.rank())[0]);
    const auto partition = partition::Partition::block(system.topology->agents(), world.size());
    auto common = simulation_of<double>(*system.topology, partition, system.model, 5, world);
    auto accelerated = simulation_of<double>(*system.topology, partition, system.model, 5, world);
    accelerated.accelerate();
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(accelerated.measured_step(0.0).gap, common.measured_step(0.0).gap);
    }
    EXPECT_EQ(accelerated.state_hash(), common.state_hash());
    accelerated.step(0.05, nullptr);
    common.step(0.05, nullptr);
    EXPECT_NE(accelerated.state_hash(), common.state_hash());
    // Without momentum and looking ahead it is the common step again.
    auto stopped = simulation_of<double>(*system.topology, partition, system.model, 5, world);
    stopped.accelerate();
    for (int i = 0; i < 3; ++i) stopped.step(0.0, nullptr);
    stopped.stop_accelerating();
    stopped.step(0.05, nullptr);
    EXPECT_EQ(stopped.state_hash(), common.state_hash());
}

TEST_F(AccelerationTest, CertificatesTakeAtMostHalfTheSteps) {
    for (const std::string generator : {"ring", "watts-strogatz", "complete"}) {
        for (const double elasticity : {0.1, 0.3, 0.7}) {
            const model::Spec spec = model_of(elasticity);
            const auto old = search(generator, spec, 1e-4, false);
            const auto now = search(generator, spec, 1e-4, true);
            EXPECT_TRUE(old.solution.certified) << generator << ", sigma " << elasticity;
            EXPECT_TRUE(now.solution.certified) << generator << ", sigma " << elasticity;
            EXPECT_TRUE(now.accelerates);
            EXPECT_FALSE(old.accelerates);
            EXPECT_LE(2 * now.solution.steps, old.solution.steps)
                << generator << ", sigma " << elasticity;
            // Both are the optimum up to their gaps.
            EXPECT_NEAR(now.solution.measures.productivity, old.solution.measures.productivity,
                        1e-4 * old.solution.measures.productivity);
        }
    }
}

TEST_F(AccelerationTest, AgentsWithoutArcsDoNotLookAhead) {
    // Nothing lags there, whatever the openness is: looking ahead would overshoot.
    const model::Spec spec = model_of(0.7);
    const auto old = search("isolated", spec, 1e-5, false);
    const auto now = search("isolated", spec, 1e-5, true);
    EXPECT_TRUE(now.solution.certified);
    EXPECT_LE(now.solution.steps, old.solution.steps);
}

TEST_F(AccelerationTest, EveryKindOfSystemReachesItsCertificate) {
    model::Spec open = model_of(0.7), returns = open, log = open, own = open;
    open.openness = 0.97;
    returns.returns = 0.7;
    log.welfare = model::Welfare::log;
    own.relay = false;
    for (const std::string generator : {"ring", "complete", "pool", "isolated"}) {
        for (const auto& spec : {open, returns, log, own}) {
            if (generator == "pool" && !spec.relay) continue;
            EXPECT_TRUE(search(generator, spec, 1e-5, true).solution.certified)
                << generator << ", openness " << spec.openness << ", returns " << spec.returns
                << ", relay " << spec.relay;
        }
    }
}

TEST_F(AccelerationTest, EndsWhereTheGapNoLongerFalls) {
    // Rounding keeps the gap above this tolerance.
    const auto found = search("ring", model_of(2.0), 1e-30, true, 3000);
    EXPECT_FALSE(found.solution.certified);
    EXPECT_FALSE(found.accelerates);
}

TEST_F(AccelerationTest, IsNotForNetworksWithSwitches) {
    topology::Spec tree;
    tree.generator = "fat-tree";
    tree.set("arity", std::int64_t{4});
    const auto topology = topology::make(tree);
    const model::Spec spec = model_of(0.7);
    auto simulation = serial_simulation(*topology, spec);
    EXPECT_TRUE(optimum(simulation, spec, 1e-3, 20000).certified);
    EXPECT_FALSE(simulation.accelerates());
}

TEST_F(AccelerationTest, IsNotForGrowingResources) {
    model::Spec spec = model_of(0.7);
    spec.growth_rate = 0.01;
    spec.growth_conserve = true;
    const auto off = search("ring", spec, 1e-3, false);
    const auto on = search("ring", spec, 1e-3, true);
    EXPECT_FALSE(on.accelerates);
    EXPECT_EQ(on.solution.steps, off.solution.steps);
    EXPECT_EQ(on.solution.measures.productivity, off.solution.measures.productivity);
}

}  // namespace
}  // namespace motley::test

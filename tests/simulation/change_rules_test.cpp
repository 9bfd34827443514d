// What changes besides allocations: learning, mutation, growth that keeps the total, migration.
#include <gtest/gtest.h>

#include <cmath>

#include "simulation/against_reference.hpp"
#include "simulation/systems.hpp"

namespace motley::test {
namespace {

class ChangeRules : public AgainstReference {};

model::Spec drawn_model() {
    model::Spec spec;
    spec.tasks = 5;
    spec.elasticity = 0.8;
    spec.noise = 0.3;
    spec.resource.kind = model::Distribution::Kind::lognormal;
    spec.demand.kind = model::Distribution::Kind::dirichlet;
    spec.demand.concentration = 3.0;
    return spec;
}

TEST_F(ChangeRules, EveryRuleMatchesTheReferenceOnAnyNumberOfRanks) {
    const auto check = [&](const model::Spec& spec) {
        expect_same_as_reference(random_weighted(23, 70, 6), spec);
        expect_same_as_reference(random_uniform(23, 50, 6, 0.9), spec);
        expect_same_as_reference({23, {}, complete_traits()}, spec);
    };
    model::Spec marginal = drawn_model();
    marginal.learning_rate = 0.1;
    marginal.learning_exponent = 1.5;
    marginal.learning_rule = model::LearningRule::marginal;
    check(marginal);
    marginal.learning_floor = 0.7;
    check(marginal);
    marginal.learning_rule = model::LearningRule::doing;
    check(marginal);
    model::Spec mutating = drawn_model();
    mutating.mutation = 0.03;
    check(mutating);
    model::Spec growing = drawn_model();
    growing.growth_rate = 0.2;
    growing.growth_conserve = true;
    check(growing);
    growing.adapt = false;
    check(growing);
    model::Spec migrating = drawn_model();
    migrating.migration = 0.3;
    check(migrating);
    migrating.growth_rate = 0.2;
    check(migrating);
    model::Spec sum = drawn_model();
    sum.elasticity = 5e5;
    check(sum);
}

/// Utility is the sum of what is consumed where it is wanted, and every price is 1.
TEST(Elasticity, InfiniteElasticityAddsUp) {
    for (const char* name : {"ring", "complete", "pool"}) {
        model::Spec spec;
        spec.tasks = 3;
        spec.elasticity = INFINITY;
        spec.noise = 0.4;
        spec.demand.kind = model::Distribution::Kind::weights;
        spec.demand.weights = {0.5, 0.5, 0.0};
        topology::Spec shape;
        shape.generator = name;
        shape.agents = 12;
        if (shape.generator == "ring") shape.set("degree", std::int64_t{2});
        const auto graph = topology::make(shape);
        auto simulation = serial_simulation(*graph, spec, 2);
        const auto found = optimum(simulation, spec, 1e-9, 20000);
        EXPECT_TRUE(found.certified) << name;
        const auto rows = rows_of(simulation);
        double best = 0.0;
        for (LocalId r = 0; r < 12; ++r) {
            std::vector<double> c(3);
            simulation.read_consumption(r, c.data());
            EXPECT_NEAR(simulation.read_utility(r), c[0] + c[1], 1e-12 * (c[0] + c[1]));
            EXPECT_NEAR(simulation.read_expenditure(r), c[0] + c[1], 1e-12 * (c[0] + c[1]));
            best += std::max(rows[r].capability[0], rows[r].capability[1]);
        }
        // All that is made is consumed, so each agent makes what it is best at.
        EXPECT_NEAR(found.measures.productivity, best, 2e-9 * best) << name;
    }
}

/// Incomes and expenditures add up to P at a stationary state, and e_i = u_i.
TEST(Accounts, IncomeAndExpenditureAddUpToProductivity) {
    for (System& system : systems(0)) {
        if (system.model.learning_rate > 0.0 || system.model.growth_rate > 0.0) continue;
        if (system.model.openness_rate > 0.0 && system.name == "file") continue;
        auto simulation = serial_simulation(*system.topology, system.model, 5);
        for (int i = 0; i < 50; ++i) simulation.step(0.05, nullptr);
        simulation.settle(1e-14, 20000);
        // The mean utility that weighs prices is that of the step before. A chosen openness may
        // settle more slowly than the one at the start.
        const int more = system.model.openness_rate > 0.0 ? 3000 : 3;
        for (int i = 0; i < more; ++i) simulation.step(0.0, nullptr);
        const auto measures = simulation.measured_step(0.0);
        double income = 0.0, spent = 0.0;
        for (LocalId r = 0; r < simulation.graph().owned(); ++r) {
            income += simulation.read_income(r);
            spent += simulation.read_expenditure(r);
            if (simulation.log_welfare()) continue;
            const double utility = simulation.read_utility(r);
            EXPECT_NEAR(simulation.read_expenditure(r), utility, 1e-12 * utility) << system.name;
        }
        EXPECT_NEAR(income, measures.productivity, 1e-10 * income) << system.name;
        EXPECT_NEAR(spent, measures.productivity, 1e-10 * spent) << system.name;
        EXPECT_NEAR(income, measures.value, 1e-12 * income) << system.name;
    }
}

/// With equal areas the learned capabilities keep sum a^p, and none falls below the floor.
TEST(Learning, TheFloorHoldsAndTheSumStays) {
    model::Spec spec;
    spec.tasks = 8;
    spec.elasticity = 1.0;
    spec.noise = 0.1;
    spec.capability = {};
    spec.learning_rate = 0.1;
    spec.learning_rule = model::LearningRule::marginal;
    spec.learning_floor = 0.05;
    const auto graph = generated("ring", 24);
    auto simulation = serial_simulation(*graph, spec);
    dynamics(simulation, spec, 1500, 0.05);
    double least = 1.0;
    for (const auto& row : rows_of(simulation)) {
        double sum = 0.0;
        for (const double a : row.capability) {
            sum += a;
            least = std::min(least, a);
            EXPECT_GE(a, 0.05 / (1.0 + 0.05) * (1.0 - 1e-12));
        }
        EXPECT_NEAR(sum, 8.0, 1e-11);
    }
    EXPECT_LT(least, 0.06);  // the floor is reached
}

/// Identical agents that exchange little: learning by doing ends below the productivity of the
/// agents alone, marginal learning does not (fields.md, 1.1).
TEST(Learning, MarginalLearningNeverEndsBelowTheIsolatedStart) {
    for (const double openness : {0.2, 0.6}) {
        model::Spec spec;
        spec.tasks = 8;
        spec.elasticity = 1.0;
        spec.openness = openness;
        spec.noise = 0.01;
        spec.capability = {};
        spec.learning_rate = 0.05;
        const auto graph = generated("ring", 64, 2);
        auto doing = serial_simulation(*graph, spec);
        EXPECT_NEAR(doing.isolated_productivity(), 64.0, 0.1);
        const double by_doing = dynamics(doing, spec, 4000, 0.03).measures.productivity;
        spec.learning_rule = model::LearningRule::marginal;
        auto marginal = serial_simulation(*graph, spec);
        const double by_margin = dynamics(marginal, spec, 4000, 0.03).measures.productivity;
        EXPECT_GE(by_margin, 64.0);
        EXPECT_GT(by_margin, by_doing);
        if (openness == 0.2) {
            EXPECT_LT(by_doing, 0.5 * 64.0);
        }
    }
}

/// Diffusive load balancing: the error falls by max_m |1 - d (1 - mu_m)| per step (Cybenko 1989).
TEST(Migration, TheErrorFallsByTheSecondEigenvalue) {
    const auto factor = [](const topology::Topology& graph, double d) {
        model::Spec spec;
        spec.tasks = 1;
        spec.openness = 0.0;
        spec.adapt = false;
        spec.migration = d;
        spec.resource = from_table("R");
        std::vector<double> start(static_cast<std::size_t>(graph.agents()), 1e-300);
        start[0] = static_cast<double>(graph.agents());
        auto simulation = serial_simulation(graph, spec, 1, {{"R", start}});
        std::vector<double> errors;
        for (int i = 0; i < 6000; ++i) {
            simulation.step(1.0, nullptr);
            double error = 0.0;
            for (LocalId r = 0; r < simulation.graph().owned(); ++r) {
                error += std::pow(simulation.state().resource_of(r) - 1.0, 2);
            }
            if (std::sqrt(error) < 1e-9) break;
            errors.push_back(std::sqrt(error));
        }
        if (errors.size() < 22) return 0.0;
        return std::pow(errors.back() / errors[errors.size() - 21], 1.0 / 20.0);
    };
    topology::Spec cube;
    cube.generator = "hypercube";
    cube.agents = 256;
    const auto hypercube = topology::make(cube);
    EXPECT_NEAR(factor(*hypercube, 8.0 / 9.0), 7.0 / 9.0, 1e-6);
    EXPECT_NEAR(factor(*hypercube, 0.5), 7.0 / 8.0, 1e-6);
    EXPECT_NEAR(factor(*generated("ring", 32, 2), 0.5), (1 + std::cos(2 * M_PI / 32)) / 2, 1e-6);
    EXPECT_EQ(factor(*generated("complete", 32), 31.0 / 32.0), 0.0);  // in one step
}

/// In a nested topology resources move along the arcs of one level only.
TEST(Migration, ALevelKeepsTheTotalOfEveryOtherCoordinate) {
    topology::Spec nested = shape("nested", {});
    nested.levels = {shape("ring", 6), shape("complete", 5)};
    nested.levels[0].set("degree", 2);
    nested.levels[0].share = 0.2;
    nested.levels[0].survival = 0.7;
    nested.levels[1].share = 0.8;
    const auto graph = topology::make(nested);
    model::Spec spec = plain_model();
    spec.resource.kind = model::Distribution::Kind::lognormal;
    spec.migration = 0.4;
    spec.migration_level = "ring";
    auto simulation = serial_simulation(*graph, spec, 3);
    std::vector<double> before(5), after(5);
    const auto add = [&](std::vector<double>& totals) {
        for (const auto& row : rows_of(simulation)) {
            totals[static_cast<std::size_t>(row.agent % 5)] += row.resource;
        }
    };
    add(before);
    for (int i = 0; i < 500; ++i) simulation.step(0.05, nullptr);
    add(after);
    for (std::size_t s = 0; s < 5; ++s) EXPECT_NEAR(after[s], before[s], 1e-12 * before[s]);
    for (const auto& row : rows_of(simulation)) {
        EXPECT_NEAR(row.resource, before[static_cast<std::size_t>(row.agent % 5)] / 6.0, 1e-9);
    }
}

/// No species can invade = optimal: P* <= S max_i norm(a_i o q_i), whatever the returns, and with
/// fixed diets P* <= S max_i r_i.
TEST(Growth, TheOptimumOfResourcesIsCertified) {
    for (const char* name : {"pool", "ring"}) {
        for (const double returns : {0.5, 0.9, 1.0}) {
            for (const bool adapt : {true, false}) {
                model::Spec spec;
                spec.tasks = 4;
                spec.elasticity = 1.0;
                spec.returns = returns;
                spec.capability.sigma = 0.4;
                spec.noise = adapt ? 0.0 : 1.0;
                spec.adapt = adapt;
                spec.growth_rate = 0.1;
                spec.growth_conserve = true;
                topology::Spec shape;
                shape.generator = name;
                shape.agents = 20;
                if (shape.generator == "ring") shape.set("degree", std::int64_t{4});
                const auto graph = topology::make(shape);
                auto simulation = serial_simulation(*graph, spec, 4);
                const auto found = optimum(simulation, spec, 1e-7, 200000);
                EXPECT_TRUE(found.certified)
                    << name << " " << returns << " " << adapt << ": " << found.measures.gap;
                EXPECT_NEAR(found.measures.resource, 20.0, 1e-9);
                // Another course never reaches more than the bound.
                auto other = serial_simulation(*graph, spec, 4);
                const auto tried = dynamics(other, spec, 3000, 0.1);
                EXPECT_LE(tried.measures.productivity,
                          found.measures.productivity * (1.0 + found.measures.gap + 1e-12));
            }
        }
    }
}

/// In isolation each group is a problem of its own: the best of its agents takes all.
TEST(Growth, GroupsKeepTheirTotals) {
    topology::Spec nested = shape("nested", {});
    nested.levels = {shape("complete", 4), shape("isolated", 3)};
    nested.levels[1].share = 0.0;
    const auto graph = topology::make(nested);
    model::Spec spec;
    spec.tasks = 1;
    spec.openness = 0.0;
    spec.adapt = false;
    spec.growth_rate = 0.5;
    spec.growth_scope = model::GrowthScope::group;
    spec.growth_conserve = true;
    spec.capability = from_table("a");
    const std::vector<double> a = {1, 2, 3, 5, 4, 1, 7, 1, 1, 2, 9, 3};
    auto simulation = serial_simulation(*graph, spec, 1, {{"a", a}});
    const auto found = optimum(simulation, spec, 1e-9, 20000);
    EXPECT_TRUE(found.certified);
    EXPECT_NEAR(found.measures.productivity, 3.0 * (3 + 5 + 7 + 9), 1e-6);
    for (const auto& row : rows_of(simulation)) {
        const bool best = row.agent == 2 || row.agent == 3 || row.agent == 6 || row.agent == 10;
        EXPECT_NEAR(row.resource, best ? 3.0 : 0.0, 1e-6) << row.agent;
    }
}

/// Fixed allocations that are those of the demand: u = R at a = 1, sigma = 1 (and Amdahl at 1/2).
TEST(FirstAllocation, DemandAndFilesAreTaken) {
    model::Spec spec;
    spec.tasks = 2;
    spec.openness = 0.0;
    spec.elasticity = 0.5;
    spec.adapt = false;
    spec.allocation = model::FirstAllocation::demand;
    spec.capability = from_table("a");
    spec.demand.kind = model::Distribution::Kind::weights;
    spec.demand.weights = {0.05, 0.95};
    const auto graph = generated("isolated", 2);
    auto simulation = serial_simulation(*graph, spec, 1, {{"a", {1, 16, 1, 64}}});
    dynamics(simulation, spec, 3, 0.1);
    EXPECT_NEAR(simulation.read_utility(0), 1.0 / (0.05 + 0.95 / 16.0), 1e-13);
    spec.elasticity = INFINITY;
    auto gustafson = serial_simulation(*graph, spec, 1, {{"a", {1, 16, 1, 64}}});
    dynamics(gustafson, spec, 3, 0.1);
    EXPECT_NEAR(gustafson.read_utility(0), 0.05 + 0.95 * 16.0, 1e-13);
    spec.allocation = model::FirstAllocation::file;
    spec.allocation_file = "x";
    auto given = serial_simulation(*graph, spec, 1, {{"a", {1, 16, 1, 0}}, {"x", {1, 3, 2, 0}}});
    const auto rows = rows_of(given);
    EXPECT_EQ(rows[0].allocation[1], 0.75);
    EXPECT_EQ(rows[1].allocation[0], 1.0);
    try {
        serial_simulation(*graph, spec, 1, {{"a", {1, 16, 1, 0}}, {"x", {1, 3, 2, 1}}});
        ADD_FAILURE() << "effort for an impossible task was accepted";
    } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find("agent 1 gives effort to task 1"),
                  std::string::npos)
            << error.what();
    }
}

}  // namespace
}  // namespace motley::test

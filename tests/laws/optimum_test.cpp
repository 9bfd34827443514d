// The search for the optimum against optima that are known: closed forms, and dense solutions made
// independently of this program.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "support/shared.hpp"
#include "support/simulations.hpp"

namespace motley::test {
namespace {

TEST(KnownOptimum, AgentsAloneReachTheClosedForm) {
    // u* = R (sum D a^(sigma - 1))^(1 / (sigma - 1)); sigma = 1: R prod a^D.
    const std::vector<double> able{1.5, 0.7, 1.0, 0.4, 2.0, 1.1}, need{0.5, 0.2, 0.3};
    const std::vector<double> resource{1.0, 2.5};
    for (const double elasticity : {0.3, 0.5, 1.0, 2.0, 4.0}) {
        model::Spec spec;
        spec.tasks = 3;
        spec.elasticity = elasticity;
        spec.capability = from_table("able");
        spec.resource = from_table("resource");
        spec.demand.kind = model::Distribution::Kind::weights;
        spec.demand.weights = need;
        const ArcTopology alone(2, {}, uniform_traits());
        auto simulation =
            serial_simulation(alone, spec, 1, {{"able", able}, {"resource", resource}});
        const auto solution = optimum(simulation, spec, 1e-10, 100000);
        double expected = 0.0;
        for (std::size_t i = 0; i < 2; ++i) {
            double sum = 0.0, log_sum = 0.0;
            for (std::size_t k = 0; k < 3; ++k) {
                sum += need[k] * std::pow(able[3 * i + k], elasticity - 1.0);
                log_sum += need[k] * std::log(able[3 * i + k]);
            }
            expected += resource[i] * (elasticity == 1.0 ? std::exp(log_sum)
                                                         : std::pow(sum, 1.0 / (elasticity - 1.0)));
        }
        EXPECT_TRUE(solution.certified) << elasticity;
        EXPECT_NEAR(solution.measures.productivity, expected, 2e-10 * expected) << elasticity;
    }
}

TEST(KnownOptimum, TwoSpecialistsWhoCannotDoOtherwise) {
    // Each makes one unit of its only task and keeps 1 / (1 + lambda) of it.
    for (const double openness : {0.5, 0.9}) {
        model::Spec spec;
        spec.tasks = 2;
        spec.openness = openness;
        spec.elasticity = 1.0;
        spec.capability = from_table("able");
        const ArcTopology pair(2, ring_arcs(2, 2), uniform_traits());
        auto simulation = serial_simulation(pair, spec, 1, {{"able", {1, 0, 0, 1}}});
        const auto solution = optimum(simulation, spec, 1e-10, 1000);
        EXPECT_TRUE(solution.certified);
        EXPECT_NEAR(solution.measures.productivity,
                    2.0 * 2.0 * std::sqrt(openness) / (1.0 + openness), 1e-9);
        EXPECT_NEAR(solution.measures.heterogeneity_effort, std::log(2.0), 1e-12);
    }
}

/// One instance of ../shared/oracle.
struct OracleInstance {
    std::vector<topology::Arc> arcs;
    AgentId agents = 0;
    model::Spec spec;
    Tables tables;
    nlohmann::json optimum;
};

OracleInstance load(const std::string& name) {
    std::ifstream file(shared("oracle/" + name + ".json"));
    const auto json = nlohmann::json::parse(file);
    OracleInstance instance;
    instance.agents = json.at("agents");
    for (const auto& edge : json.at("edges")) {
        instance.arcs.push_back({edge[0], edge[1], edge[2], edge[3]});
    }
    instance.spec.tasks = json.at("tasks");
    instance.spec.openness = json.at("openness");
    instance.spec.elasticity = json.at("elasticity");
    instance.spec.returns = json.at("returns");
    instance.spec.capability = from_table("capability");
    instance.spec.resource = from_table("resource");
    instance.spec.demand = from_table("demand");
    for (const char* table : {"capability", "demand"}) {
        for (const auto& row : json.at(table)) {
            for (const double entry : row) instance.tables[table].push_back(entry);
        }
    }
    for (const double entry : json.at("resource")) instance.tables["resource"].push_back(entry);
    instance.optimum = json.at("optimum");
    return instance;
}

void expect_optimum(const OracleInstance& instance, const topology::Topology& topology) {
    auto simulation = serial_simulation(topology, instance.spec, 1, instance.tables);
    const auto end = optimum(simulation, instance.spec, 1e-6, 200000);
    std::printf("  gap %.2e in %lld steps\n", end.measures.gap, static_cast<long long>(end.steps));
    EXPECT_TRUE(end.certified) << "gap " << end.measures.gap;
    EXPECT_LE(end.measures.gap, 1e-6);
    const double best = instance.optimum.at("productivity");
    const double best_gap = instance.optimum.at("relative_gap");
    EXPECT_LE(end.measures.productivity, best * (1.0 + best_gap + 1e-12));
    EXPECT_GE(end.measures.productivity, best * (1.0 - 1e-6));
    EXPECT_GE(end.measures.productivity * (1.0 + end.measures.gap), best);
    EXPECT_NEAR(end.measures.heterogeneity_value, instance.optimum.at("heterogeneity_value"), 1e-3);
    EXPECT_NEAR(end.measures.heterogeneity_effort, instance.optimum.at("heterogeneity_effort"),
                1e-3);
    EXPECT_NEAR(end.measures.expenditure_entropy, instance.optimum.at("expenditure_entropy"), 1e-4);
    EXPECT_NEAR(end.measures.value, instance.optimum.at("sum_value"), 1e-5);
    for (const auto& row : rows_of(simulation)) {
        const double utility = instance.optimum.at("utility")[static_cast<std::size_t>(row.agent)];
        EXPECT_NEAR(row.utility, utility, 2e-3) << "agent " << row.agent;
    }
}

class OracleTest : public testing::TestWithParam<std::string> {};

TEST_P(OracleTest, OptimumAgreesWithTheDenseSolution) {
    MOTLEY_NEEDS_SHARED("oracle/" + GetParam() + ".json");
    const auto instance = load(GetParam());
    expect_optimum(instance, ArcTopology(instance.agents, instance.arcs, weighted_traits()));
}

std::string case_name(const testing::TestParamInfo<std::string>& parameter) {
    std::string name = parameter.param;
    for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
    return name;
}

INSTANTIATE_TEST_SUITE_P(Instances, OracleTest,
                         testing::Values("ricardo-two-agents", "ring-24x4-sigma0.7",
                                         "complete-16x5-cobb-douglas-zipf",
                                         "directed-weighted-30x4-sigma0.5",
                                         "ring-40x6-sigma2-lossy"),
                         case_name);

TEST(OracleKernels, TheUniformKernelFindsTheSameOptimum) {
    MOTLEY_NEEDS_SHARED("oracle/ring-24x4-sigma0.7.json");
    const auto ring = load("ring-24x4-sigma0.7");
    expect_optimum(ring, ArcTopology(ring.agents, ring.arcs, uniform_traits()));
    const auto lossy = load("ring-40x6-sigma2-lossy");
    expect_optimum(
        lossy, ArcTopology(lossy.agents, lossy.arcs, uniform_traits(lossy.arcs.front().survival)));
}

TEST(OracleKernels, TheMeanFieldFindsTheSameOptimum) {
    MOTLEY_NEEDS_SHARED("oracle/complete-16x5-cobb-douglas-zipf.json");
    const auto complete = load("complete-16x5-cobb-douglas-zipf");
    expect_optimum(complete, ArcTopology(complete.agents, {},
                                         complete_traits(complete.arcs.front().survival)));
}

}  // namespace
}  // namespace motley::test

// The table of the measures of a comparison's runs. Nothing else lists them.
#include <algorithm>
#include <cmath>

#include "motley/core/error.hpp"
#include "motley/core/nan.hpp"
#include "motley/experiment/compare/comparison.hpp"
#include "motley/measure/quantities.hpp"

namespace motley::experiment {
namespace {

using measure::quantity_index;

/// A quantity of the last step.
template <std::size_t Index>
constexpr MeasureColumn of_step = {measure::quantities[Index].name, measure::quantities[Index].unit,
                                   measure::quantities[Index].long_name, [](const RunResult& r) {
                                       return measure::quantities[Index].value(
                                           r.solution.measures, static_cast<double>(r.agents));
                                   }};

constexpr double r_index(const AttackSummary& attack) {
    return attack.r_index;
}
constexpr double resistance(const AttackSummary& attack) {
    return attack.at.resistance;
}
constexpr double final(const AttackSummary& attack) {
    return attack.at.final;
}

/// A measure of an attack; nan where there is none of that order.
template <job::AttackOrder Order, double (*Measure)(const AttackSummary&)>
double of_attack(const RunResult& r) {
    const auto& all = r.attack.summaries;
    const auto found = std::ranges::find(all, Order, &AttackSummary::order);
    return found == all.end() ? nan : Measure(*found);
}

/// Columns that the series also has appear by name; the others are defined here.
constexpr MeasureColumn all_columns[] = {
    {"agents", "agents", "number of agents N",
     [](const RunResult& r) { return static_cast<double>(r.agents); }},
    {"arcs", "arcs", "number of arcs",
     [](const RunResult& r) { return static_cast<double>(r.arcs); }},
    {"steps", "steps", "adaptation steps made",
     [](const RunResult& r) { return static_cast<double>(r.solution.steps); }},
    of_step<quantity_index("productivity")>,
    of_step<quantity_index("productivity_per_agent")>,
    of_step<quantity_index("heterogeneity_effort")>,
    of_step<quantity_index("heterogeneity_value")>,
    of_step<quantity_index("task_entropy")>,
    of_step<quantity_index("expenditure_entropy")>,
    of_step<quantity_index("gap")>,
    {"certified", "1", "1 where the gap is at most the one asked for, else 0",
     [](const RunResult& r) { return r.solution.certified ? 1.0 : 0.0; }},
    of_step<quantity_index("traffic")>,
    of_step<quantity_index("efficiency")>,
    of_step<quantity_index("demand_entropy")>,
    {"productivity_per_traffic", "utility per output x hop", "productivity per unit of traffic",
     [](const RunResult& r) {
         const auto& m = r.solution.measures;
         return m.traffic > 0.0 ? m.productivity / m.traffic : nan;
     }},
    {"rise", "1", "rank correlation of productivity and effort heterogeneity during the run",
     [](const RunResult& r) { return r.rise; }},
    {"bound_share", "1", "value heterogeneity over the entropy of the demand",
     [](const RunResult& r) {
         const auto& m = r.solution.measures;
         return m.demand_entropy > 0.0 ? m.heterogeneity_value / m.demand_entropy : nan;
     }},
    {"heterogeneity_between", "nat", "effort heterogeneity between the outermost groups",
     [](const RunResult& r) { return r.levels.empty() ? nan : r.levels.front().effort; }},
    {"heterogeneity_within", "nat", "effort heterogeneity within the outermost groups",
     [](const RunResult& r) {
         return r.levels.empty()
                    ? nan
                    : r.solution.measures.heterogeneity_effort - r.levels.front().effort;
     }},
    {"heterogeneity_innermost", "nat", "effort heterogeneity of agents in their innermost group",
     [](const RunResult& r) { return r.levels.empty() ? nan : r.levels.back().effort; }},
    {"degree", "links", "mean degree", [](const RunResult& r) { return r.graph.degree_mean; },
     true},
    {"degree_deviation", "links", "standard deviation of degrees",
     [](const RunResult& r) { return r.graph.degree_deviation; }, true},
    {"degree_skewness", "1", "skewness of degrees",
     [](const RunResult& r) { return r.graph.degree_skewness; }, true},
    {"clustering", "1", "mean local clustering coefficient",
     [](const RunResult& r) { return r.graph.clustering; }, true},
    {"path_length", "hops", "mean length of shortest paths along the arcs",
     [](const RunResult& r) { return r.graph.path_length; }, true},
    {"spectral_gap", "1", "1 - second eigenvalue of the random walk",
     [](const RunResult& r) { return r.graph.spectral_gap; }, true},
    {"assortativity", "1", "correlation of degrees at the ends of an edge",
     [](const RunResult& r) { return r.graph.assortativity; }, true},
    {"bisection", "edges per vertex", "edges between two halves (METIS) per vertex",
     [](const RunResult& r) { return r.graph.bisection; }, true},
    {"spatial_scale", "hops", "radius xi that holds most of the heterogeneity, where measured",
     [](const RunResult& r) { return r.spatial.centres > 0 ? r.spatial.scale : nan; }},
    {"balance_radius", "hops", "radius at which the local balance is 1/e, where measured",
     [](const RunResult& r) { return r.spatial.centres > 0 ? r.spatial.balance_radius : nan; }},
    {"balance_outermost", "1", "local balance of the outermost groups",
     [](const RunResult& r) { return r.levels.size() < 2 ? nan : r.level_balance.front(); }},
    {"balance_innermost", "1", "local balance of the innermost groups",
     [](const RunResult& r) {
         return r.levels.size() < 2 ? nan : r.level_balance[r.levels.size() - 2];
     }},
    {"r_index_random", "1", "mean of what is left over an attack by random",
     of_attack<job::AttackOrder::random, r_index>},
    {"resistance_random", "1", "share of P left at once at attack.fraction, attack by random",
     of_attack<job::AttackOrder::random, resistance>},
    {"final_random", "1", "the same after adaptation, attack by random",
     of_attack<job::AttackOrder::random, final>},
    {"r_index_degree", "1", "mean of what is left over an attack by degree",
     of_attack<job::AttackOrder::degree, r_index>},
    {"resistance_degree", "1", "share of P left at once at attack.fraction, attack by degree",
     of_attack<job::AttackOrder::degree, resistance>},
    {"final_degree", "1", "the same after adaptation, attack by degree",
     of_attack<job::AttackOrder::degree, final>},
    {"r_index_value", "1", "mean of what is left over an attack by value",
     of_attack<job::AttackOrder::value, r_index>},
    {"resistance_value", "1", "share of P left at once at attack.fraction, attack by value",
     of_attack<job::AttackOrder::value, resistance>},
    {"final_value", "1", "the same after adaptation, attack by value",
     of_attack<job::AttackOrder::value, final>},
    {"r_index_type", "1", "mean of what is left over an attack by type",
     of_attack<job::AttackOrder::type, r_index>},
    {"resistance_type", "1", "share of P left at once at attack.fraction, attack by type",
     of_attack<job::AttackOrder::type, resistance>},
    {"final_type", "1", "the same after adaptation, attack by type",
     of_attack<job::AttackOrder::type, final>},
    {"r_index_group", "1", "mean of what is left over an attack by group",
     of_attack<job::AttackOrder::group, r_index>},
    {"resistance_group", "1", "share of P left at once at attack.fraction, attack by group",
     of_attack<job::AttackOrder::group, resistance>},
    {"final_group", "1", "the same after adaptation, attack by group",
     of_attack<job::AttackOrder::group, final>},
};

}  // namespace

std::span<const MeasureColumn> measure_columns() {
    return all_columns;
}

std::size_t measure_index(std::string_view name) {
    const auto* found = std::ranges::find(all_columns, name, &MeasureColumn::name);
    if (found == std::end(all_columns)) throw internal_error("no measure " + std::string(name));
    return static_cast<std::size_t>(found - std::begin(all_columns));
}

std::vector<double> measures_of(const RunResult& result) {
    std::vector<double> measures;
    for (const MeasureColumn& column : all_columns) {
        const double value = column.value(result);
        measures.push_back(std::isnan(value) ? nan : value);
    }
    return measures;
}

}  // namespace motley::experiment

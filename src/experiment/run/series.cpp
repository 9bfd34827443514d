#include "series.hpp"

#include <algorithm>

#include "motley/core/error.hpp"

namespace motley::experiment {
namespace {

using measure::Measures;

struct Column {
    const char* name;
    const char* unit;
    const char* long_name;
    double (*value)(const Measures&, double agents);
};

/// The columns of the series behind `step`. Symbols: docs/model.md.
constexpr Column table[] = {
    {"productivity", "utility", "productivity P: sum of utilities",
     [](const Measures& m, double) { return m.productivity; }},
    {"productivity_per_agent", "utility", "productivity per agent P/N",
     [](const Measures& m, double n) { return m.productivity / n; }},
    {"efficiency", "utility per effort", "productivity per resource P / sum R",
     [](const Measures& m, double) { return m.productivity / m.resource; }},
    {"heterogeneity_effort", "nat", "mutual information of agents and tasks, weighted by effort",
     [](const Measures& m, double) { return m.heterogeneity_effort; }},
    {"heterogeneity_value", "nat", "mutual information of agents and tasks, weighted by value",
     [](const Measures& m, double) { return m.heterogeneity_value; }},
    {"heterogeneity_capability", "nat", "mutual information of agents and capabilities",
     [](const Measures& m, double) { return m.heterogeneity_capability; }},
    {"task_entropy", "nat", "entropy of the effort by task",
     [](const Measures& m, double) { return m.task_entropy; }},
    {"expenditure_entropy", "nat", "entropy of the expenditure by task",
     [](const Measures& m, double) { return m.expenditure_entropy; }},
    {"demand_entropy", "nat", "entropy of the mean demand",
     [](const Measures& m, double) { return m.demand_entropy; }},
    {"gap", "1", "certified relative gap to the optimum; not a number where none is proved",
     [](const Measures& m, double) { return m.gap; }},
    {"frank_wolfe_gap", "utility", "sum over agents of the largest minus the mean marginal value",
     [](const Measures& m, double) { return m.frank_wolfe_gap; }},
    {"traffic", "output x hops", "amount that crosses edges in a step",
     [](const Measures& m, double) { return m.traffic; }},
    {"received", "output", "amount that arrives over edges in a step",
     [](const Measures& m, double) { return m.received; }},
    {"produced", "output", "production in a step",
     [](const Measures& m, double) { return m.produced; }},
    {"consumed", "output", "consumption in a step",
     [](const Measures& m, double) { return m.consumed; }},
    {"value", "utility", "value of production: sum of q y",
     [](const Measures& m, double) { return m.value; }},
    {"resource", "effort", "resources of all agents",
     [](const Measures& m, double) { return m.resource; }},
};

}  // namespace

Series::Series(AgentId agents) : agents_(static_cast<double>(agents)) {
    columns_.push_back({"step", "1", "adaptation steps made", {}});
    for (const auto& column : table) {
        columns_.push_back({column.name, column.unit, column.long_name, {}});
    }
}

const std::vector<double>& Series::values(const std::string& name) const {
    const auto found = std::ranges::find(columns_, name, &record::SeriesColumn::name);
    if (found == columns_.end()) throw internal_error("no column " + name + " in the series");
    return found->values;
}

void Series::restore(std::vector<std::vector<double>> values) {
    for (std::size_t c = 0; c < columns_.size(); ++c) columns_[c].values = std::move(values[c]);
}

void Series::add(std::int64_t step, const Measures& measures) {
    columns_[0].values.push_back(static_cast<double>(step));
    for (std::size_t c = 0; c < std::size(table); ++c) {
        columns_[c + 1].values.push_back(table[c].value(measures, agents_));
    }
}

}  // namespace motley::experiment

// The table of all quantities that are recorded of a step. The series of a run has a column for
// each of them; a comparison names those that it reads.
#pragma once

#include <array>
#include <cstddef>
#include <stdexcept>
#include <string_view>

#include "motley/measure/measures.hpp"

namespace motley::measure {

/// A number that every measured step has. Symbols: docs/model.md.
struct Quantity {
    const char* name;
    const char* unit;
    const char* long_name;
    double (*value)(const Measures&, double agents);
};

/// In the order of the columns of series.csv.
inline constexpr std::array quantities = {
    Quantity{"productivity", "utility", "productivity P: sum of utilities",
             [](const Measures& m, double) { return m.productivity; }},
    Quantity{"productivity_per_agent", "utility", "productivity per agent P/N",
             [](const Measures& m, double agents) { return m.productivity / agents; }},
    Quantity{"efficiency", "utility per effort", "productivity per resource P / sum R",
             [](const Measures& m, double) { return m.productivity / m.resource; }},
    Quantity{"heterogeneity_effort", "nat",
             "mutual information of agents and tasks, weighted by effort",
             [](const Measures& m, double) { return m.heterogeneity_effort; }},
    Quantity{"heterogeneity_value", "nat",
             "mutual information of agents and tasks, weighted by value",
             [](const Measures& m, double) { return m.heterogeneity_value; }},
    Quantity{"heterogeneity_capability", "nat", "mutual information of agents and capabilities",
             [](const Measures& m, double) { return m.heterogeneity_capability; }},
    Quantity{"task_entropy", "nat", "entropy of the effort by task",
             [](const Measures& m, double) { return m.task_entropy; }},
    Quantity{"expenditure_entropy", "nat", "entropy of the expenditure by task",
             [](const Measures& m, double) { return m.expenditure_entropy; }},
    Quantity{"demand_entropy", "nat", "entropy of the mean demand",
             [](const Measures& m, double) { return m.demand_entropy; }},
    Quantity{"gap", "1", "certified relative gap to the optimum; not a number where none is proved",
             [](const Measures& m, double) { return m.gap; }},
    Quantity{"frank_wolfe_gap", "utility",
             "sum over agents of the largest minus the mean marginal value",
             [](const Measures& m, double) { return m.frank_wolfe_gap; }},
    Quantity{"traffic", "output x hops", "amount that crosses edges in a step",
             [](const Measures& m, double) { return m.traffic; }},
    Quantity{"received", "output", "amount that arrives over edges in a step",
             [](const Measures& m, double) { return m.received; }},
    Quantity{"produced", "output", "production in a step",
             [](const Measures& m, double) { return m.produced; }},
    Quantity{"consumed", "output", "consumption in a step",
             [](const Measures& m, double) { return m.consumed; }},
    Quantity{"value", "utility", "value of production: sum of q y",
             [](const Measures& m, double) { return m.value; }},
    Quantity{"resource", "effort", "resources of all agents",
             [](const Measures& m, double) { return m.resource; }},
};

/// Place of a quantity in `quantities`; a name that is not there does not compile.
consteval std::size_t quantity_index(std::string_view name) {
    for (std::size_t i = 0; i < quantities.size(); ++i) {
        if (name == quantities[i].name) return i;
    }
    throw std::invalid_argument("no such quantity");
}

}  // namespace motley::measure

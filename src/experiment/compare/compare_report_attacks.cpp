// What holds systems up: the attacks of a comparison as a table and as bars.
#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "compare_report.hpp"

namespace motley::experiment {
namespace {

using report::NumberFormat;

bool measured(const Comparison& comparison, const std::string& measure) {
    for (const ComparedRun& run : comparison.runs) {
        if (run.state == RunState::done && std::isfinite(run.measure(measure))) return true;
    }
    return false;
}

report::PageTable table_of(const Comparison& comparison) {
    const NumberFormat three{NumberFormat::Notation::fixed, 3};
    report::PageTable table;
    table.title = "Systems and attacks";
    table.caption =
        "Means over replicates, in brackets the 95 % interval. R-index: the mean of what is left "
        "of the productivity over a whole attack; left and after: at attack.fraction, at once and "
        "after adaptation.";
    for (const auto& factor : comparison.factors) table.columns.push_back({factor});
    table.columns.push_back({"P/N", "utility", true, three});
    std::vector<std::string> measures;
    for (const char* order : job::attack_order_names) {
        for (const auto& [measure, title] :
             {std::pair{"r_index", "R-index"}, {"resistance", "left"}, {"final", "after"}}) {
            const std::string name = fmt::format("{}_{}", measure, order);
            if (!measured(comparison, name)) continue;
            measures.push_back(name);
            table.columns.push_back({fmt::format("{}: {}", order, title), "", true});
        }
    }
    if (measures.empty()) return table;
    for (const ComparedCell& cell : comparison.cells) {
        if (cell.runs.empty()) continue;
        std::vector<report::PageCell> row;
        for (const auto& level : cell.levels) row.emplace_back(level);
        row.emplace_back(cell.measure("productivity_per_agent").mean);
        for (const std::string& name : measures) {
            const auto& estimate = cell.measure(name);
            std::string text = fmt::format("{:.3f}", estimate.mean);
            if (std::isfinite(estimate.interval.low) && cell.runs.size() > 1) {
                text +=
                    fmt::format(" [{:.3f}, {:.3f}]", estimate.interval.low, estimate.interval.high);
            }
            row.emplace_back(text);
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

}  // namespace

report::Section attacks_section(const Comparison& comparison, const std::vector<Scope>& scopes) {
    report::Section section{"What holds the systems up"};
    report::PageTable table = table_of(comparison);
    if (table.rows.empty()) return section;
    for (const char* order : job::attack_order_names) {
        const std::string name = fmt::format("r_index_{}", order);
        if (!measured(comparison, name)) continue;
        section.items.emplace_back(
            bars_of(comparison, scopes,
                    {name, fmt::format("R-index, attack by {}", order), "R-index", ""}));
    }
    section.items.emplace_back(std::move(table));
    return section;
}

}  // namespace motley::experiment

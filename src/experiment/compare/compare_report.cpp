#include "compare_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "motley/experiment/compare/laws.hpp"
#include "motley/job/preset.hpp"

namespace motley::experiment {
namespace {

using report::Chart;
using report::NumberFormat;
using report::Section;

constexpr const char* compared_measure = "productivity_per_agent";

report::PageColumn number(const std::string& name, const std::string& unit, NumberFormat format) {
    return {name, unit, true, format};
}

/// The cell of a level, which is sorted by its number where it is one.
report::PageCell level_cell(const std::string& level) {
    char* end = nullptr;
    const double number = std::strtod(level.c_str(), &end);
    return end != level.c_str() && *end == '\0' ? report::PageCell(level, number)
                                                : report::PageCell(level);
}

report::PageCell interval_cell(double low, double high, const NumberFormat& format) {
    if (!std::isfinite(low) || !std::isfinite(high)) return report::missing;
    return {fmt::format("[{}, {}]", report::format_number(low, format),
                        report::format_number(high, format)),
            low};
}

std::vector<report::PageCell> results_row(const Comparison& comparison, const ComparedCell& cell,
                                          const NumberFormat& value, const NumberFormat& percent) {
    std::vector<report::PageCell> row;
    for (const auto& level : cell.levels) row.push_back(level_cell(level));
    const auto mean = [&](const char* name) { return cell.measure(name).mean; };
    const auto& p = cell.measure(compared_measure);
    const double base = cell.compared ? comparison.cells[static_cast<std::size_t>(cell.baseline)]
                                            .measure(compared_measure)
                                            .mean
                                      : report::missing;
    const auto& d = cell.difference;
    row.insert(row.end(),
               {static_cast<double>(cell.runs.size()), cell.rank, p.mean,
                interval_cell(p.interval.low, p.interval.high, value),
                cell.compared ? d.mean / base : report::missing,
                interval_cell(d.interval.low / base, d.interval.high / base, percent),
                cell.compared ? cell.p_corrected : report::missing, mean("heterogeneity_effort"),
                mean("heterogeneity_value"), mean("spatial_scale"), mean("balance_radius"),
                mean("traffic") / mean("agents"), mean("productivity_per_traffic"), mean("gap")});
    return row;
}

report::PageTable results_table(const Comparison& comparison) {
    report::PageTable table;
    table.title = "All cells";
    table.caption = "Means over replicates; the difference to " + comparison.baseline +
                    " is paired by seed, with a bootstrap interval (BCa); p by Student's paired "
                    "test, corrected "
                    "after Holm.";
    for (const auto& factor : comparison.factors) table.columns.push_back({factor});
    const NumberFormat five{NumberFormat::Notation::fixed, 5},
        four{NumberFormat::Notation::fixed, 4};
    const job::FieldWords& words = job::words_of(comparison.preset);
    const NumberFormat percent{NumberFormat::Notation::percent, 2, true},
        few{NumberFormat::Notation::general, 3};
    for (const auto& column :
         {number("runs", "", {}), number("rank", "", few), number("P/N", "", five),
          number("95 %", "", {}), number("to " + comparison.baseline, "", percent),
          number("95 % of it", "", {}), number("p (Holm)", "", few),
          number(fmt::format("I {}", words.resource), "", four),
          number(fmt::format("I {}", words.income), "", four), number("xi", "hops", four),
          number("balance radius", "hops", four),
          number(fmt::format("traffic per {}", words.agent), "", four),
          number("P per traffic", "", four), number("gap", "", few)}) {
        table.columns.push_back(column);
    }
    for (const ComparedCell& cell : comparison.cells) {
        table.rows.push_back(results_row(comparison, cell, five, percent));
    }
    return table;
}

/// Adds lines over the numeric factor where there is one, else bars.
void add_figures(const Comparison& comparison, const std::vector<Scope>& scopes,
                 const MeasureFigure& figure, Section& section) {
    const auto x = numeric_factor(comparison);
    if (!x) {
        section.items.emplace_back(bars_of(comparison, scopes, figure));
        return;
    }
    for (Chart& chart : lines_over(comparison, *x, figure)) {
        section.items.emplace_back(std::move(chart));
    }
}

std::size_t position(const std::vector<std::string>& names, const std::string& name) {
    return static_cast<std::size_t>(std::ranges::find(names, name) - names.begin());
}

Section laws_section(const Comparison& comparison) {
    Section section{"The four laws"};
    section.paragraphs.push_back(
        "The laws are claims of Artis, Akarca and Achterberg (arXiv:2604.07602); how they are "
        "measured here is ours (docs/model.md). What is said holds for these runs.");
    for (const auto& found : laws(comparison)) {
        section.paragraphs.push_back(fmt::format(
            "Law {} {}: {}.", found.law, found.holds ? "holds" : "does not hold", found.text));
    }
    const std::size_t openness = position(comparison.factors, "model.openness");
    if (openness < comparison.factors.size() && static_cast<int>(openness) != comparison.compared) {
        for (Chart& bound :
             lines_over(comparison, openness,
                        {"bound_share", "Law 2: how much of the environment's bound is reached",
                         "I value / H(demand)", ""})) {
            bound.references.push_back({1.0, "H(demand): the bound where elasticity is 1"});
            section.items.emplace_back(std::move(bound));
        }
        for (const MeasureFigure& figure :
             {MeasureFigure{"balance_radius",
                            "Law 3: radius within which neighbourhoods are complete",
                            "balance radius", "hops"},
              {"spatial_scale", "Law 3: spatial scale", "xi", "hops"},
              {"heterogeneity_effort", "Law 3: total heterogeneity", "I effort", "nat"},
              {"heterogeneity_between", "Law 4: heterogeneity between the outermost groups",
               "I between", "nat"},
              {"heterogeneity_within", "Law 4: heterogeneity within them", "I within", "nat"},
              {"balance_outermost", "Law 4: what the outermost groups lack", "local balance", ""},
              {"balance_innermost", "Law 4: what the innermost groups lack", "local balance",
               ""}}) {
            for (Chart& chart : lines_over(comparison, openness, figure)) {
                section.items.emplace_back(std::move(chart));
            }
        }
    }
    return section;
}

Section properties_section(const Comparison& comparison, const Scope& scope) {
    Section section{"Which property of the graph goes with productivity"};
    if (comparison.correlations.empty()) return section;
    section.paragraphs.push_back(
        "Spearman's rank correlation over runs. Replicates of one topology share its properties, "
        "so "
        "that the p values are smaller than independent graphs would give.");
    report::PageTable table;
    table.title = "Rank correlation of productivity per agent with graph properties";
    table.columns = {{"runs"},
                     {"property"},
                     number("number", "", {}),
                     number("rho", "", {NumberFormat::Notation::fixed, 3, true}),
                     number("p", "", {NumberFormat::Notation::general, 2})};
    for (const auto& one : comparison.correlations) {
        table.rows.push_back({one.scope, one.property, static_cast<double>(one.correlation.count),
                              one.correlation.rho, one.correlation.p});
    }
    section.items.emplace_back(std::move(table));
    for (const MeasureColumn& column : measure_columns()) {
        if (!column.of_graph) continue;
        Chart chart;
        chart.kind = report::ChartKind::scatter;
        chart.title = std::string("Productivity and ") + column.long_name;
        chart.caption = scope.name;
        chart.x = {column.long_name, column.unit};
        chart.y = {"P/N", "utility"};
        for (const auto* cell : scope.cells) {
            report::ChartSeries series{label_of(comparison, *cell), {}};
            for (const std::int64_t number : cell->runs) {
                const ComparedRun& run = comparison.runs[static_cast<std::size_t>(number)];
                const double x = run.measure(column.name);
                if (!std::isnan(x)) series.points.push_back({x, run.measure(compared_measure)});
            }
            if (!series.points.empty()) chart.series.push_back(std::move(series));
        }
        if (chart.series.size() > 1) section.items.emplace_back(std::move(chart));
    }
    return section;
}

Section failures_section(const Comparison& comparison) {
    Section section{"Runs that failed"};
    report::PageTable table;
    table.title = "Failed runs";
    table.columns = {{"run"}, {"why"}};
    for (const auto& run : comparison.runs) {
        if (run.state == RunState::failed) table.rows.push_back({run.name, run.reason});
    }
    if (!table.rows.empty()) section.items.emplace_back(std::move(table));
    return section;
}

}  // namespace

std::string label_of(const Comparison& comparison, const ComparedCell& cell) {
    return comparison.compared < 0 ? fmt::format("{}", fmt::join(cell.levels, ", "))
                                   : cell.levels[static_cast<std::size_t>(comparison.compared)];
}

std::vector<Scope> scopes_of(const Comparison& comparison) {
    std::vector<Scope> scopes;
    for (const ComparedCell& cell : comparison.cells) {
        std::string name;
        for (std::size_t f = 0; f < comparison.factors.size() && comparison.compared >= 0; ++f) {
            if (static_cast<int>(f) == comparison.compared) continue;
            name += (name.empty() ? "" : ", ") + comparison.factors[f] + " = " + cell.levels[f];
        }
        auto scope = std::ranges::find(scopes, name, &Scope::name);
        if (scope == scopes.end()) scope = scopes.insert(scopes.end(), {name, {}});
        scope->cells.push_back(&cell);
    }
    return scopes;
}

report::Document compare_document(const job::Compare& job, const Comparison& comparison,
                                  const record::Provenance& provenance) {
    report::Document document;
    document.title = comparison.name;
    const auto scopes = scopes_of(comparison);
    document.abstract.push_back(fmt::format(
        "{} runs of {} cells, {} replicates with paired seeds, {} failed. Compared with "
        "{}.",
        comparison.runs.size(), comparison.cells.size(), job.replicates, comparison.failed(),
        comparison.baseline));
    Section results{"Results"};
    add_figures(comparison, scopes,
                {compared_measure, "Productivity per agent", "P/N", "utility", true}, results);
    add_figures(comparison, scopes,
                {"heterogeneity_effort", "Heterogeneity", "I effort", "nat", true}, results);
    results.items.emplace_back(results_table(comparison));
    document.sections.push_back(std::move(results));
    document.sections.push_back(attacks_section(comparison, scopes));
    document.sections.push_back(laws_section(comparison));
    // The scope with the most exchange is the last one in the job; its curves show most.
    document.sections.push_back(curves_section(comparison, scopes.back()));
    document.sections.push_back(properties_section(comparison, scopes.back()));
    document.sections.push_back(topologies_section(job, comparison));
    document.sections.push_back(failures_section(comparison));
    std::erase_if(document.sections, [](const Section& section) {
        return section.items.empty() && section.paragraphs.empty();
    });
    document.provenance = provenance;
    return document;
}

}  // namespace motley::experiment

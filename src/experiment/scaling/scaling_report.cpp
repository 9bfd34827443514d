#include "scaling_report.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace motley::experiment {
namespace {

using report::Chart;
using report::ChartKind;
using report::ChartSeries;
using report::Look;
using report::NumberFormat;
using report::PageColumn;
using report::PageTable;
using report::Scale;
using report::Section;

constexpr NumberFormat milliseconds{NumberFormat::Notation::general, 4};
constexpr NumberFormat share{NumberFormat::Notation::percent, 1};

report::Axis ranks_axis() {
    return {"ranks", "", Scale::logarithmic};
}

/// Points over ranks of the strong or the weak cases.
template <class Value>
ChartSeries over_ranks(const ScalingResult& result, bool weak, const char* name, Look look,
                       Value value) {
    ChartSeries series{name, {}, look};
    for (const auto& one : result.cases) {
        if (one.weak != weak) continue;
        series.points.push_back({static_cast<double>(one.ranks), value(one)});
    }
    return series;
}

void add_series(Chart& chart, ChartSeries series) {
    if (!series.points.empty()) chart.series.push_back(std::move(series));
}

Chart step_times(const ScalingResult& result) {
    Chart chart;
    chart.title = "Time of a step";
    chart.caption =
        "Measured, as the cost model gives it, and projected to more ranks with the "
        "real partition into as many parts.";
    chart.x = ranks_axis();
    chart.y = {"time of a step", "ms", Scale::logarithmic};
    const auto measured = [](const ScalingCase& c) { return 1e3 * c.step_seconds; };
    const auto modelled = [](const ScalingCase& c) { return 1e3 * c.predicted; };
    add_series(chart, over_ranks(result, false, "strong: measured", Look::points, measured));
    add_series(chart, over_ranks(result, false, "strong: model", Look::line, modelled));
    add_series(chart, over_ranks(result, true, "weak: measured", Look::points, measured));
    add_series(chart, over_ranks(result, true, "weak: model", Look::line, modelled));
    ChartSeries projected{"strong: projected", {}, Look::line_and_points};
    for (const auto& p : result.projections) {
        projected.points.push_back({static_cast<double>(p.ranks), 1e3 * p.step_seconds});
    }
    add_series(chart, std::move(projected));
    return chart;
}

Chart efficiencies(const ScalingResult& result) {
    Chart chart;
    chart.title = "Parallel efficiency";
    chart.caption =
        "1 is ideal. Strong: against the fewest ranks that were measured. Projected: "
        "against one rank, both by the model.";
    chart.x = ranks_axis();
    chart.y = {.label = "efficiency", .from_zero = true};
    const auto efficiency = [](const ScalingCase& c) { return c.efficiency; };
    add_series(chart, over_ranks(result, false, "strong", Look::line_and_points, efficiency));
    add_series(chart, over_ranks(result, true, "weak", Look::line_and_points, efficiency));
    ChartSeries projected{"strong: projected", {}, Look::line_and_points};
    for (const auto& p : result.projections) {
        projected.points.push_back({static_cast<double>(p.ranks), p.efficiency});
    }
    add_series(chart, std::move(projected));
    chart.references.push_back({1.0, "ideal"});
    return chart;
}

/// Shows the mean over ranks; the upper end is the time of the slowest rank.
Chart phases(const ScalingResult& result, bool weak) {
    Chart chart;
    chart.kind = ChartKind::bars;
    chart.title = fmt::format("Phases of a step, {} scaling", weak ? "weak" : "strong");
    chart.caption = "Mean over ranks, from the least to the most.";
    chart.x.label = "ranks";
    chart.y = {"time", "ms"};
    for (const char* name : {"compute", "pack", "wait"}) {
        ChartSeries series{name, {}};
        for (const auto& one : result.cases) {
            if (one.weak != weak) continue;
            const auto phase = std::ranges::find(one.phases, name, &PhaseSpread::phase);
            if (phase == one.phases.end()) continue;
            series.points.push_back({static_cast<double>(series.points.size()), 1e3 * phase->mean,
                                     1e3 * phase->least, 1e3 * phase->most});
        }
        chart.series.push_back(std::move(series));
    }
    for (const auto& one : result.cases) {
        if (one.weak == weak) chart.x.categories.push_back(std::to_string(one.ranks));
    }
    return chart;
}

PageTable cases_table(const ScalingResult& result) {
    PageTable table{"Measurements",
                    "The best of the repetitions; spread: how much slower the slowest "
                    "was; waited for: the rank that computes longest.",
                    {{"scaling"},
                     {"ranks", "", true},
                     {"agents", "", true},
                     {"arcs", "", true},
                     {"step", "ms", true, milliseconds},
                     {"spread", "", true, share},
                     {"efficiency", "", true, {NumberFormat::Notation::fixed, 3}},
                     {"model", "ms", true, milliseconds},
                     {"messages", "per step", true},
                     {"sent", "bytes per step", true},
                     {"waited for", "", true}},
                    {}};
    for (const auto& c : result.cases) {
        table.rows.push_back(
            {c.weak ? "weak" : "strong", static_cast<double>(c.ranks),
             static_cast<double>(c.agents), static_cast<double>(c.arcs), 1e3 * c.step_seconds,
             c.spread, c.efficiency, 1e3 * c.predicted, static_cast<double>(c.rank_messages),
             static_cast<double>(c.rank_bytes), static_cast<double>(c.phases.front().slowest)});
    }
    return table;
}

PageTable costs_table(const measure::CostModel& costs) {
    PageTable table{
        "Cost model",
        fmt::format("Non-negative least squares; error: root mean square of predicted over "
                    "measured, minus 1. Messages travel during {:.0f} % of the work on agents "
                    "without neighbours on other ranks, and while others are sent.",
                    100.0 * costs.overlap),
        {{"unit"},
         {"cost", "ns", true, {NumberFormat::Notation::general, 4}},
         {"error", "", true, share}},
        {}};
    const auto& [compute, exchange, overlap] = costs;
    table.rows = {{"agent", 1e9 * compute.per_unit[0], compute.residual},
                  {"arc", 1e9 * compute.per_unit[1], compute.residual},
                  {"exchange", 1e9 * exchange.constant, exchange.residual},
                  {"message", 1e9 * exchange.message, exchange.residual},
                  {"byte", 1e9 * exchange.byte, exchange.residual},
                  {"byte that leaves a node", 1e9 * exchange.leaving, exchange.residual}};
    if (exchange.crossing > 0.0) {
        table.rows.push_back({"byte between islands, given", 1e9 * exchange.crossing, ""});
    }
    return table;
}

PageTable projections_table(const ScalingResult& result) {
    PageTable table{"Projections",
                    "Ranks that are not there: the partition is real, the time is the "
                    "model's. largest/mean: agents of the largest part.",
                    {{"ranks", "", true},
                     {"step", "ms", true, milliseconds},
                     {"efficiency", "", true, {NumberFormat::Notation::fixed, 3}},
                     {"exchange", "", true, share},
                     {"largest/mean", "", true, {NumberFormat::Notation::fixed, 3}},
                     {"messages of the slowest", "", true}},
                    {}};
    for (const auto& p : result.projections) {
        table.rows.push_back({static_cast<double>(p.ranks), 1e3 * p.step_seconds, p.efficiency,
                              p.exchange_share, p.imbalance,
                              static_cast<double>(p.slowest.messages)});
    }
    return table;
}

}  // namespace

report::Document scaling_document(const std::string& name, const ScalingResult& result,
                                  const record::Provenance& provenance) {
    report::Document document;
    document.title = name;
    document.abstract.push_back(
        "How the speed of a step depends on the number of ranks, what it costs, and what that says "
        "of larger machines.");
    for (const auto& note : result.notes) document.abstract.push_back("Note: " + note + ".");
    Section measured{"Measured"};
    if (!result.cases.empty()) {
        measured.items.emplace_back(step_times(result));
        measured.items.emplace_back(efficiencies(result));
        for (const bool weak : {false, true}) {
            if (std::ranges::any_of(result.cases, [=](const auto& c) { return c.weak == weak; })) {
                measured.items.emplace_back(phases(result, weak));
            }
        }
        measured.items.emplace_back(cases_table(result));
        document.sections.push_back(std::move(measured));
    }
    Section model{"Costs and projections"};
    model.items.emplace_back(costs_table(result.costs));
    if (!result.projections.empty()) model.items.emplace_back(projections_table(result));
    document.sections.push_back(std::move(model));
    document.provenance = provenance;
    return document;
}

}  // namespace motley::experiment

// A comparison on the terminal: a row per cell, then the conclusions from all runs together.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "motley/experiment/compare/laws.hpp"
#include "motley/job/preset.hpp"
#include "output.hpp"

namespace motley::cli {
namespace {

using experiment::ComparedCell;
using experiment::Comparison;
using Row = std::vector<std::string>;

constexpr double significant = 0.05;

/// "[1.44, 1.45]" with `digits` after the point; "-" where it is not known.
std::string interval(const measure::Interval& ends, int digits, double scale = 1.0) {
    if (!std::isfinite(ends.low) || !std::isfinite(ends.high)) return "-";
    return fmt::format("[{:.{}f}, {:.{}f}]", scale * ends.low, digits, scale * ends.high, digits);
}

/// Difference to the baseline in per cent, its interval, and the corrected p value.
void add_difference(const Comparison& comparison, const ComparedCell& cell, Row& row) {
    if (!cell.compared) {
        row.insert(row.end(), 3, "-");
        return;
    }
    const ComparedCell& baseline = comparison.cells[static_cast<std::size_t>(cell.baseline)];
    const double percent = 100.0 / baseline.measure("productivity_per_agent").mean;
    row.push_back(fmt::format("{:+.2f} %", percent * cell.difference.mean));
    row.push_back(cell.difference.count > 1 ? interval(cell.difference.interval, 2, percent) : "-");
    const double p = cell.p_corrected;
    row.push_back(std::isnan(p) ? "-" : fmt::format("{:.2g}{}", p, p < significant ? " *" : ""));
}

std::string gap_text(double gap) {
    return std::isnan(gap) ? "none" : fmt::format("{:.1e}", gap);
}

/// The row of a cell; short where all of its runs failed.
Row row_of(const Comparison& comparison, const ComparedCell& cell) {
    Row row = cell.levels;
    row.push_back(std::to_string(cell.runs.size()) +
                  (cell.failed > 0 ? fmt::format(" ({} failed)", cell.failed) : ""));
    if (cell.runs.empty()) return row;
    const measure::MeanEstimate& productivity = cell.measure("productivity_per_agent");
    row.push_back(fmt::format("{:.6f}", productivity.mean));
    row.push_back(interval(productivity.interval, 6));
    if (comparison.compared >= 0) add_difference(comparison, cell, row);
    row.push_back(fmt::format("{:.4f}", cell.measure("heterogeneity_effort").mean));
    row.push_back(fmt::format("{:.4f}", cell.measure("heterogeneity_value").mean));
    row.push_back(gap_text(experiment::worst_gap(comparison, cell)));
    row.push_back(fmt::format("{:.0f}", cell.measure("arcs").mean));
    row.push_back(fmt::format("{:.0f}", cell.measure("steps").mean));
    return row;
}

/// Removes columns that say "-" in every row.
void drop_empty(std::vector<Row>& rows) {
    for (std::size_t c = rows.front().size(); c-- > 0;) {
        const bool empty = std::all_of(rows.begin() + 1, rows.end(), [&](const Row& row) {
            return c < row.size() && row[c] == "-";
        });
        if (!empty) continue;
        for (Row& row : rows) row.erase(row.begin() + static_cast<std::ptrdiff_t>(c));
    }
}

/// Why runs failed, below the table: a sentence in a cell would widen its column.
std::string failure_lines(const Comparison& comparison) {
    std::string text;
    for (const ComparedCell& cell : comparison.cells) {
        if (cell.failed == 0) continue;
        text += fmt::format("{}{}: {} failed: {}\n", text.empty() ? "\n" : "",
                            fmt::join(cell.levels, ", "), cell.failed, cell.reason);
    }
    return text;
}

std::string law_lines(const Comparison& comparison) {
    std::string text;
    for (const auto& found : experiment::laws(comparison)) {
        text += fmt::format("{}law {} {}: {}\n", text.empty() ? "\n" : "", found.law,
                            found.holds ? "holds here" : "does NOT hold here", found.text);
    }
    return text;
}

/// For each set of runs, the graph property that correlates most closely with productivity.
std::string property_lines(const Comparison& comparison) {
    std::string text;
    for (const auto& best : experiment::closest_properties(comparison)) {
        text += fmt::format(
            "{}{}: productivity goes with {} (rank correlation {:+.2f}, {} runs, p {:.1g})\n",
            text.empty() ? "\n" : "", best.scope, best.property, best.correlation.rho,
            best.correlation.count, best.correlation.p);
    }
    return text;
}

}  // namespace

std::string summary(const Comparison& comparison) {
    Row header = comparison.factors;
    header.insert(header.end(), {"runs", "P/N", "95 %"});
    if (comparison.compared >= 0) {
        header.insert(header.end(), {"to " + comparison.baseline, "95 % of it", "p (Holm)"});
    }
    const job::FieldWords& words = job::words_of(comparison.preset);
    header.insert(header.end(),
                  {fmt::format("I {}", words.resource), fmt::format("I {}", words.income), "gap",
                   "messages/step", "steps"});
    std::vector<Row> rows = {header};
    for (const ComparedCell& cell : comparison.cells) {
        rows.push_back(row_of(comparison, cell));
        rows.back().resize(header.size(), "-");
    }
    drop_empty(rows);
    return table(rows) + failure_lines(comparison) + property_lines(comparison) +
           law_lines(comparison) +
           fmt::format(
               "\nfiles: {}/{{runs.csv, summary.csv, compare.h5, report.html, manifest, "
               "status.json}} and a folder per run\n",
               comparison.directory);
}

}  // namespace motley::cli

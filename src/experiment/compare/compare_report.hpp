// The report of a comparison: differences with their intervals, the graph properties that correlate
// with them, and the four laws.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "motley/experiment/compare/comparison.hpp"
#include "motley/job/job.hpp"
#include "motley/report/document.hpp"

namespace motley::experiment {

/// Not collective. Reads series.csv and spatial.csv of one run per cell from the folders of the
/// runs; a missing file leaves a gap in the figures.
report::Document compare_document(const job::Compare& job, const Comparison& comparison,
                                  const record::Provenance& provenance);

/// The cells that share the levels of all factors but the compared one: "model.openness = 0.3".
struct Scope {
    std::string name;
    std::vector<const ComparedCell*> cells;  ///< in the order of the compared levels
};
std::vector<Scope> scopes_of(const Comparison& comparison);
/// The name of a cell within its scope: the level of the compared factor.
std::string label_of(const Comparison& comparison, const ComparedCell& cell);

/// A measure of a comparison and how its figures are labelled.
struct MeasureFigure {
    std::string measure;  ///< its name in `measure_columns`
    std::string title;
    std::string axis;
    std::string unit;         ///< empty: none
    bool wide_alone = false;  ///< as wide as the page where it is a single chart
};

/// The factor with most levels among those with only numbers for levels, and at least two of them.
std::optional<std::size_t> numeric_factor(const Comparison& comparison);
/// Means and intervals over the numeric factor `x`: a line per level of the compared factor (or of
/// the one with most levels), a chart per combination of the levels of all others. Empty where
/// nothing was measured.
std::vector<report::Chart> lines_over(const Comparison& comparison, std::size_t x,
                                      const MeasureFigure& figure);
/// Means and intervals as bars: a group per level of the compared factor, a series per scope.
report::Chart bars_of(const Comparison& comparison, const std::vector<Scope>& scopes,
                      const MeasureFigure& figure);

/// Productivity and heterogeneity over steps, heterogeneity over productivity and over distance, of
/// the first replicate of every cell of `scope`.
report::Section curves_section(const Comparison& comparison, const Scope& scope);
/// R-index, what is left and what comes back of every cell; empty where nothing was attacked.
report::Section attacks_section(const Comparison& comparison, const std::vector<Scope>& scopes);
/// A picture of every topology of the comparison.
report::Section topologies_section(const job::Compare& job, const Comparison& comparison);

}  // namespace motley::experiment

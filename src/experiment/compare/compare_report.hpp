// A comparison as a report: what differs, how sure it is, what explains it, and the four laws.
#pragma once

#include <string>
#include <vector>

#include "motley/experiment/compare/comparison.hpp"
#include "motley/job/job.hpp"
#include "motley/report/document.hpp"

namespace motley::experiment {

/// Not collective. Reads series.csv and spatial.csv of one run per cell from the folders of the
/// runs; a file that is not there leaves a gap in the figures.
report::Document compare_document(const job::Compare& job, const Comparison& comparison,
                                  const record::Provenance& provenance);

/// The cells that share the levels of all factors but the compared one: "model.openness = 0.3".
struct Scope {
    std::string name;
    std::vector<const ComparedCell*> cells;  ///< in the order of the compared levels
};
std::vector<Scope> scopes_of(const Comparison& comparison);
/// How a cell is called within its scope: the level of the compared factor.
std::string label_of(const Comparison& comparison, const ComparedCell& cell);

/// Productivity and heterogeneity over steps, heterogeneity over productivity and over distance, of
/// the first replicate of every cell of `scope`.
report::Section curves_section(const Comparison& comparison, const Scope& scope);
/// A picture of every topology of the comparison.
report::Section topologies_section(const job::Compare& job, const Comparison& comparison);

}  // namespace motley::experiment
